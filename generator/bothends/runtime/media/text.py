"""Text: any value that is one text, in UTF-8 or in the charset that its media type names."""

from __future__ import annotations

from typing import Any, ClassVar

from typing_extensions import override

from bothends.runtime.json.value import same
from bothends.runtime.media_type import ContentType, parse_content_type
from bothends.runtime.models.codec import Codec
from bothends.runtime.operation import MediaType
from bothends.runtime.parameters.text_value import NestedError, likeliest, text_of
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView

from .codec import MediaCodec
from .error import MediaError


class TextCodec(MediaCodec):
    """One text, and the scalar that it stands for."""

    is_text: ClassVar[bool] = True
    may_be_blank: ClassVar[bool] = True
    concrete: ClassVar[str] = "text/plain"

    def __init__(self, contract: Contract, codec: Codec, pointer: str, media: MediaType) -> None:
        super().__init__(contract, codec, pointer, media)
        self._view = SchemaView(contract, (self.schema,) if self.is_judged else ())

    @override
    def read(self, content: bytes, content_type: ContentType) -> Any:
        text = content_type.decode(content)
        if text is None:
            raise MediaError(f"not valid {content_type.charset.upper()}")
        return likeliest(self._view, text) if self.is_judged else text

    @override
    def write(self, value: Any, content_type: str) -> tuple[str, bytes]:
        parsed = parse_content_type(content_type) or ContentType(self.range, {})
        try:
            content = text_of(value).encode(parsed.charset)
        except NestedError:
            raise MediaError("must be one text", unsendable=True) from None
        except (UnicodeError, LookupError):
            rule = f"cannot be written in the charset {parsed.charset}"
            raise MediaError(rule, unsendable=True) from None

        # Text has no types: where a number is allowed too, the string "5" would arrive as 5.
        if not same(self.read(content, parsed), value):
            rule = "cannot be written as text so that it arrives unchanged"
            raise MediaError(rule, unsendable=True)
        return content_type, content

    @override
    def takes(self, value: Any) -> bool:
        return not isinstance(value, bytes | dict | list) and not hasattr(value, "model_fields_set")
