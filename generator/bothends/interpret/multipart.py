"""The properties of a multipart form that are files (OpenAPI 3.1 §4.8.14.5, §4.8.15)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bothends import ir
from bothends.interpret.refused import MediaTypeUnread
from bothends.interpret.schema import Schemas
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.part import is_file
from bothends.openapi.pointer import below
from bothends.runtime.media_type import essence_of, is_json
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView


def build_files(schemas: Schemas, described: dict[str, Any], pointer: str) -> tuple[str, ...]:
    """Find the properties whose parts are files, and mark their schemas as those of files.

    `*` among them is every property that is not declared. Raises `MediaTypeUnread` for a part
    that has no form; nothing is marked then.
    """
    schema, schema_at = described.get("schema", True), below(pointer, "schema")
    encodings, files, places = as_object(described.get("encoding")), list[str](), set[str]()

    properties = schemas.properties_of(schema, schema_at)
    for name, value, value_at in [*properties, *_undeclared(schemas, schema, schema_at)]:
        encoding, encoding_at = as_object(encodings.get(name)), below(pointer, "encoding", name)
        parts = _parts(schemas, value, value_at)

        if all(is_file(part, str(encoding.get("contentType", ""))) for part, _ in parts):
            places.update(pointer for _, pointer in parts)
            files.append(name)
        elif any(
            as_object(header).get("required") is True
            for header in as_object(encoding.get("headers")).values()
        ):
            reason = "a part of it that is no file has a required header"
            raise MediaTypeUnread(encoding_at, reason)
        else:
            view = SchemaView(schemas.contract, (schema_at,)).property(name)
            content_types = str(encoding.get("contentType", "")).split(",")
            part = view.items() if view.typed and "array" in view.types else view
            if not has_form(schemas.contract, part, content_types, name):
                reason = f"Part `{name}` has no form in {content_types[0]}, so nobody can send it."
                schemas.losses.append(ir.Loss("media-type-unread", encoding_at, reason))

    schemas.files |= places
    return tuple(dict.fromkeys(files))


def has_form(contract: Contract, view: SchemaView, content_types: Sequence[str], name: str) -> bool:
    """Whether values that are objects or arrays alone have a form in these media types."""
    types = [entry.strip().lower() for entry in content_types if entry.strip()]
    is_nested = view.typed and bool(view.types) and view.types <= {"object", "array", "null"}
    if not types or not is_nested or any(is_json(essence_of(entry)) for entry in types):
        return True
    # It loads pydantic, and few contracts have such parts.
    from bothends.runtime.media.multipart.part_text import part_text

    return part_text(contract, view, types, name) is not None


def _undeclared(schemas: Schemas, schema: Any, pointer: str) -> list[tuple[str, Any, str]]:
    """The schema of undeclared properties, if it says something, under the name `*`."""
    target, location = schemas.followed(schema, pointer)
    remainder = as_object(target).get("additionalProperties")
    return (
        [("*", remainder, below(location, "additionalProperties"))] if is_object(remainder) else []
    )


def _parts(schemas: Schemas, schema: Any, pointer: str) -> list[tuple[Any, str]]:
    """Return the schemas that a part may have: of a file or files, `anyOf`, those of both."""
    schema, pointer = schemas.followed(schema, pointer)
    for word in ("anyOf", "oneOf"):
        members = as_array(as_object(schema).get(word))
        if len(members) > 1 and not {"type", "format"} & as_object(schema).keys():
            # No part is null: web frameworks write so a file that may be left out.
            return [
                _part(schemas, member, below(pointer, word, index))
                for index, member in enumerate(members)
                if as_object(member).get("type") != "null"
            ]

    return [_part(schemas, schema, pointer)]


def _part(schemas: Schemas, schema: Any, pointer: str) -> tuple[Any, str]:
    """Return the schema of one part: of an array the schema of its items, each a part."""
    schema, pointer = schemas.followed(schema, pointer)
    if is_object(schema) and schema.get("type") == "array" and "items" in schema:
        schema, pointer = schemas.followed(schema["items"], below(pointer, "items"))
    return merged_schema(schemas, schema, pointer), pointer


def merged_schema(
    schemas: Schemas, schema: Any, pointer: str, passed: frozenset[str] = frozenset()
) -> Any:
    """The keywords of a schema and of the members of its `allOf`, in one schema.

    Contracts of 3.0 wrap a reference to describe it: `{allOf: [{$ref: Picture}], description: …}`.
    """
    if not is_object(schema) or "allOf" not in schema or pointer in passed:
        return schema

    found: dict[str, Any] = {}
    for index, member in enumerate(as_array(schema["allOf"])):
        target, location = schemas.followed(member, below(pointer, "allOf", index))
        found |= as_object(merged_schema(schemas, target, location, passed | {pointer}))
    return found | {word: value for word, value in schema.items() if word != "allOf"}
