"""Writes planned changes: all of them, or none."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bothends.write.plan import Change, ChangeKind, Plan


def apply(plans: Iterable[Plan]) -> None:
    """Make the changes of every plan. Raises `OSError` with the disk as it was when one of them cannot be made.

    Each text is first written whole to a file beside its target, so that what can fail fails before anything moves.
    """
    changes = [
        change
        for each in plans
        for change in each.changes
        if change.kind is not ChangeKind.UNCHANGED
    ]
    staged: dict[Path, Path] = {}
    made: list[Path] = []
    done: list[Change] = []

    try:
        for change in changes:
            made += _make_folders(change.path.parent)
            if change.new is not None:
                staged[change.path] = _stage(change.path, change.new)

        for change in changes:
            _replace(change, staged)
            done.append(change)
    except BaseException:
        _undo(done, staged, made)
        raise


def _make_folders(folder: Path) -> list[Path]:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _stage(target: Path, text: str) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    Path(name).chmod(mode)
    return Path(name)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _replace(change: Change, staged: dict[Path, Path]) -> None:
    if change.new is None:
        change.path.unlink()
    else:
        staged[change.path].replace(change.path)
        del staged[change.path]


def _undo(done: list[Change], staged: dict[Path, Path], made: list[Path]) -> None:
    with contextlib.suppress(OSError):
        for left in staged.values():
            left.unlink(missing_ok=True)

        for change in done[::-1]:
            if change.old is None:
                change.path.unlink(missing_ok=True)
            else:
                change.path.write_bytes(change.old.encode("utf-8", "surrogateescape"))

        for folder in made[::-1]:
            folder.rmdir()
