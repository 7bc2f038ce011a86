"""Bodies and forms (2.0 §5.2.17): one parameter is the body, or several are the fields."""

from __future__ import annotations

from typing import Any, Final

from bothends.normalise.empty_values import with_empty
from bothends.normalise.v2_0.moves import Moves
from bothends.normalise.v2_0.parameter import delimiter_of, schema_of, style_of
from bothends.normalise.v2_0.schema import Schemas
from bothends.openapi.pointer import below
from bothends.runtime.media_type import essence_of

_PARTS: Final = "multipart/form-data"
_PAIRS: Final = "application/x-www-form-urlencoded"


def body_content(
    body: dict[str, Any], written: str, consumes: list[str], pointer: str, schemas: Schemas
) -> dict[str, Any]:
    """Return the content of a body parameter: its schema in each media type.

    Forms are written by `in: formData`, so a body is never one: `consumes` of the whole contract
    lists their media types beside JSON for other operations.
    """
    media_types = [name for name in consumes if essence_of(name) not in (_PARTS, _PAIRS)]
    schema, schema_at = body.get("schema", {}), below(written, "schema")
    content: dict[str, Any] = {}
    for media_type in media_types or consumes:
        converted = schemas.convert(schema, schema_at, below(pointer, media_type, "schema"))
        content[media_type] = {"schema": converted}
    return content


def form_content(
    fields: list[tuple[dict[str, Any], str]], consumes: list[str], pointer: str, moves: Moves
) -> dict[str, Any]:
    """Return the content of form parameters.

    Args:
        fields: The parameters, each with the place where it is written.
        consumes: The media types of the operation; those that are no forms do not count.
        pointer: Where the content will be.
        moves: Learns where each field is from.
    """
    has_file = any(field.get("type") == "file" for field, _ in fields)
    usual = [_PARTS] if has_file else [_PAIRS]
    possible = (_PARTS,) if has_file else (_PAIRS, _PARTS)
    media_types = [name for name in consumes if essence_of(name) in possible] or usual

    content: dict[str, Any] = {}
    for media_type in media_types:
        media_pointer = below(pointer, media_type)
        properties: dict[str, Any] = {}
        for field, written in fields:
            name = str(field.get("name"))
            properties[name] = schema_of(field)
            # 3.x has no `allowEmptyValue` for the field of a form.
            if field.get("allowEmptyValue") is True:
                properties[name] = with_empty(properties[name], {})
            if "description" in field:
                properties[name] = {**properties[name], "description": field["description"]}
            moves.add(below(media_pointer, "schema", "properties", name), written)
        is_parts = essence_of(media_type) == _PARTS
        content[media_type] = _media(fields, properties, is_parts=is_parts)
    return content


def _media(
    fields: list[tuple[dict[str, Any], str]], properties: dict[str, Any], *, is_parts: bool
) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    required = [str(field.get("name")) for field, _ in fields if field.get("required") is True]
    if required:
        schema["required"] = list(dict.fromkeys(required))

    manner = delimiter_of if is_parts else style_of
    encoding = {str(field.get("name")): manner(field) for field, _ in fields}
    styled = {name: style for name, style in encoding.items() if style}
    return {"schema": schema, "encoding": styled} if styled else {"schema": schema}
