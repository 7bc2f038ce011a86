"""JSON, and what is built on it (RFC 6839 §3.1)."""

from __future__ import annotations

from typing import Any, ClassVar

from typing_extensions import override

from bothends.runtime.json.text import JsonTextError, read_json, write_json
from bothends.runtime.media_type import ContentType

from .codec import MediaCodec, MediaError


class JsonCodec(MediaCodec):
    """One JSON value."""

    is_text: ClassVar[bool] = True
    concrete: ClassVar[str] = "application/json"

    @override
    def read(self, content: bytes, content_type: ContentType) -> Any:
        try:
            return read_json(content)
        except JsonTextError as error:
            raise MediaError(str(error)) from None

    @override
    def write(self, value: Any, content_type: str) -> tuple[str, bytes]:
        return content_type, write_json(value)

    @override
    def reads(self, essence: str) -> bool:
        return is_json(essence)


def is_json(essence: str) -> bool:
    """Whether a media type is JSON or built on it."""
    return essence == "application/json" or essence.endswith("+json")
