"""YAML as another text of the JSON data model (RFC 9512)."""

from __future__ import annotations

from typing import Any, ClassVar

from typing_extensions import override

from bothends.runtime.media_type import ContentType
from bothends.runtime.schema.explain import Fault

from .codec import MediaCodec
from .error import MediaError
from .yaml_text import YamlTextError, read_yaml, write_yaml


class YamlCodec(MediaCodec):
    """One JSON value, written as YAML."""

    is_text: ClassVar[bool] = True
    concrete: ClassVar[str] = "application/yaml"

    @override
    def read(self, content: bytes, content_type: ContentType) -> Any:
        return read_document(content, content_type)

    @override
    def write(self, value: Any, content_type: str) -> tuple[str, bytes]:
        return content_type, write_document(value)

    @override
    def judge(self, value: Any) -> tuple[Fault | None, Fault | None]:
        return self.contract.judge(self.schema, value) if self.is_judged else (None, None)


def read_document(content: bytes, content_type: ContentType) -> Any:
    """The JSON value of a YAML text. MediaError."""
    text = content_type.decode(content)
    if text is None:
        raise MediaError(f"not valid {content_type.charset.upper()}")
    try:
        return read_yaml(text)
    except YamlTextError as error:
        raise MediaError(str(error)) from None


def write_document(value: Any) -> bytes:
    """The YAML text of a JSON value. MediaError."""
    try:
        return write_yaml(value).encode()
    except YamlTextError as error:
        raise MediaError(str(error), unsendable=True) from None
