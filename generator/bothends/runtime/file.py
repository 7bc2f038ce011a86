"""A file in a form: what a part of a multipart body carries, whole."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

OCTETS = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class File:
    """Bytes with what a form says of them: the name of the file, the media type, and headers that the contract names.

    The same at both ends: what the caller builds is what the handler gets.
    """

    content: bytes = field(repr=False)
    filename: str | None = None
    media_type: str = OCTETS
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    @staticmethod
    def of(
        source: str | os.PathLike[str] | IO[bytes], *, filename: str | None = None, media_type: str | None = None
    ) -> File:
        """The file at a path, or the rest of an open one, read now. Name and media type are taken from its name if not given."""
        if isinstance(source, str | os.PathLike):
            path = Path(source)
            content, name = path.read_bytes(), path.name
        else:
            content, name = source.read(), Path(str(getattr(source, "name", ""))).name
        filename = filename or name or None
        return File(content, filename, media_type or mimetypes.guess_type(filename or "")[0] or OCTETS)


BinarySource = bytes | os.PathLike[str] | IO[bytes]
"""Where a caller may take a binary body from: bytes, a path, or an open file."""


def read_source(source: BinarySource) -> bytes:
    """The bytes of a source; of an open file, the rest of it."""
    if isinstance(source, os.PathLike):
        return Path(source).read_bytes()
    return source if isinstance(source, bytes) else source.read()
