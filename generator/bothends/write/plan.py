"""What writing a package would change on disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from bothends.diagnostics import Finding, Severity
from bothends.openapi.json_value import is_object

MANIFEST: Final = "manifest.json"
"""Lists the files that were generated, with their hashes: what is not in it is somebody else's."""


class ChangeKind(StrEnum):
    """What happens to a file."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


_FOLDER: Final = "\ud800"


@dataclass(frozen=True, slots=True)
class Change:
    """One file: its text on disk, None when it is not there, and the text it will have, None when it goes.

    Where a folder has its name, its text on disk is none that a file could have, so the folder is somebody else's.
    """

    path: Path
    shown: str
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
    """The changes of one package, and what a person should know before they are made. An error forbids them."""

    folder: Path
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]

    @property
    def is_current(self) -> bool:
        """Whether the disk holds exactly what would be written."""
        return all(change.kind is ChangeKind.UNCHANGED for change in self.changes)


def plan(
    folder: Path, files: Mapping[str, str], *, root: Path, beside: Mapping[Path, str] | None = None
) -> Plan:
    """Compare the files of a package with what lies in `folder`.

    `beside` are files outside of it that are written along, by path. `root` is what shown paths are relative to.
    """
    texts = {**files, MANIFEST: _manifest(files)}
    known = _known(folder)
    changes = [_change(folder / path, text, root) for path, text in sorted(texts.items())]
    changes += [_change(folder / path, None, root) for path in sorted(set(known) - set(texts))]
    changes += [_change(path, text, root) for path, text in sorted((beside or {}).items())]
    changes = [change for change in changes if change.new is not None or change.old is not None]
    findings = [
        finding
        for change in changes
        if change.path.is_relative_to(folder)
        and (
            finding := _finding(
                change, known.get(change.path.relative_to(folder).as_posix()), known
            )
        )
    ]

    return Plan(folder, tuple(changes), (*_links(folder, root), *findings))


def _change(path: Path, new: str | None, root: Path) -> Change:
    try:
        old = path.read_bytes().decode("utf-8", "surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        old = None
    except IsADirectoryError:
        old = _FOLDER

    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    return Change(path, shown, old, new)


def _finding(change: Change, known: str | None, manifest: Mapping[str, str]) -> Finding | None:
    if change.old is None or change.old == change.new or change.path.name == MANIFEST:
        return None

    if known is None or change.old is _FOLDER:
        return Finding(
            "foreign-file",
            Severity.ERROR,
            f"{change.shown} is in the way: it was not written by bothends",
            hint="move it elsewhere; a generated package holds nothing that people write"
            + ("" if manifest else f" (or restore {MANIFEST} beside it, if it was generated)"),
        )

    if _hash(change.old) != known:
        return Finding(
            "edited-by-hand",
            Severity.WARNING,
            f"{change.shown} was edited by hand; generating overwrites the edit",
            hint="put what you need into the contract, or into a file outside the generated package",
        )

    return None


def _links(folder: Path, root: Path) -> list[Finding]:
    """Nothing is written through a symbolic link: it could lead out of the output folder."""
    inside = [
        folder,
        *(path for path in folder.parents if path.is_relative_to(root) and path != root),
    ]
    below = list(folder.iterdir()) if folder.is_dir() else []
    return [
        Finding(
            "symbolic-link",
            Severity.ERROR,
            f"{path} is a symbolic link; generated files are never written through one",
        )
        for path in (*inside, *below)
        if path.is_symlink()
    ]


def _known(folder: Path) -> dict[str, str]:
    try:
        files = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return (
        {path: known for path, known in files.items() if _is_plain(path)}
        if is_object(files)
        else {}
    )


def _is_plain(path: object) -> bool:
    """A file name, nothing that could lead elsewhere: the manifest decides what may be removed."""
    return isinstance(path, str) and Path(path).name == path and path not in ("", ".", "..")


def _manifest(files: Mapping[str, str]) -> str:
    hashes = {path: _hash(text) for path, text in sorted(files.items())}
    return (
        json.dumps({"about": "generated by bothends; do not edit", "files": hashes}, indent=1)
        + "\n"
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
