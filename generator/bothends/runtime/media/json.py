"""JSON, and what is built on it (RFC 6839 §3.1)."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from typing_extensions import override

from bothends.runtime.json.text import JsonTextError, read_json, read_json_loosely, write_json
from bothends.runtime.media_type import ContentType, is_json
from bothends.runtime.schema.explain import Fault
from bothends.runtime.schema.outermost import Outermost

from .codec import MediaCodec
from .error import MediaError


class JsonCodec(MediaCodec):
    """One JSON value."""

    is_text: ClassVar[bool] = True
    concrete: ClassVar[str] = "application/json"

    @override
    def read(self, content: bytes, content_type: ContentType) -> Any:
        try:
            return read_json(content)
        except JsonTextError as error:
            # JSON is in UTF-8 whatever it is called (RFC 8259 §8.1); what is not may be in the
            # charset that is named.
            text = None if content_type.is_utf8 else content_type.decode(content)
            if text is None:
                raise MediaError(str(error)) from None

        try:
            return read_json(text.removeprefix("\ufeff").encode())
        except JsonTextError as error:
            raise MediaError(str(error)) from None

    @override
    def read_loosely(self, content: bytes, content_type: ContentType) -> Any:
        text = content_type.decode(content)
        if text is None:
            raise MediaError("not of its charset")
        try:
            return read_json_loosely(text.removeprefix("\ufeff"))
        except JsonTextError as error:
            raise MediaError(str(error)) from None

    @override
    def write(self, value: Any, content_type: str) -> tuple[str, bytes]:
        return content_type, write_json(value)

    @override
    def judge(self, value: Any) -> tuple[Fault | None, Fault | None]:
        return self.contract.judge(self.schema, value) if self.is_judged else (None, None)

    @cached_property
    def _outermost(self) -> Outermost:
        return Outermost(self.contract.find, self.schema)

    @override
    def fault_of_text(self, content: bytes) -> Fault | None:
        return self._outermost.fault_of_text(content) if self.is_judged else None

    @override
    def fault_of_large(self, value: Any) -> Fault | None:
        if not self.is_judged or self.contract.accepts(self.schema, value):
            return None
        # An error of the validator would hold another copy of the whole.
        return self._outermost.fault_of_value(value) or self.fault(value)

    @override
    def reads(self, essence: str) -> bool:
        return is_json(essence)
