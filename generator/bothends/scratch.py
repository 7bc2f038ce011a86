"""Temporary folders that no killed process leaves for ever.

/tmp/bothends-scratch-x7k2    held: its process has it locked          stays
/tmp/bothends-scratch-q1m9    no process has it locked: one was killed  removed by the next run
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_PREFIX: Final = "bothends-scratch-"


@contextmanager
def scratch_folder() -> Generator[Path]:
    """Make a folder for temporary files, which is gone after the block.

    SIGKILL leaves no time to remove it: so each run first removes the folders of this user that no
    living process has locked.
    """
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            _remove_if_left(left)

    folder, lock = _make_locked()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def lock_folder(folder: Path) -> int | None:
    """Lock a folder for as long as the returned descriptor is open; None where there are no locks.

    Raises:
        BlockingIOError: another process has it locked.
    """
    if sys.platform == "win32":  # no descriptor of a folder there
        return None

    import fcntl  # noqa: PLC0415 (Windows has none)

    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise
    except OSError:  # a file system without locks, such as some network ones
        os.close(descriptor)
        return None

    return descriptor


def _make_locked() -> tuple[Path, int | None]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        # Another run may take the folder for a left one between the two steps, and remove it.
        with suppress(FileNotFoundError, BlockingIOError):
            lock = lock_folder(folder)
            if folder.is_dir():
                return folder, lock
            if lock is not None:
                os.close(lock)


def _remove_if_left(folder: Path) -> None:
    if sys.platform == "win32" or folder.is_symlink() or folder.stat().st_uid != os.getuid():
        return

    lock = lock_folder(folder)
    if lock is not None:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)
