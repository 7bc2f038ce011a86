"""Schemas without undeclared properties: the values that are documented, and so are sent.

Worked example. `{properties: {name: {}}}` allows any other property as well; a caller sends `name`
alone. Closed, it is

    {properties: {name: {}}, propertyNames: {enum: [name]}}

Several parts may describe one value: then none of them is closed by itself, but the whole, by the
names of all. Components are closed where they are used: `#/$defs/closed-old:Tide`, or
`closed-part-old:Tide` as one of several parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from bothends.openapi.json_value import as_array, as_object, is_object

CLOSED: Final = "closed-"
PART: Final = "part-"
"""How the keys of components begin that are closed, and of those that are a part of a value."""

_Component: TypeAlias = Callable[[str], Any]

_DEFINITIONS: Final = "#/$defs/"
_COMPOSITION: Final = ("allOf", "anyOf", "oneOf")
_CONDITIONS: Final = ("if", "then", "else", "not")
_OTHERS: Final = ("additionalProperties", "unevaluatedProperties")

_SAYS_OF_OTHERS: Final = frozenset(
    {"additionalProperties", "patternProperties", "propertyNames", "unevaluatedProperties"}
)


def closed_in(schema: Any, names: frozenset[str] | None, component: _Component) -> Any:
    """Close a plain schema that describes a value together with others.

    Args:
        schema: The schema.
        names: The properties that those around declare; None where one speaks of all others.
        component: The plain schema of a component, by its key.
    """
    if not names and names is not None:
        return closed(schema, component, is_part=False)

    part = closed(schema, component, is_part=True)
    of_schema = declared(schema, component, set())
    if names is None or of_schema is None or not is_object(part):
        return part
    return {**part, "propertyNames": {"enum": sorted(of_schema | names)}}


def closed(schema: Any, component: _Component, *, is_part: bool) -> Any:
    """Close a plain schema at every level.

    `is_part` says that the schema is one of several that describe the same value: then the names
    that the others declare are not known here, and the whole is closed instead.
    """
    if not is_object(schema):
        return schema

    # What an item has to contain names properties of items as well.
    of_contained = declared(schema.get("contains"), component, set())
    names = None if of_contained is None else frozenset(of_contained)

    result: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword == "$ref":
            name = value.removeprefix(_DEFINITIONS)
            # What stands beside a reference makes it one part of several.
            as_part = is_part or len(schema) > 1
            result[keyword] = f"{_DEFINITIONS}{CLOSED}{PART if as_part else ''}{name}"
        elif keyword in _COMPOSITION:
            result[keyword] = [closed(item, component, is_part=True) for item in as_array(value)]
        elif keyword == "properties":
            result[keyword] = {
                name: closed(item, component, is_part=False)
                for name, item in as_object(value).items()
            }
        elif keyword == "items":
            result[keyword] = closed_in(value, names, component)
        elif keyword == "prefixItems":
            result[keyword] = [closed_in(item, names, component) for item in as_array(value)]
        elif keyword in _OTHERS:
            result[keyword] = closed(value, component, is_part=False)
        else:
            result[keyword] = value

    return result if is_part else _without_others(schema, result, component)


def _without_others(
    schema: Mapping[str, Any], result: dict[str, Any], component: _Component
) -> dict[str, Any]:
    if set(schema) == {"$ref"}:  # the component closes itself
        return result

    names = declared(schema, component, set())
    if names is None or not names:
        return result
    return {**result, "propertyNames": {"enum": sorted(names)}}


def declared(schema: Any, component: _Component, seen: set[str]) -> set[str] | None:
    """The properties that all parts of a plain schema declare.

    None where a part speaks of all others.
    """
    if not is_object(schema):
        return set()
    if _SAYS_OF_OTHERS & set(schema):
        return None

    # Who requires a property documents it, wherever it is described.
    names = {*as_object(schema.get("properties")), *as_array(schema.get("required"))}
    names |= as_object(schema.get("dependentSchemas")).keys()
    for name, needed in as_object(schema.get("dependentRequired")).items():
        names |= {name, *needed}

    reference = schema.get("$ref")
    key = reference.removeprefix(_DEFINITIONS) if isinstance(reference, str) else None
    parts = _parts(schema)
    if key is not None and key not in seen:
        parts.append(component(key))
        seen = seen | {key}

    for part in parts:
        of_part = declared(part, component, seen)
        if of_part is None:
            return None
        names |= of_part

    return names


def _parts(schema: Mapping[str, Any]) -> list[Any]:
    """The schemas inside that describe the same value, one of them under a condition perhaps.

    JSON Schema 2020-12 Core §10.2.
    """
    parts = [item for keyword in _COMPOSITION for item in as_array(schema.get(keyword))]
    parts += [schema[keyword] for keyword in _CONDITIONS if keyword in schema]
    return [*parts, *as_object(schema.get("dependentSchemas")).values()]
