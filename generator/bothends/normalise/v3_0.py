"""The differences of OpenAPI 3.0, whose Schema Object is not JSON Schema 2020-12 (3.0 §4.7.24).

Each rule below rewrites one difference; nothing else of 3.0 matters to us.
"""

from __future__ import annotations

from typing import Any

from bothends.load import Document
from bothends.normalise.repairs.schema import NEWER
from bothends.openapi.json_value import as_object, copied, is_object
from bothends.openapi.walk import all_schemas


def convert(document: Document) -> Document:
    """Write the contract as OpenAPI 3.1."""
    data = copied(document.data)
    for slot in all_schemas(data):
        schema = slot.holder[slot.key]
        if is_object(schema):
            slot.holder[slot.key] = _schema(schema)

    data["openapi"] = "3.1.0"
    return document.with_data(data, {})


def _schema(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        # What is beside a reference is ignored in 3.0 (§4.7.23); 3.1 would apply it.
        return {"$ref": schema["$ref"]}

    schema = {**schema, **as_object(schema.get(NEWER))}
    schema.pop(NEWER, None)
    _exclusive_bound(schema, "exclusiveMinimum", "minimum")
    _exclusive_bound(schema, "exclusiveMaximum", "maximum")
    # `example` is deprecated since OpenAPI 3.1 (§4.8.24), in favour of `examples`.
    if "example" in schema:
        schema["examples"] = [schema.pop("example")]

    # `byte` and `binary` became keywords (OpenAPI 3.1, "Working with Binary Data").
    if schema.get("type") == "string" and schema.get("format") == "byte":
        del schema["format"]
        schema["contentEncoding"] = "base64"
    elif schema.get("type") == "string" and schema.get("format") == "binary":
        del schema["format"]
        schema["contentMediaType"] = "application/octet-stream"

    _nullable(schema)

    return schema


def _exclusive_bound(schema: dict[str, Any], flag: str, bound: str) -> None:
    """`exclusiveMinimum: true` beside `minimum: 1` became `exclusiveMinimum: 1`."""
    if isinstance(schema.get(flag), bool):
        if schema.pop(flag) and bound in schema:
            schema[flag] = schema.pop(bound)


def _nullable(schema: dict[str, Any]) -> None:
    """`nullable` widens `type`, and only where `type` stands beside it (clarified in 3.0.3).

    An `enum` beside it still has to list null. One that lists nothing else is the type null.
    """
    if schema.pop("nullable", False) is True and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        # Contracts of 3.0 write null so, because 3.0 has no type for it.
        if schema.get("enum") == [None]:
            del schema["enum"]
            schema["type"] = "null"
