"""Objects of a part in XML or YAML, where `encoding` says so (OpenAPI 3.1 §4.8.15).

Example: with `about: {contentType: application/xml}` the property `{"about": {"to": "Ada"}}` is the
part `<about><to>Ada</to></about>`. Without `xml.name` the element has the name of the property.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bothends.runtime.media.error import MediaError
from bothends.runtime.media.xml.codec import mappings_of, read_element, write_element
from bothends.runtime.media.xml.mapping import XmlMapping
from bothends.runtime.media.xml.name import NotExactError
from bothends.runtime.media.yaml import read_document, write_document
from bothends.runtime.media_type import ContentType, essence_of, is_json, is_xml, is_yaml
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView


class PartText:
    """Reads and writes the values of one part; the first media type is the one that is sent."""

    def __init__(self, content_types: Sequence[str], mapping: XmlMapping | None) -> None:
        self.content_type = content_types[0]
        self._mapping = mapping

    def read(self, content: bytes, content_type: ContentType) -> Any:
        """The value of a part. MediaError."""
        if self._mapping is not None and is_xml(content_type.essence):
            return read_element(self._mapping, content, content_type)
        if is_yaml(content_type.essence):
            return read_document(content, content_type)
        raise MediaError("is in a media type that is not read", is_type=True)

    def write(self, value: Any) -> bytes:
        """The text of a value. MediaError where it has none."""
        if self._mapping is None:
            return write_document(value)
        return write_element(self._mapping, value, self.content_type)


def part_text(
    contract: Contract, view: SchemaView, content_types: Sequence[str], name: str
) -> PartText | None:
    """Return how values of nested types are written in the first of these media types.

    None where that is not XML with an exact form, nor YAML. Where there is JSON, that is sent.
    """
    essences = [essence_of(entry) for entry in content_types]
    if not essences or any(map(is_json, essences)):
        return None
    if is_yaml(essences[0]):
        return PartText(content_types, None)
    # A property that several parts of an `allOf` describe has no one schema to map.
    if not is_xml(essences[0]) or len(view.pointers) != 1:
        return None

    try:
        mapping = mappings_of(contract).mapping_of(view.pointers[0], name)
    except NotExactError:
        return None
    return PartText(content_types, mapping)
