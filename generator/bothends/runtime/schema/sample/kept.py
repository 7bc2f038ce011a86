"""Whether a value that is made of valid parts keeps the plain keywords of a schema.

Asking the validator costs milliseconds for each schema that it has not compiled yet. It judges the
value as a whole in any case.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from bothends.runtime.json.value import is_among, is_array, is_object, json_type
from bothends.runtime.schema.composition import branches

from .scalar import FORMATS_OF_TEXT

# Keywords that a value of valid parts keeps, or that are cheap to check.
_SURE = frozenset(
    {
        *("$ref", "type", "properties", "required", "additionalProperties", "items", "minItems"),
        *("enum", "minLength", "maxLength", "minimum", "maximum", "allOf", "nullable"),
        *("description", "title", "deprecated", "readOnly", "writeOnly", "example", "xml"),
        *("externalDocs", "discriminator", "default", "examples"),
    }
)


# Keywords that propose a value as a whole: nothing made or checked its parts.
_PROPOSING = frozenset({"example", "examples", "default", "enum"})


def is_sure(pointer: str, schema: dict[str, Any], parts: Container[str]) -> bool:
    """Whether `is_kept` checks all of a schema.

    `parts` are the schemas that the value is made of.
    """
    unsure = {word for word in schema.keys() - _SURE if not word.startswith("x-")}
    # An alternative that is among the schemas that the value is made of settles the keyword.
    if any(branch in parts for branch in branches(pointer, schema, "anyOf")):
        unsure.discard("anyOf")
    if schema.get("format") not in FORMATS_OF_TEXT:
        unsure.discard("format")
    return not unsure


def is_kept(schemas: dict[str, Any], value: Any) -> bool:
    """Whether a value of valid parts keeps the plain keywords of these schemas."""
    if is_object(value) or is_array(value):
        kind = json_type(value)
        if any(_PROPOSING & schema.keys() for schema in schemas.values()):
            return False
        return all(_is_typed(schema, kind) for schema in schemas.values())
    return all(_is_scalar_kept(schema, value) for schema in schemas.values())


def _is_scalar_kept(schema: dict[str, Any], value: Any) -> bool:
    if not _is_typed(schema, json_type(value)):
        return False
    if "enum" in schema and not is_among(value, schema["enum"]):
        return False
    if isinstance(value, str):
        shortest, longest = schema.get("minLength", 0), schema.get("maxLength", len(value))
        return bool(shortest <= len(value) <= longest)
    if isinstance(value, int | float) and not isinstance(value, bool):
        lowest, highest = schema.get("minimum", value), schema.get("maximum", value)
        return bool(lowest <= value <= highest)
    return True


def _is_typed(schema: dict[str, Any], kind: str) -> bool:
    declared = schema.get("type", kind)
    return is_type_within(kind, [declared] if isinstance(declared, str) else declared)


def is_type_within(kind: str, allowed: list[str]) -> bool:
    """Whether a JSON type is among those that a schema allows."""
    return kind in allowed or (kind == "integer" and "number" in allowed)
