"""Two names swapped in one step, which no reader and no signal comes between."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

_HERE: Final = -100
"""AT_FDCWD of Linux: paths count from the working folder."""

_EXCHANGE: Final = 2
"""RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS."""

_UNSUPPORTED: Final = frozenset(
    {errno.ENOSYS, errno.EINVAL, errno.EXDEV, errno.EBUSY, errno.ENOTSUP, errno.EPERM}
)


def exchange(first: Path, second: Path) -> bool:
    """Swap what two names lead to, folders or files of one file system.

    Returns:
        Whether it was done. False where the system or the file system cannot: overlays of
        containers refuse folders of a lower layer, and a mount point keeps its name.

    Raises:
        OSError: one of the two is not there, or may not be renamed.
    """
    call = _system_call()
    if call is None:
        return False
    if call(os.fsencode(first), os.fsencode(second)) == 0:
        return True

    number = ctypes.get_errno()
    if number in _UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number), str(first))


@cache
def _system_call() -> Callable[[bytes, bytes], int] | None:
    """The system's function of two paths; None where there is none."""
    if sys.platform == "win32":
        return None

    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            swap = library.renamex_np
            return lambda first, second: swap(first, second, _EXCHANGE)

        rename = library.renameat2
    except (OSError, AttributeError):
        return None

    return lambda first, second: rename(_HERE, first, _HERE, second, _EXCHANGE)
