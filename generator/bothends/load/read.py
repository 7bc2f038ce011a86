"""Files and their bytes: the only part of this room that touches the disk."""

from __future__ import annotations

import difflib
import stat
from pathlib import Path

from bothends.diagnostics import ContractError, visible
from bothends.load import faults
from bothends.load.document import Document, SourceMap
from bothends.load.limits import MAX_BYTES
from bothends.load.read_json import JsonSyntaxError, read_json
from bothends.load.read_yaml import read_yaml
from bothends.openapi.json_value import JsonValue


def load_document(path: Path, *, shown: str | None = None) -> Document:
    """The document in a YAML or JSON file; `shown` is the path to show. Raises `ContractError` for whatever is wrong."""
    name = shown if shown is not None else _shown(path)
    return parse_document(_read_bytes(path, name), name)


def parse_document(content: bytes, shown: str) -> Document:
    """The document in these bytes; a `shown` path that ends in `.json` must be JSON. Raises `ContractError`."""
    source = _decode(content, shown)
    data, source_map = _read(source, shown)
    if not isinstance(data, dict):
        message = "The document must be a mapping of keys to values."
        raise ContractError(
            [faults.fault("not-a-mapping", message, "", path=shown, source=source, offset=0)]
        )
    return Document(shown, source, data, source_map)


def _read(source: str, shown: str) -> tuple[JsonValue, SourceMap]:
    if not source.strip():
        raise ContractError([faults.fault(*faults.NO_CONTENT, path=shown, source=source, offset=0)])
    if shown.lower().endswith(".json"):
        return read_json(source, shown)

    if source.lstrip().startswith("{"):
        # JSON by content, thirty times as fast; but `{` also begins YAML's flow style.
        try:
            return read_json(source, shown)
        except JsonSyntaxError:
            pass

    return read_yaml(source, shown)


def _shown(path: Path) -> str:
    """The path as people and CI expect it: relative to where they stand, with forward slashes."""
    try:
        # Not resolve(): a symbolic link is shown under the name the person gave.
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def _read_bytes(path: Path, shown: str) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _not_a_file(path, shown)
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _missing(path, shown) from None
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise faults.file_fault(
            "file-unreadable", f"The file cannot be read: {reason}.", "", path=shown
        ) from error

    if len(content) > MAX_BYTES:
        message = f"The file has more than {MAX_BYTES // 1_000_000} MB."
        raise faults.file_fault("file-too-large", message, "Split the contract.", path=shown)

    return content


def _not_a_file(path: Path, shown: str) -> ContractError:
    if path.is_dir():
        message, hint = (
            "This is a folder, not a file.",
            "Name the contract in it, such as openapi.yaml.",
        )
    else:
        message, hint = "This is not a regular file.", ""
    return faults.file_fault("not-a-file", message, hint, path=shown)


def _missing(path: Path, shown: str) -> ContractError:
    try:
        neighbours = sorted(entry.name for entry in path.parent.iterdir() if entry.is_file())
    except OSError:
        return faults.file_fault(
            "file-missing", "There is no such file, nor its folder.", "", path=shown
        )

    close = difflib.get_close_matches(path.name, neighbours, n=1)
    hint = f"Did you mean {visible(close[0])}?" if close else ""
    return faults.file_fault("file-missing", "There is no such file.", hint, path=shown)


def _decode(content: bytes, shown: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise faults.file_fault(
            "not-utf8", "The file is UTF-16 or UTF-32.", "Save it as UTF-8.", path=shown
        )

    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", "replace")
        message = f"The byte 0x{content[error.start]:02x} is not valid UTF-8 here."
        raise ContractError(
            [
                faults.fault(
                    "not-utf8",
                    message,
                    "Save the file as UTF-8.",
                    path=shown,
                    source=before,
                    offset=len(before),
                )
            ]
        ) from error
