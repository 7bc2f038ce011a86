"""Bytes as they are. What a schema says of their length is in bytes (OpenAPI 3.1 §4.8.14.3)."""

from __future__ import annotations

import os
from typing import Any, ClassVar

from typing_extensions import override

from bothends.runtime.media_type import ContentType
from bothends.runtime.models.codec import Codec
from bothends.runtime.models.encoding import EncodeError
from bothends.runtime.operation import MediaType
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.explain import Fault
from bothends.runtime.schema.schema_view import SchemaView
from bothends.runtime.transfer.source import Sizes, Source, SourceError, source_of

from .codec import MediaCodec


class BinaryCodec(MediaCodec):
    """Bytes, of whatever media type."""

    may_be_blank: ClassVar[bool] = True
    concrete: ClassVar[str] = "application/octet-stream"

    def __init__(self, contract: Contract, codec: Codec, pointer: str, media: MediaType) -> None:
        super().__init__(contract, codec, pointer, media)
        self.sizes = sizes_of(SchemaView(contract, (self.schema,))) if self.is_judged else Sizes()

    @override
    def read(self, content: bytes, content_type: ContentType) -> Any:
        return content

    @override
    def write(self, value: Any, content_type: str) -> tuple[str, bytes | Source]:
        return content_type, value

    @override
    def fault(self, value: Any) -> Fault | None:
        return size_fault(value, "") if isinstance(value, Source) else super().fault(octets(value))

    @override
    def format_fault(self, value: Any) -> Fault | None:
        """Bytes have no format of text: `format: binary` says only that they are bytes."""
        return None

    @override
    def decode(self, value: Any) -> Any:
        return value

    @override
    def encode(self, value: Any) -> Any:
        if isinstance(value, bytes):
            return value
        try:
            return sized(source_of(value), self.sizes)
        except SourceError as error:
            raise EncodeError(str(error)) from error

    @override
    def from_example(self, value: Any) -> Any:
        return value.encode() if isinstance(value, str) else value

    @override
    def takes(self, value: Any) -> bool:
        return (
            isinstance(value, bytes | os.PathLike)
            or hasattr(value, "read")
            or hasattr(value, "__aiter__")
            or hasattr(value, "__next__")
        )


def octets(content: bytes) -> str:
    """Bytes as a schema of strings can judge them: one character for each byte."""
    # Latin-1 maps each byte to one character, so `maxLength` counts bytes.
    return content.decode("latin-1")


_SIZES_ONLY = frozenset(
    {
        "$ref",
        "allOf",
        "contentMediaType",
        "default",
        "deprecated",
        "description",
        "example",
        "examples",
        "externalDocs",
        "format",
        "maxLength",
        "minLength",
        "readOnly",
        "title",
        "type",
        "writeOnly",
    }
)
_LONGEST_FILLER = 1_000_000


def sizes_of(view: SchemaView) -> Sizes | None:
    """Return how many bytes the schemas allow.

    None if they have other keywords too, such as `pattern`: then only all bytes at once can be
    judged.
    """
    found = Sizes()
    for schema in view.schemas():
        is_bytes = (
            schema.get("type", "string") == "string" and schema.get("format", "binary") == "binary"
        )
        others = [name for name in schema if name not in _SIZES_ONLY]
        if not is_bytes or not all(name.startswith("x-") for name in others):
            return None
        most = [limit for limit in (found.most, schema.get("maxLength")) if limit is not None]
        found = Sizes(max(found.least, int(schema.get("minLength", 0))), min(most, default=None))

    return found if found.least <= _LONGEST_FILLER else None


def sized(source: Source, sizes: Sizes | None) -> bytes | Source:
    """Return a source whose size is checked as it is read, or its bytes if sizes are None."""
    if sizes is None:
        return source.read_all()
    source.sizes = sizes
    return source


def size_fault(source: Source, pointer: str) -> Fault | None:
    """Why a source of a known length is refused, or None."""
    broken = source.sizes.fault(source.length) if source.length is not None else None
    return Fault(pointer, *broken) if broken is not None else None
