"""What a run is about to change, on disk before the first change: the next run finishes it.

    generated/.bothends/journal.json    {"ready": true, "swaps": [{"staged": …, "target": …}]}
    generated/.bothends/harbour/        the whole new package

A journal that is not ready belongs to a run that was ended while it wrote these: they are removed.
Of one that is ready, the swaps that are not done are done. A journal is data that anybody may have
written: it moves nothing but what lies in the project, and removes nothing that bothends has not
named itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bothends.diagnostics import Finding, Severity
from bothends.openapi.json_value import is_array, is_object
from bothends.write.plan import is_file_of_package
from bothends.write.swap import Swap, foreign_entries, poured_beside, sync

WORKSPACE: Final = ".bothends"
"""The folder, beside the packages, that new ones are made in."""

STAGED_SUFFIX: Final = ".bothends"
_JOURNAL: Final = "journal.json"
_MOST: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Journal:
    """The swaps of one run, and the folders that it made for them."""

    workspace: Path
    swaps: tuple[Swap, ...]
    folders: tuple[Path, ...] = ()

    def write(self, *, ready: bool) -> None:
        """Put it on disk, in one step."""
        base = self.workspace.parent
        swaps = [
            {
                "staged": os.path.relpath(swap.staged, base),
                "target": os.path.relpath(swap.target, base),
                "digest": swap.digest,
                "names": swap.names,
            }
            for swap in self.swaps
        ]
        folders = [os.path.relpath(folder, base) for folder in self.folders]
        text = json.dumps({"ready": ready, "swaps": swaps, "folders": folders})

        new = self.workspace / f"{_JOURNAL}.new"
        new.write_text(text, "utf-8")
        sync(new)
        new.replace(self.workspace / _JOURNAL)
        sync(self.workspace)

    def sweep(self) -> None:
        """Remove what was staged, which after a swap is the old content, and the workspace."""
        for swap in self.swaps:
            if swap.names:
                _rescue(swap)
                for name in swap.names if swap.target.is_dir() else ():
                    poured_beside(swap.target / name).unlink(missing_ok=True)
            elif not swap.staged.is_dir():
                swap.staged.unlink(missing_ok=True)
                swap.old.unlink(missing_ok=True)
        if self.workspace.is_dir() and not self.workspace.is_symlink():
            shutil.rmtree(self.workspace, ignore_errors=True)
        else:
            self.workspace.unlink(missing_ok=True)

        for folder in self.folders[::-1]:
            with contextlib.suppress(OSError):  # not empty: it is in use
                folder.rmdir()


def recover(base: Path, root: Path) -> bool:
    """Finish, or take back, what a killed run left in the folder of the packages.

    Args:
        base: The folder of the packages.
        root: The project; nothing outside of it is touched.

    Returns:
        Whether there were changes to finish.
    """
    workspace = base / WORKSPACE
    if not os.path.lexists(workspace) or base.resolve() != base.absolute():
        return False

    ready, journal = _read(workspace, root)
    unfinished = [swap for swap in journal.swaps if ready and not swap.is_done]
    for swap in unfinished:
        if swap.staged.exists():
            swap.run()

    journal.sweep()
    return bool(unfinished)


def find_interrupted(base: Path, root: Path) -> list[Finding]:
    """The finding for a run that was ended in the middle of its changes."""
    workspace = base / WORKSPACE
    if not os.path.lexists(workspace / _JOURNAL) or not _read(workspace, root)[0]:
        return []

    message = f"a run of generate was ended before it was done; {base.name} may be old in parts"
    hint = "run `bothends generate`, which finishes it"
    return [Finding("interrupted-write", Severity.WARNING, message, hint=hint)]


def _read(workspace: Path, root: Path) -> tuple[bool, Journal]:
    """Whether a journal is ready, and what of it lies in the project."""
    file = workspace / _JOURNAL
    try:
        status = file.stat()
        if workspace.is_symlink() or not stat.S_ISREG(status.st_mode) or status.st_size > _MOST:
            return False, Journal(workspace, ())
        content: Any = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False, Journal(workspace, ())

    if not is_object(content):
        return False, Journal(workspace, ())

    base, swaps = workspace.parent, content.get("swaps")
    entries = swaps if is_array(swaps) else []
    own = [swap for entry in entries if (swap := _swap(entry, workspace, root)) is not None]
    listed = content.get("folders")
    folders = [base / name for name in _texts(listed) if _is_inside(base / name, root)]
    return content.get("ready") is True, Journal(workspace, tuple(own), tuple(folders))


def _swap(entry: Any, workspace: Path, root: Path) -> Swap | None:
    """An entry of the journal, if it is one that bothends writes and leads into the project."""
    if not is_object(entry):
        return None

    paths = _texts([entry.get("staged"), entry.get("target"), entry.get("digest")])
    if len(paths) != 3:
        return None

    base = workspace.parent
    staged = Path(os.path.normpath(base / paths[0]))
    target = Path(os.path.normpath(base / paths[1]))
    names = [name for name in _texts(entry.get("names")) if is_file_of_package(name)]
    expected = workspace / target.name if names else staged_beside(target)
    if not (_is_inside(target, root) and _is_inside(staged, root)):
        return None
    if staged.name.partition("~")[0] != expected.name or staged.parent != expected.parent:
        return None

    return Swap(staged, target, paths[2], tuple(names))


def staged_beside(target: Path) -> Path:
    """Where the new content of a file waits: in the same folder, so on the same file system."""
    return target.with_name(f".{target.name}{STAGED_SUFFIX}")


def _texts(value: object) -> Sequence[str]:
    entries: Iterable[object] = value if is_array(value) else []
    return [entry for entry in entries if isinstance(entry, str) and "\0" not in entry]


def _is_inside(path: Path, root: Path) -> bool:
    plain = Path(os.path.normpath(path))
    folder = plain.parent
    # Through no symbolic link: `resolve` of the folder would lead elsewhere.
    return plain.is_relative_to(root) and folder.resolve() == folder and plain != root


def _rescue(swap: Swap) -> None:
    """Bring back what somebody put into a package folder while it was swapped."""
    if not (swap.is_done and swap.staged.is_dir()):
        return

    for entry in list(foreign_entries(swap.staged, swap.names)):
        new = swap.target / entry.relative_to(swap.staged)
        if not os.path.lexists(new):
            new.parent.mkdir(parents=True, exist_ok=True)
            entry.rename(new)
