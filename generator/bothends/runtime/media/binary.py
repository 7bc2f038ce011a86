"""Bytes as they are. What a schema says of their length is in bytes (OpenAPI 3.1 §4.8.14.3)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, ClassVar, cast

from typing_extensions import override

from bothends.runtime.codec import EncodeError
from bothends.runtime.explain import Fault
from bothends.runtime.file import read_source
from bothends.runtime.media_type import ContentType

from .codec import MediaCodec

if TYPE_CHECKING:
    from bothends.runtime.file import BinarySource


class BinaryCodec(MediaCodec):
    """Bytes, of whatever media type."""

    may_be_blank: ClassVar[bool] = True
    concrete: ClassVar[str] = "application/octet-stream"

    @override
    def read(self, content: bytes, content_type: ContentType) -> Any:
        return content

    @override
    def write(self, value: Any, content_type: str) -> tuple[str, bytes]:
        return content_type, value

    @override
    def fault(self, value: Any) -> Fault | None:
        return super().fault(octets(value))

    @override
    def decode(self, value: Any) -> Any:
        return value

    @override
    def encode(self, value: Any) -> Any:
        if isinstance(value, bytes):
            return value
        if isinstance(value, os.PathLike) or hasattr(value, "read"):
            return read_source(cast("BinarySource", value))
        raise EncodeError(f"a {type(value).__name__} is no bytes, path or open file")

    @override
    def stated(self, value: Any) -> Any:
        return value.encode() if isinstance(value, str) else value

    @override
    def takes(self, value: Any) -> bool:
        is_whole = isinstance(value, bytes | os.PathLike)
        return is_whole or hasattr(value, "read") or hasattr(value, "__aiter__") or hasattr(value, "__next__")


def octets(content: bytes) -> str:
    """Bytes as a schema of strings can judge them: one character for each byte."""
    return content.decode("latin-1")
