"""Writes planned changes: all of them, or none."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bothends.write.plan import Change, ChangeKind, Plan


def apply(plans: Iterable[Plan]) -> None:
    """Make the changes of every plan.

    Each text is first written to a temporary file beside its target, because writing is what fails
    (a full disk, missing rights); then all temporary files are renamed.

        client.py (old)   .client.py.x7 (new)      staged
        client.py (new)                            replaced, or on an error: the old text restored

    Raises:
        OSError: a change cannot be made; the disk is as it was before.
    """
    changes = [
        change
        for each in plans
        for change in each.changes
        if change.kind is not ChangeKind.UNCHANGED
    ]
    staged: dict[Path, Path] = {}
    new_folders: list[Path] = []
    done: list[Change] = []

    try:
        for change in changes:
            new_folders += _make_folders(change.path.parent)
            if change.new is not None:
                staged[change.path] = _stage(change.path, change.new)

        for change in changes:
            if change.new is None:
                change.path.unlink()
            else:
                staged[change.path].replace(change.path)
                # Not before: a file that could not be moved is one to remove.
                del staged[change.path]
            done.append(change)
    except BaseException:
        _undo(done, staged, new_folders)
        raise


def _make_folders(folder: Path) -> list[Path]:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _stage(target: Path, text: str) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)

    # mkstemp makes files that only their owner reads; these are files like any other.
    umask = os.umask(0)
    os.umask(umask)
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~umask
    Path(name).chmod(mode)

    return Path(name)


def _undo(done: list[Change], staged: dict[Path, Path], new_folders: list[Path]) -> None:
    with contextlib.suppress(OSError):
        for left in staged.values():
            left.unlink(missing_ok=True)

        for change in done[::-1]:
            if change.old is None:
                change.path.unlink(missing_ok=True)
            else:
                change.path.write_bytes(change.old.encode("utf-8", "surrogateescape"))

        for folder in new_folders[::-1]:
            folder.rmdir()
