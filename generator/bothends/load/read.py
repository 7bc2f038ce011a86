"""Files and their bytes: the only part of this room that touches the disk."""

from __future__ import annotations

import codecs
import difflib
import stat
from dataclasses import replace
from pathlib import Path

from bothends.diagnostics import ContractError, Finding, has_errors, visible
from bothends.load import faults
from bothends.load.document import Document, SourceMap
from bothends.load.faults import as_note
from bothends.load.limits import MAX_BYTES
from bothends.load.other_formats import conflict_marker, format_of_bytes, format_of_text
from bothends.load.read_json import JsonSyntaxError, RepeatedParts, read_json
from bothends.load.read_yaml import read_yaml
from bothends.openapi.json_value import JsonValue
from bothends.small_file import TooLarge, read_small


def load_document(
    path: Path, *, display_path: str | None = None, repeated: RepeatedParts | None = None
) -> Document:
    """Read the document in one YAML or JSON file.

    Args:
        path: The file.
        display_path: The path as messages show it, if it is not the one relative to the working
            folder.
        repeated: What was read of another version of the contract, and is taken over.

    Raises:
        ContractError: The file cannot be read, is no document, or has a fault anywhere.
    """
    return _without_faults(load_usable(path, display_path=display_path, repeated=repeated))


def load_usable(
    path: Path, *, display_path: str | None = None, repeated: RepeatedParts | None = None
) -> Document:
    """Read the document in one file, as `load_document` does, but for what is wrong in one place.

    That is not in the data, but among the `notes`: an error, or a warning where nothing depends on
    it.
    """
    name = display_path if display_path is not None else _display_path(path)
    document = _parse(_read_bytes(path, name), name, repeated)
    return replace(document, notes=tuple(map(as_note, document.notes)))


def read_text(path: Path, display_path: str) -> str:
    """Return the text of a regular file of bounded size. Raises `ContractError` for any other."""
    return _decode(_read_bytes(path, display_path), display_path)


def parse_document(
    content: bytes, display_path: str, repeated: RepeatedParts | None = None
) -> Document:
    """Read the document in these bytes.

    Args:
        content: The bytes of the file.
        display_path: The path as messages show it; one that ends in `.json` must be JSON.
        repeated: What was read of another version of the contract, and is taken over.

    Raises:
        ContractError: The bytes are no document, or it has a fault anywhere.
    """
    return _without_faults(_parse(content, display_path, repeated))


def _without_faults(document: Document) -> Document:
    if has_errors(document.notes):
        raise ContractError(document.notes)
    return document


def _parse(content: bytes, display_path: str, repeated: RepeatedParts | None) -> Document:
    if (format_found := format_of_bytes(content)) is not None:
        raise faults.file_fault("openapi-version", *_as_message(format_found), path=display_path)
    source = _decode(content, display_path)
    if (format_found := format_of_text(source)) is not None:
        raise faults.file_fault("openapi-version", *_as_message(format_found), path=display_path)

    try:
        data, source_map, notes = read_source(source, display_path, repeated)
    except ContractError as error:
        raise _conflict(source, display_path) or error from None

    if not isinstance(data, dict):
        message = "The document must be a mapping of keys to values."
        hint = "A contract begins with `openapi: 3.1.0`; `bothends init NAME` writes one."
        fault = faults.fault(
            "not-a-mapping", message, hint, path=display_path, source=source, offset=0
        )
        raise ContractError([*notes, fault])
    return Document(display_path, source, data, source_map, notes=notes)


def _as_message(format_found: tuple[str, str]) -> tuple[str, str]:
    name, hint = format_found
    return f"This is {name}, not an OpenAPI contract.", hint


def _conflict(source: str, display_path: str) -> ContractError | None:
    """The fault of a file that git could not merge, instead of what a parser says of it."""
    offset = conflict_marker(source)
    if offset is None:
        return None
    return ContractError(
        [faults.fault(*faults.CONFLICT, path=display_path, source=source, offset=offset)]
    )


def read_source(
    source: str, display_path: str, repeated: RepeatedParts | None = None
) -> tuple[JsonValue, SourceMap, tuple[Finding, ...]]:
    """Read any JSON value, where its parts are, and what is wrong in one place.

    Raises `ContractError` where it cannot be read at all.
    """
    if not source.strip():
        raise ContractError(
            [faults.fault(*faults.NO_CONTENT, path=display_path, source=source, offset=0)]
        )
    if display_path.lower().endswith(".json"):
        return read_json(source, display_path, repeated)

    if source.lstrip().startswith("{"):
        # JSON by content, thirty times as fast; but `{` also begins YAML's flow style.
        try:
            return read_json(source, display_path, repeated)
        except JsonSyntaxError:
            pass

    return read_yaml(source, display_path)


def _display_path(path: Path) -> str:
    """The path as people and CI expect it: relative to where they stand, with forward slashes."""
    try:
        # Not resolve(): a symbolic link is display_path under the name the person gave.
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def _read_bytes(path: Path, display_path: str) -> bytes:
    try:
        # A pipe or a device may never end.
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            raise _not_a_file(path, display_path)
        return read_small(path, MAX_BYTES)
    except FileNotFoundError:
        raise _missing(path, display_path) from None
    except TooLarge:
        message = f"The file has more than {MAX_BYTES // 1_000_000} MB."
        hint = "Split the contract."
        raise faults.file_fault("file-too-large", message, hint, path=display_path) from None
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise faults.file_fault(
            "file-unreadable", f"The file cannot be read: {reason}.", "", path=display_path
        ) from error


def _not_a_file(path: Path, display_path: str) -> ContractError:
    if path.is_dir():
        message, hint = (
            "This is a folder, not a file.",
            "Name the contract in it, such as openapi.yaml.",
        )
    else:
        message, hint = "This is not a regular file.", ""
    return faults.file_fault("not-a-file", message, hint, path=display_path)


def _missing(path: Path, display_path: str) -> ContractError:
    try:
        neighbours = sorted(entry.name for entry in path.parent.iterdir() if entry.is_file())
    except OSError:
        return faults.file_fault(
            "file-missing",
            "There is no such file, nor its folder.",
            "Correct the path.",
            path=display_path,
        )

    close = difflib.get_close_matches(path.name, neighbours, n=1)
    hint = f"Did you mean {visible(close[0])}?" if close else ""
    return faults.file_fault("file-missing", "There is no such file.", hint, path=display_path)


def _decode(content: bytes, display_path: str) -> str:
    # Shells on Windows write UTF-16 where output is redirected.
    head = content[:4]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or (len(head) == 4 and head.count(0) == 2):
        raise faults.file_fault(
            "not-utf8", "The file is UTF-16 or UTF-32.", "Save it as UTF-8.", path=display_path
        )

    try:
        # Editors write a byte order mark, which a reader may ignore (RFC 8259 §8.1).
        # Not as `utf-8-sig`, which Python decodes ten times as slowly.
        return content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8", "replace")
        message = f"The byte 0x{error.object[error.start]:02x} is not valid UTF-8 here."
        raise ContractError(
            [
                faults.fault(
                    "not-utf8",
                    message,
                    "Save the file as UTF-8.",
                    path=display_path,
                    source=before,
                    offset=len(before),
                )
            ]
        ) from error
