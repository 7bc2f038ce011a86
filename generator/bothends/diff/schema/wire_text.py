"""Values whose scalars travel as text: parameters, headers, forms, XML.

Worked example. `limit` was an integer and is any text now. Old callers write `limit=5`, which is a
text as well as a number, so nothing is refused. The other way round, `limit=abc` is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any, Final

from bothends.openapi.json_value import as_array, as_object, is_array, is_object

_BOUND_TEXT: Final = ("const", "enum", "format", "maxLength", "pattern")
_SCALARS: Final = ("boolean", "integer", "number")
_WRITTEN: Final = {
    "boolean": {"enum": ["true", "false"]},
    "number": {
        "type": "string",
        "pattern": r"^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$",
    },
}
"""The texts that values of a type are written as, and may be others."""

_NOT_NULL: Final = ("array", "boolean", "number", "object", "string")
_INNER: Final = frozenset({"$ref", "allOf", "anyOf", "oneOf", "properties"})
_WIDENED: Final = ("additionalProperties", "items")
_LISTED: Final = ("allOf", "anyOf", "prefixItems")
_BY_NAME: Final = ("$defs", "patternProperties", "properties")


class Text(Enum):
    """Which scalars of a value travel as text."""

    NONE = "none"
    SOME = "some"
    """Nobody says which: those of a part of a form may be JSON."""
    FIELDS = "fields"
    """Those of an object, and of lists in it. Objects inside are JSON."""
    ALL = "all"


def text_of_body(media_type: str, described: Mapping[str, Any]) -> Text:
    """Which scalars are texts in a body of a media type (OpenAPI 3.1 §4.8.15)."""
    if media_type.startswith(("application/x-www-form-urlencoded", "multipart/")):
        encodings = map(as_object, as_object(described.get("encoding")).values())
        is_json = any("json" in str(each.get("contentType")).lower() for each in encodings)
        return Text.SOME if is_json else Text.FIELDS
    return Text.ALL if is_xml(media_type) or media_type.startswith("text/") else Text.NONE


def is_xml(media_type: str) -> bool:
    """Whether a media type is XML (RFC 7303 §4.2)."""
    return media_type.partition(";")[0].strip().endswith(("/xml", "+xml"))


def read_from_text(schema: Any, text: Text) -> Any:
    """A plain schema, with its definitions, that allows each scalar where it allows any text."""
    if text is Text.ALL:
        return _widened(schema)
    if text is not Text.FIELDS or not is_object(schema):
        return schema

    # The fields that the schema itself names; not those of other parts, which may be JSON inside.
    fields: dict[str, Any] = {}
    for name, field in as_object(schema.get("properties")).items():
        is_plain = is_object(field) and not _INNER & field.keys()
        # A list inside a list, or an object, is JSON.
        items = as_object(field.get("items")) if is_plain else {}
        is_text_inside = not _INNER & items.keys() and items.get("type") not in ("array", "object")
        fields[name] = _widened(field) if is_plain and is_text_inside else field
    return {**schema, "properties": fields} if fields else schema


def with_written(schema: Any, covers: Callable[[Any, Any], bool]) -> Any:
    """A plain schema, with its definitions, that allows each scalar of which it allows all texts.

    `maxLength: 64` allows `true`, which is how a boolean is written; no list of words does.
    """
    kinds = [kind for kind, texts in _WRITTEN.items() if covers(schema, texts)]
    if not kinds or not is_object(schema):
        return schema

    bare = {keyword: value for keyword, value in schema.items() if keyword != "$defs"}
    return {"anyOf": [bare, {"type": kinds}], "$defs": schema.get("$defs", {})}


def _widened(schema: Any) -> Any:
    # Only where a larger part makes a larger whole: not below `not`, `oneOf` and the like.
    if not is_object(schema):
        return schema

    widened = dict(schema)
    for keyword, value in schema.items():
        if keyword in _WIDENED:
            widened[keyword] = _widened(value)
        elif keyword in _LISTED and is_array(value):
            widened[keyword] = [_widened(item) for item in value]
        elif keyword in _BY_NAME and is_object(value):
            widened[keyword] = {name: _widened(item) for name, item in value.items()}

    kinds = as_array(schema.get("type")) or [schema.get("type")]
    is_any = not any(keyword in schema for keyword in _BOUND_TEXT)
    if "string" in kinds and is_any and schema.get("minLength", 0) <= 1:
        widened["type"] = list(dict.fromkeys([*kinds, *_SCALARS]))
    return widened


def without_null(schema: Any) -> Any:
    """A plain schema, with its definitions, of its values that have a form among texts.

    null has none (RFC 6570 §2.3): nobody sends it.
    """
    if not is_object(schema):
        return schema

    changed = dict(schema)
    for keyword, value in schema.items():
        if keyword in _WIDENED:
            changed[keyword] = without_null(value)
        elif keyword == "prefixItems" and is_array(value):
            changed[keyword] = [without_null(item) for item in value]
        elif keyword in _BY_NAME and is_object(value):
            changed[keyword] = {name: without_null(item) for name, item in value.items()}

    if "$ref" in schema:
        return changed
    kinds = as_array(schema.get("type")) or [schema.get("type")]
    if kinds == [None]:
        return {**changed, "type": list(_NOT_NULL)}
    remaining = [kind for kind in kinds if kind != "null"]
    return {**changed, "type": remaining} if remaining else False


def readings(value: Any) -> Iterator[Any]:
    """What a value may be read as that came as text."""
    read = [value, _with_scalars(value, _text), _with_scalars(value, _parsed)]
    yield from read
    if isinstance(value, bool | int | float):
        # `5` is a list of one as well (RFC 6570 §3.2.8); a text may have a comma.
        yield from ([reading] for reading in read)


def _with_scalars(value: Any, change: Callable[[Any], Any]) -> Any:
    if is_array(value):
        return [_with_scalars(item, change) for item in value]
    if is_object(value):
        return {name: _with_scalars(item, change) for name, item in value.items()}
    return change(value)


def _text(value: Any) -> Any:
    return value if isinstance(value, str) else json.dumps(value)


def _parsed(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value
