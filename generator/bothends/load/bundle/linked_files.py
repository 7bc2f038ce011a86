"""The other files of a contract: read once each, and only below the folder of the contract.

A reference is untrusted text. It never reaches the network, a folder above the contract (also not
by a symbolic link), or something that is not a regular file.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from bothends.diagnostics import ContractError, Finding, Severity, SourceLocation, visible
from bothends.load.bundle.identified import identified, joined
from bothends.load.document import Document, SourceMap
from bothends.load.limits import MAX_BYTES, MAX_FILES
from bothends.load.read import read_source, read_text
from bothends.openapi.json_value import JsonValue, as_object
from bothends.openapi.merge_keys import MESSAGE, has_merge_key, write_out

_WRITE_OUT = "Write the keys out: other programs refuse merge keys, or read them otherwise."
_BUNDLE = "Or bundle the contract into one file."
_CORRECT = f"Correct the reference. {_BUNDLE}"
_SLASHES = "Between folders stands / in a reference, also on Windows."
# Vendors keep long descriptions in files of Markdown.
_PROSE = (".md", ".txt")
_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class ReferenceFault(Exception):
    """A reference that is not followed: `message` says why, `hint` what to do."""

    def __init__(self, message: str, hint: str = _CORRECT) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class LinkedFile(NamedTuple):
    """One file of the contract: its path as messages show it, its data, and where each part is.

    `notes` are what is wrong in one place of it, and was left out of the data.
    """

    path: Path
    display_path: str
    data: JsonValue
    source_map: SourceMap
    notes: tuple[Finding, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder that the relative references in the file start from."""
        return self.path.parent


class LinkedFiles:
    """All files of one contract, the root first.

    Args:
        root: The contract as it was loaded.
        path: Its path on disk. Files outside its folder are refused.
    """

    def __init__(self, root: Document, path: Path) -> None:
        self._folder = path.resolve().parent
        self._display_folder = PurePosixPath(root.path).parent
        self._bytes = 0
        self.notes: list[Finding] = []
        self.root = self._without_merge_keys(
            LinkedFile(path.resolve(), root.path, root.data, root.source_map)
        )
        self.read: dict[Path, LinkedFile] = {self.root.path: self.root}
        self._unreadable: dict[Path, ReferenceFault] = {}
        self._identified: dict[Path, dict[str, str]] = {}

    def find(self, reference: str, within: LinkedFile) -> tuple[LinkedFile, str]:
        """Read the file that a reference names.

        Args:
            reference: The text of a `$ref`, such as `../shared.yaml#/schemas/Tide`.
            within: The file that the reference is written in.

        Returns:
            The file, and the fragment without its `#`, percent-decoded.

        Raises:
            ReferenceFault: The file is not below the contract's folder, or cannot be read.
        """
        address, _, fragment = reference.partition("#")
        fragment = unquote(fragment)
        if not address:
            return within, fragment
        if (pointer := self._identified_in(within, address)) is not None:
            is_anchor = fragment and not fragment.startswith("/")
            return within, fragment if is_anchor else pointer + fragment

        address = self._below_own_address(address, within)
        if not address:
            return self.root, fragment
        path = self._path(address, within)
        if path in self._unreadable:
            raise self._unreadable[path]

        if path not in self.read:
            try:
                self.read[path] = self._load(path)
            except ReferenceFault as fault:
                self._unreadable[path] = fault
                raise

        return self.read[path], fragment

    def _identified_in(self, file: LinkedFile, address: str) -> str | None:
        """The pointer of the schema of a file whose `$id` is this address.

        The root is in the bundle whole, and `normalise` follows what is written there.
        """
        if file is self.root:
            return None
        if file.path not in self._identified:
            self._identified[file.path] = identified(file.data)

        addresses = self._identified[file.path]
        base = next((each for each, pointer in addresses.items() if not pointer), "")
        return addresses.get(joined(base, address)) if addresses else None

    def _below_own_address(self, address: str, within: LinkedFile) -> str:
        """The path of a reference that is written below the contract's own address.

        `$self: https://tides.example/api/openapi.yaml` lets `https://tides.example/api/tide.yaml`
        mean the file `tide.yaml` beside the contract (OpenAPI 3.2 §4.2.1). Nothing is fetched.
        """
        own = as_object(self.root.data).get("$self")
        if not isinstance(own, str) or not _HAS_SCHEME.match(own):
            return address
        if address == own.partition("#")[0]:
            return ""

        folder = own[: own.rfind("/") + 1]
        if not address.startswith(folder):
            return address
        up = [".."] * len(within.folder.relative_to(self._folder).parts)
        return "/".join([*up, address[len(folder) :]])

    def _path(self, address: str, within: LinkedFile) -> Path:
        try:
            parts = urlsplit(address)
        except ValueError:
            raise ReferenceFault(f"{visible(address)} is not a path.") from None

        # What a network answers today it may not answer tomorrow, and a build is repeated.
        if parts.scheme or parts.netloc:
            message = f"{visible(address)} is on the network, which is never asked."
            raise ReferenceFault(message, f"Save it below the contract's folder. {_BUNDLE}")

        try:
            path = (within.folder / unquote(parts.path)).resolve()
        except (OSError, ValueError, RuntimeError):
            raise ReferenceFault(f"{visible(address)} is not the path of a file.") from None

        # A contract that strangers wrote must not bring `/etc/passwd` into the output.
        if not path.is_relative_to(self._folder):
            message = f"{visible(address)} lies outside of the contract's folder."
            hint = f"Move it below that folder. {_BUNDLE}"
            if address.startswith("/components/"):
                hint = f"Is it in this file? Then it is #{address}"
            raise ReferenceFault(message, hint)

        return path

    def _load(self, path: Path) -> LinkedFile:
        inside = path.relative_to(self._folder).as_posix()
        display_path = (self._display_folder / inside).as_posix()
        if len(self.read) >= MAX_FILES:
            raise ReferenceFault(f"The contract has more than {MAX_FILES:,} files.")

        try:
            source = read_text(path, display_path)
            self._bytes += len(source)
            if self._bytes > MAX_BYTES:
                limit = f"{MAX_BYTES // 1_000_000} MB"
                raise ReferenceFault(f"The files of the contract have more than {limit}.")
            if path.suffix.lower() in _PROSE:
                return LinkedFile(path, display_path, source, SourceMap.of_text(source))
            data, source_map, notes = read_source(source, display_path)
        except ContractError as error:
            first = error.findings[0]
            hint = _SLASHES if "\\" in display_path else first.hint or _CORRECT
            raise ReferenceFault(f"{first.location}: {first.message}", hint) from None

        return self._without_merge_keys(LinkedFile(path, display_path, data, source_map, notes))

    def _without_merge_keys(self, file: LinkedFile) -> LinkedFile:
        """Write out merge keys before references are followed: what they bring may have some."""
        if not has_merge_key(file.data):
            return file

        written = write_out(file.data)
        for pointer in written.places:
            line, column = file.source_map.locate(pointer, key=True)
            location = SourceLocation(file.display_path, line, column, pointer)
            self.notes.append(
                Finding("repaired-merge-key", Severity.WARNING, MESSAGE, location, _WRITE_OUT)
            )
        source_map = file.source_map.with_moved(written.moved)
        return file._replace(data=written.data, source_map=source_map)
