"""The root element of a media type of XML, where its values have an exact form."""

from __future__ import annotations

from typing import Any

from bothends.interpret.refused import MediaTypeUnread
from bothends.interpret.schema import Schemas
from bothends.openapi.pointer import below
from bothends.openapi.reference import SCHEMAS, component_key
from bothends.runtime.media.xml.name import NotExactError


def xml_root(schemas: Schemas, schema: Any, pointer: str) -> str:
    """The name of the root element: `xml.name`, else that of the component (OpenAPI 3.2 §4.26.2).

    Raises `MediaTypeUnread` where the values have no exact form in XML.
    """
    key = schemas.key_of(schema)
    inferred = _written_key(schemas, key) if key is not None else ""
    try:
        return schemas.xml.mapping_of(pointer, inferred).root.local
    except NotExactError as error:
        reason = f"it has no exact form in XML: {error}"
        raise MediaTypeUnread(pointer.removesuffix("/schema"), reason) from None


def _written_key(schemas: Schemas, key: str) -> str:
    """The key that a person gave a component; nothing where the key was made here."""
    document = schemas.document
    original = document.original(below(SCHEMAS, key))
    part = document.parts.get(document.pointer_in_text(original))
    if part is not None and part.lock_path:
        original = part.pointer
    return component_key(original) or ""
