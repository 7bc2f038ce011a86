"""What writing a package would change on disk.

Worked example: `generated/harbour/` has client.py, models.py and notes.txt, and manifest.json lists
the first two. The new texts are client.py, another one than before, and server.py.

    client.py    CHANGED
    models.py    REMOVED     the manifest says that it was generated
    server.py    CREATED
    notes.txt                somebody else's: a finding if it is in the way, else it stays
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from bothends.diagnostics import Finding, Severity
from bothends.openapi.json_value import is_object
from bothends.small_file import NotReadable, read_small

MANIFEST: Final = "manifest.json"
"""Lists the files that were generated, with their hashes: what is not in it is somebody else's."""


_DEEPEST: Final = 4
"""The parts of the longest path in a package: `runtime/client/transport/network.py`."""


class ChangeKind(StrEnum):
    """What happens to a file."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


# A lone surrogate: no text that was read from a file as UTF-8 equals it.
_FOLDER: Final = "\ud800"


@dataclass(frozen=True, slots=True)
class Change:
    """One file: `old` is its text on disk, `new` the one it will have; None where there is no file.

    If a folder has the name, `old` is a text that no file can have: the folder is a foreign one.
    """

    path: Path
    display_path: str
    old: str | None
    new: str | None

    @property
    def kind(self) -> ChangeKind:
        """What happens to the file."""
        if self.new is None:
            return ChangeKind.REMOVED
        if self.old is None:
            return ChangeKind.CREATED
        return ChangeKind.UNCHANGED if self.old == self.new else ChangeKind.CHANGED


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes of one package and the findings about them; an error forbids the changes.

    With `is_package`, the folder changes as a whole; without, its files do, each by itself.
    """

    folder: Path
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    is_package: bool = True

    @property
    def base(self) -> Path:
        """The folder that new content is made in."""
        return self.folder.parent if self.is_package else self.folder

    def is_inside(self, change: Change) -> bool:
        """Whether a change is one of the package, and not of a file beside it."""
        return self.is_package and change.path.is_relative_to(self.folder)

    @property
    def is_current(self) -> bool:
        """Whether the disk holds exactly what would be written."""
        return all(change.kind is ChangeKind.UNCHANGED for change in self.changes)


def plan(
    folder: Path,
    files: Mapping[str, str],
    *,
    root: Path,
    beside: Mapping[Path, str] | None = None,
    contract: str = "",
) -> Plan:
    """Compare the files of a package with the disk.

    Args:
        folder: The folder of the package.
        files: The texts of the package, by file name.
        root: The folder that paths in messages are relative to.
        beside: Files outside the folder that are written with it, such as `names.lock`.
        contract: The path of the contract in messages; the manifest keeps it.
    """
    texts = {**files, MANIFEST: _manifest(files, contract)}
    hashes = _read_manifest(folder)
    changes = [_change(folder / path, text, root) for path, text in sorted(texts.items())]
    changes += [_change(folder / path, None, root) for path in sorted(set(hashes) - set(texts))]
    changes += [_change(path, text, root) for path, text in sorted((beside or {}).items())]
    changes = [change for change in changes if change.new is not None or change.old is not None]

    findings = _links(folder, root, changes)
    for change in changes:
        if change.path.is_relative_to(folder):
            findings += _conflicts(change, folder, hashes)

    return Plan(folder, tuple(changes), tuple(findings))


def _change(path: Path, new: str | None, root: Path) -> Change:
    try:
        # A file that is no UTF-8 is compared and reported like any other, not a traceback (law 8).
        old = read_small(path).decode("utf-8", "surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        old = None
    # A folder, a FIFO, or a link that leads elsewhere: in the way, and not written by bothends.
    except (IsADirectoryError, NotReadable):
        old = _FOLDER

    display = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    return Change(path, display, old, new)


def _conflicts(change: Change, folder: Path, hashes: Mapping[str, str]) -> list[Finding]:
    """The finding, if any, about a file that is not as the last run wrote it."""
    # The manifest itself may change: it is no file of people's, and its hash is in no manifest.
    if change.old is None or change.old == change.new or change.path.name == MANIFEST:
        return []

    written = hashes.get(change.path.relative_to(folder).as_posix())
    if written is None or change.old is _FOLDER:
        hint = "move it elsewhere; a generated package holds nothing that people write"
        if not hashes:
            hint += f" (or restore {MANIFEST} beside it, if it was generated)"

        message = f"{change.display_path} is in the way: it was not written by bothends"
        return [Finding("foreign-file", Severity.ERROR, message, hint=hint)]

    if _hash(change.old) != written:
        message = f"{change.display_path} was edited by hand; generating overwrites the edit"
        hint = "put what you need into the contract, or into a file outside the generated package"
        return [Finding("edited-by-hand", Severity.WARNING, message, hint=hint)]

    return []


def _links(folder: Path, root: Path, changes: list[Change]) -> list[Finding]:
    """Nothing is written through a symbolic link: it could lead out of the output folder.

    Asked of what is written and of the folders on the way there. A link that others keep in the
    package, such as those of a `.venv`, stays as it is and is not followed.
    """
    way = [path for path in folder.parents if path.is_relative_to(root) and path != root]
    written = [change.path for change in changes if change.path.is_relative_to(folder)]
    below = {parent for path in written for parent in path.relative_to(folder).parents}
    inside = sorted({folder, *written, *(folder / parent for parent in below)})
    return [
        Finding(
            "symbolic-link",
            Severity.ERROR,
            f"{path} is a symbolic link; generated files are never written through one",
        )
        for path in (*way, *inside)
        if path.is_symlink()
    ]


def _read_manifest(folder: Path) -> dict[str, str]:
    """The hashes of the files that the last run wrote, by file name."""
    files = _load_manifest(folder).get("files")
    if not is_object(files):
        return {}

    # Plain names only: the manifest decides which files may be removed, and a path in it could lead
    # out of the folder.
    return {path: digest for path, digest in files.items() if is_file_of_package(path)}


def read_origin(folder: Path) -> str:
    """The path of the contract that a package was generated from; "" where it is not kept."""
    contract = _load_manifest(folder).get("contract")
    return contract if isinstance(contract, str) else ""


def _load_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(read_small(folder / MANIFEST))
    except (OSError, ValueError, RecursionError):
        return {}
    return manifest if is_object(manifest) else {}


def is_file_of_package(path: str) -> bool:
    """Whether the path is that of a file of a package: `models.py`, `models/tide.py`."""
    parts = path.split("/")
    return len(parts) <= _DEEPEST and all(
        Path(part).name == part and part not in ("", ".", "..") for part in parts
    )


def _manifest(files: Mapping[str, str], contract: str) -> str:
    hashes = {path: _hash(text) for path, text in sorted(files.items())}
    origin = {"contract": contract} if contract else {}
    content = {"about": "generated by bothends; do not edit", **origin, "files": hashes}
    return json.dumps(content, indent=1) + "\n"


def _hash(text: str) -> str:
    # Not for secrecy: it tells an edit by hand from the output of an earlier release.
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
