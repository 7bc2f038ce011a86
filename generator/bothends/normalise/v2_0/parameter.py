"""Parameters and headers (2.0 §5.2.17, §5.2.22): their schema is written beside their name.

    {name: ids, in: query, type: array, items: {type: integer}, collectionFormat: pipes}

    {name: ids, in: query, style: pipeDelimited, explode: false, schema: {type: array, …}}

Formats that have no style in 3.0 (tabs anywhere, and spaces and pipes in paths and headers) stay in
`x-collection-format` until `normalise` writes them as styles of the one dialect.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, Final

from bothends.load import Document
from bothends.openapi.json_value import as_array, as_object, copied, is_object
from bothends.openapi.walk import operations

COLLECTION_FORMAT: Final = "x-collection-format"
FORMATS: Final = {
    "csv": "",
    "ssv": "spaceDelimited",
    "tsv": "tabDelimited",
    "pipes": "pipeDelimited",
    "multi": "form",
}
"""Each format with its style; values between commas have the usual style of their location."""

_DELIMITERS: Final = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}

_IN_SCHEMA: Final = (
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
)
_MOVED: Final = (*_IN_SCHEMA, "collectionFormat", "x-nullable")


def schema_of(described: dict[str, Any]) -> Any:
    """Return the schema that a parameter or header has beside its name."""
    schema: dict[str, Any] = {key: described[key] for key in _IN_SCHEMA if key in described}
    if schema.get("type") == "file":
        schema |= {"type": "string", "format": "binary"}
    if is_object(schema.get("items")):
        schema["items"] = _items(schema["items"])
    return schema


def _items(items: dict[str, Any]) -> dict[str, Any]:
    inner = {key: value for key, value in items.items() if key != "collectionFormat"}
    if is_object(inner.get("items")):
        inner["items"] = _items(inner["items"])
    return inner


def format_of(described: dict[str, Any]) -> str:
    """Return the collectionFormat of an array as it was meant, or nothing for what is no array."""
    if described.get("type") != "array":
        return ""
    declared = str(described.get("collectionFormat") or "csv")
    close = difflib.get_close_matches(declared.lower(), FORMATS, n=1)
    found = close[0] if close else "csv"
    is_named = described.get("in") in ("query", "formData")
    return "csv" if found == "multi" and not is_named else found


def style_of(described: dict[str, Any]) -> dict[str, Any]:
    """Return the fields `style` and `explode` for a parameter or a field of a form."""
    name = format_of(described)
    if not name:
        return {}
    if name == "multi":
        return {"style": "form", "explode": True}

    is_named = described.get("in") in ("query", "formData")
    usual = "form" if is_named else "simple"
    if name == "csv":
        return {"style": usual, "explode": False}
    if name == "tsv" or not is_named:
        return {"style": usual, "explode": False, COLLECTION_FORMAT: name}
    return {"style": FORMATS[name], "explode": False}


def delimiter_of(described: dict[str, Any]) -> dict[str, Any]:
    """Return the field for a list that is one part: encodings of 3.0 have no words for that."""
    delimiter = _DELIMITERS.get(format_of(described))
    return {"x-list-delimiter": delimiter} if delimiter else {}


def plain_parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    """Write a parameter in a path, query or header as in 3.0."""
    remaining = {key: value for key, value in parameter.items() if key not in _MOVED}
    return {**remaining, **style_of(parameter), "schema": schema_of(parameter)}


def header(described: dict[str, Any]) -> dict[str, Any]:
    """Write a header of a response as in 3.0."""
    remaining = {key: value for key, value in described.items() if key not in _MOVED}
    return {**remaining, **style_of({**described, "in": "header"}), "schema": schema_of(described)}


def write_styles(document: Document) -> Document:
    """Write the formats that 3.0 has no style for as styles of the one dialect."""
    if not any(COLLECTION_FORMAT in node for node in _styled(document.data)):
        return document

    data = copied(document.data)
    for node in _styled(data):
        if name := node.pop(COLLECTION_FORMAT, ""):
            node["style"] = FORMATS[name]
    return document.with_data(data, {})


def _styled(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every parameter, header and encoding of the operations."""
    for _pointer, _path, _method, operation in operations(data):
        yield from filter(is_object, as_array(operation.get("parameters")))
        contents = [as_object(operation.get("requestBody")).get("content")]
        for response in as_object(operation.get("responses")).values():
            yield from filter(is_object, as_object(as_object(response).get("headers")).values())

        for content in contents:
            for media_type in as_object(content).values():
                encodings = as_object(as_object(media_type).get("encoding"))
                yield from filter(is_object, encodings.values())
