"""The JSON types that a schema allows, whatever it is composed of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bothends.openapi.json_value import as_array, is_array, is_object

if TYPE_CHECKING:
    from bothends.interpret.schema.schemas import Schemas

ALL: Final = frozenset({"null", "boolean", "number", "string", "array", "object"})


def allowed_kinds(
    schemas: Schemas, schema: Any, seen: frozenset[str] = frozenset()
) -> frozenset[str]:
    """The JSON types of the values of a schema; an integer is a number.

    `seen` are the components on the way here.
    """
    if not is_object(schema):
        return frozenset() if schema is False else ALL

    found = _own(schema)
    key = schemas.key_of(schema)
    if key is not None and key not in seen:
        found &= allowed_kinds(schemas, schemas.components[key], seen | {key})

    for member in as_array(schema.get("allOf")):
        found &= allowed_kinds(schemas, member, seen)

    for word in ("oneOf", "anyOf"):
        if members := as_array(schema.get(word)):
            each = [allowed_kinds(schemas, member, seen) for member in members]
            found &= frozenset[str]().union(*each)

    return found


def _own(schema: dict[str, Any]) -> frozenset[str]:
    declared = schema.get("type")
    listed = declared if is_array(declared) else [declared]
    names = [name for name in listed if isinstance(name, str)]
    found = ALL
    if names:
        found = frozenset("number" if name == "integer" else name for name in names) & ALL

    values = [schema["const"]] if "const" in schema else schema.get("enum")
    if is_array(values):
        found &= frozenset(_kind_of(value) for value in values)
    return found


def _kind_of(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"
        case _:
            return "number"
