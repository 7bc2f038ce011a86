"""Writes planned changes: all of them, or none, also when the process is killed.

The disk, step by step, for a package `harbour`:

    generated/harbour/  specs/harbour/names.lock          as they were
    generated/.bothends/harbour/  the whole new package   staged; if killed, the next run removes it
    generated/.bothends/journal.json  ready               from here on the next run finishes it
    generated/harbour/  specs/harbour/names.lock          swapped with the new ones, a step each
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from bothends.write.journal import WORKSPACE, Journal, staged_beside
from bothends.write.plan import Change, ChangeKind, Plan
from bothends.write.swap import Swap, digest_of, foreign_entries, sync


def apply(plans: Iterable[Plan]) -> None:
    """Make the changes of every plan.

    All new content is written first, because writing is what fails (a full disk, missing rights).
    A package is written whole, with the files of others that lie in its folder as hard links; then
    its folder is exchanged for the old one. A file beside it is exchanged by itself.

    Raises:
        OSError: a change cannot be made; the disk is as it was before.
    """
    changed = [plan for plan in plans if not plan.is_current]
    if not changed:
        return

    workspace = changed[0].base / WORKSPACE
    journal = Journal(workspace, tuple(_swaps(changed, workspace)))
    journal = Journal(workspace, journal.swaps, tuple(_missing_folders(journal)))
    try:
        for folder in journal.folders:
            folder.mkdir()
        journal.write(ready=False)
        swaps = tuple(_stage(changed, journal.swaps))
        Journal(workspace, swaps, journal.folders).write(ready=True)
    except BaseException:
        journal.sweep()
        raise

    _swap_all(Journal(workspace, swaps, journal.folders))


def _swap_all(journal: Journal) -> None:
    done: list[Swap] = []
    try:
        for swap in journal.swaps:
            swap.run()
            done.append(swap)
    # Ctrl-C may come between a swap and its note in `done`. Then the journal stays, as after a
    # kill, and the next run finishes what it lists.
    except Exception:
        # Backwards: names.lock was exchanged first, so the old package must be back before the old
        # lock is.
        for swap in done[::-1]:
            swap.undo()
        journal.sweep()
        raise

    for folder in {swap.target.parent for swap in journal.swaps}:
        sync(folder)
    journal.sweep()


def _swaps(plans: Sequence[Plan], workspace: Path) -> Iterable[Swap]:
    """The swaps of all plans, files before packages: a new names.lock fits the old package too."""
    for plan in plans:
        for change in _beside(plan):
            yield Swap(staged_beside(change.path), change.path, "")

    for number, plan in enumerate(plans):
        if any(change.kind is not ChangeKind.UNCHANGED for change in _inside(plan)):
            names = tuple(_name(plan, change) for change in _inside(plan))
            staged = workspace / f"{plan.folder.name}~{number}"
            yield Swap(staged, plan.folder, "", names)


def _missing_folders(journal: Journal) -> list[Path]:
    folders = [journal.workspace, *(swap.target.parent for swap in journal.swaps)]
    missing = {
        path for folder in folders for path in (folder, *folder.parents) if not path.exists()
    }
    return sorted(missing, key=lambda path: len(path.parts))


def _stage(plans: Sequence[Plan], swaps: Iterable[Swap]) -> Iterable[Swap]:
    """Write what the swaps need, and give them back with the digests of the new content."""
    changes = {change.path: change for plan in plans for change in _beside(plan)}
    packages = {plan.folder: plan for plan in plans}
    for swap in swaps:
        if swap.names:
            _stage_package(packages[swap.target], swap.staged)
        else:
            _stage_file(changes[swap.target], swap.staged)
        yield Swap(swap.staged, swap.target, digest_of(swap.staged), swap.names)


def _stage_package(plan: Plan, staged: Path) -> None:
    staged.mkdir()
    if plan.folder.is_dir():
        _keep_foreign(plan, staged)
        shutil.copymode(plan.folder, staged)

    for change in _inside(plan):
        target = staged / _name(plan, change)
        if change.new is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
        if change.kind is ChangeKind.UNCHANGED:
            _link(change.path, target)
        else:
            _stage_file(change, target)
    # A rename may reach the disk before the content does; after a power cut the file would be
    # empty.
    sync(staged)


def _keep_foreign(plan: Plan, staged: Path) -> None:
    """Take along what others keep in the folder; compiled files belong to the old package."""
    own = {_name(plan, change) for change in _inside(plan)}
    for entry in foreign_entries(plan.folder, own):
        target = staged / entry.relative_to(plan.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        _link(entry, target)


# A hard link costs nothing and keeps the inode: an editor that has the file open keeps its file.
def _link(source: str | Path, target: str | Path) -> None:
    """Give a file a second name; a folder becomes a new one with the same files."""
    if Path(source).is_dir() and not Path(source).is_symlink():
        shutil.copytree(source, target, symlinks=True, copy_function=_link)
        return

    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):  # a file system without hard links
        shutil.copy2(source, target, follow_symlinks=False)


def _stage_file(change: Change, staged: Path) -> None:
    if change.path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(change.path))
    if change.new is None:
        return

    with staged.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        file.write(change.new)
        file.flush()
        os.fsync(file.fileno())
    if change.path.exists():
        shutil.copymode(change.path, staged)


def _name(plan: Plan, change: Change) -> str:
    return change.path.relative_to(plan.folder).as_posix()


def _inside(plan: Plan) -> list[Change]:
    return [change for change in plan.changes if plan.is_inside(change)]


def _beside(plan: Plan) -> list[Change]:
    return [
        change
        for change in plan.changes
        if not plan.is_inside(change) and change.kind is not ChangeKind.UNCHANGED
    ]
