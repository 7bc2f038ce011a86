"""The parts of a multipart form: which of its properties are files (OpenAPI 3.1 §4.8.14.5, §4.8.15)."""

from __future__ import annotations

from typing import Any

from bothends.interpret.refused import Refused
from bothends.interpret.schema import Schemas
from bothends.openapi.json_value import as_object, is_object
from bothends.openapi.pointer import below

_STYLING = ("style", "explode", "allowReserved")
_SAYING_MORE = ("enum", "const", "allOf", "anyOf", "oneOf", "properties", "items")


def build_files(schemas: Schemas, described: dict[str, Any], pointer: str) -> tuple[str, ...]:
    """The properties whose parts are files; their schemas are files from now on. Raises `Refused`."""
    encodings, files = as_object(described.get("encoding")), list[str]()
    for name, schema, location in schemas.properties_of(
        described.get("schema", True), below(pointer, "schema")
    ):
        encoding, here = as_object(encodings.get(name)), below(pointer, "encoding", name)
        if any(word in encoding for word in _STYLING):
            raise Refused(
                "encoding-style", here, "a part of a multipart body in a style is not supported"
            )

        part, part_at = _part(schemas, schema, location)
        if _is_file(part, str(encoding.get("contentType", ""))):
            schemas.files.add(part_at)
            files.append(name)
        elif any(
            as_object(header).get("required") is True
            for header in as_object(encoding.get("headers")).values()
        ):
            raise Refused(
                "encoding-headers",
                here,
                "a required header of a part that is no file is not supported",
            )

    return tuple(dict.fromkeys(files))


def _part(schemas: Schemas, schema: Any, pointer: str) -> tuple[Any, str]:
    """The schema of one part, and its place: that of an array's items, where there is a part for each."""
    schema, pointer = schemas.followed(schema, pointer)
    if is_object(schema) and schema.get("type") == "array" and "items" in schema:
        return schemas.followed(schema["items"], below(pointer, "items"))
    return schema, pointer


def _is_file(schema: Any, content_type: str) -> bool:
    if not is_object(schema):
        return schema is True
    if schema.get("type", "string") != "string" or any(word in schema for word in _SAYING_MORE):
        return False

    if content_type:
        types = [one.partition(";")[0].strip().lower() for one in content_type.split(",")]
        plain = all(
            one.startswith("text/") or one == "application/json" or one.endswith("+json")
            for one in types
        )
        return not plain and "contentEncoding" not in schema

    if schema.get("format") == "binary":
        return True

    return "contentEncoding" not in schema and (
        "contentMediaType" in schema or "type" not in schema
    )
