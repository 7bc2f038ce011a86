"""A file in a form: what a part of a multipart body carries."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from pydantic_core import PydanticCustomError, core_schema

from .source import BinarySource, source_of

# A standalone package has a runtime of its own: the name says where this class is.
_RUNTIME = __name__.partition(".transfer.")[0]
_NO_FILE = (
    f"should be a File of {_RUNTIME}, such as File(b'…', media_type='image/png') "
    "or File.of('chart.png')"
)
OCTETS = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class File:
    """Bytes of a part with its filename, media type, and the headers that the contract names.

    The same at both ends: what the caller builds is what the handler gets, where `source` is the
    bytes themselves.
    """

    source: BinarySource = field(repr=False)
    filename: str | None = None
    media_type: str = OCTETS
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    @property
    def content(self) -> bytes:
        """The bytes, read now. Of an iterator they can be had once. SourceError."""
        return self.source if isinstance(self.source, bytes) else source_of(self.source).read_all()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """How models take a file: as it is, and anything else with words about what a file is."""

        def take(value: Any, validate: Callable[[Any], Any]) -> Any:
            try:
                return validate(value)
            except ValueError:
                raise PydanticCustomError("file", "Input {wanted}", {"wanted": _NO_FILE}) from None

        return core_schema.no_info_wrap_validator_function(take, handler(source))

    @staticmethod
    def of(
        source: str | os.PathLike[str] | IO[bytes],
        *,
        filename: str | None = None,
        media_type: str | None = None,
    ) -> File:
        """The file at a path, or the rest of an open one, read as it is sent.

        Name and media type are taken from its name if not given.
        """
        found = Path(source) if isinstance(source, str | os.PathLike) else source
        filename = filename or Path(str(getattr(found, "name", ""))).name or None
        return File(
            found, filename, media_type or mimetypes.guess_type(filename or "")[0] or OCTETS
        )
