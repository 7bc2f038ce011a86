"""What the parts of a multipart body are, by schema and encoding (OpenAPI 3.1 §4.8.15)."""

from __future__ import annotations

from typing import Any, Final

from bothends.openapi.json_value import is_object, types_of
from bothends.runtime.media_type import essence_of, is_json

_SAYING_MORE: Final = ("enum", "const", "allOf", "anyOf", "oneOf", "properties", "items")


def is_file(schema: Any, content_type: str) -> bool:
    """Whether a part of this schema is a file: bytes, and never one of several items in a text.

    Args:
        schema: What the part is, of a list what each item is. References are followed already.
        content_type: `contentType` of the encoding; empty where there is none.
    """
    if not is_object(schema):
        # 3.1 describes raw bytes by a schema that says nothing, and `true` is one.
        return schema is True
    types = types_of(schema) or {"string"}
    if types - {"null"} != {"string"} or any(word in schema for word in _SAYING_MORE):
        return False

    if content_type:
        media = [essence_of(entry) for entry in content_type.split(",")]
        is_text = all(entry.startswith("text/") or is_json(entry) for entry in media)
        return not is_text

    # Contracts write `contentEncoding` for pictures; only `encoding` could say of which type a part
    # is.
    words = ("contentEncoding", "contentMediaType")
    return (
        schema.get("format") == "binary" or "type" not in schema or any(w in schema for w in words)
    )
