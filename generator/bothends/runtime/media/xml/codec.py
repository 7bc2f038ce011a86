"""XML, as OpenAPI's `xml` objects say (OpenAPI 3.1 §4.8.26): a JSON value in elements."""

from __future__ import annotations

import codecs
from functools import cache, cached_property
from typing import Any, ClassVar

from typing_extensions import override

from bothends.runtime.json.value import same
from bothends.runtime.media.codec import MediaCodec
from bothends.runtime.media.error import MediaError
from bothends.runtime.media_type import ContentType, parse_content_type
from bothends.runtime.models.codec import Codec
from bothends.runtime.operation import Xml
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.explain import Fault

from .mapping import XmlMapping, XmlMappings
from .text import XmlTextError, read_xml
from .writer import write_xml


class XmlCodec(MediaCodec):
    """One JSON value, written as an element."""

    is_text: ClassVar[bool] = True
    concrete: ClassVar[str] = "application/xml"

    def __init__(self, contract: Contract, codec: Codec, pointer: str, media: Xml) -> None:
        super().__init__(contract, codec, pointer, media)
        self.root = media.root

    @cached_property
    def mapping(self) -> XmlMapping:
        """How the schema's values are written, found out with the first text."""
        return mappings_of(self.contract).mapping_of(self.schema, self.root)

    @override
    def read(self, content: bytes, content_type: ContentType) -> Any:
        return read_element(self.mapping, content, content_type)

    @override
    def write(self, value: Any, content_type: str) -> tuple[str, bytes]:
        return content_type, write_element(self.mapping, value, content_type)

    @override
    def from_example(self, value: Any) -> Any:
        # An example of XML may be its text (OpenAPI 3.1 §4.8.19): no value that is read is a text.
        if not isinstance(value, str):
            return value
        try:
            return read_xml(self.mapping, value)
        except XmlTextError:
            return value

    @override
    def has_form(self, value: Any) -> bool:
        try:
            self.write(value, self.media_type)
        except MediaError:
            return False
        return True

    @override
    def judge(self, value: Any) -> tuple[Fault | None, Fault | None]:
        return self.contract.judge(self.schema, value) if self.is_judged else (None, None)


@cache
def mappings_of(contract: Contract) -> XmlMappings:
    """How the values of the schemas of a contract are written."""
    return XmlMappings(contract)


def read_element(mapping: XmlMapping, content: bytes, content_type: ContentType) -> Any:
    """The value of an XML text in its charset. MediaError."""
    # A byte order mark is stronger than the charset that is named (RFC 7303 §3.3).
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content_type = ContentType(content_type.essence, {"charset": "utf-16"})

    text = content_type.decode(content)
    if text is None:
        raise MediaError(f"not valid {content_type.charset.upper()}")
    try:
        return read_xml(mapping, text, content_type.charset)
    except XmlTextError as error:
        raise MediaError(str(error)) from None


def write_element(mapping: XmlMapping, value: Any, content_type: str) -> bytes:
    """The XML text of a value in a charset. MediaError where it would not arrive unchanged."""
    parsed = parse_content_type(content_type) or ContentType("application/xml", {})
    try:
        content = _encoded(write_xml(mapping, value), parsed.charset)
        arrived = read_element(mapping, content, parsed)
    except (XmlTextError, MediaError) as error:
        raise MediaError(str(error), unsendable=True) from None

    # Of an empty array without a wrapper there is no trace, say, and texts have no types.
    if not same(arrived, value):
        rule = "cannot be written in XML so that it arrives unchanged"
        raise MediaError(rule, unsendable=True)
    return content


def _encoded(text: str, charset: str) -> bytes:
    if charset.lower() in ("utf-8", "utf8"):
        return text.encode()
    try:
        # What the charset has not is a reference, which XML has for every character.
        return text.replace("UTF-8", charset, 1).encode(charset, "xmlcharrefreplace")
    except LookupError:
        raise MediaError(f"cannot be written in the charset {charset}", unsendable=True) from None
