"""What several schemas that apply to one value say together: its types, its names, its length.

Worked example: `{type: [object, null], required: [id]}` and `{required: [to], minProperties: 3}`
give the types object and null (null is tried last), the names `id` and `to`, and the length 3.
"""

from __future__ import annotations

from typing import Any

from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_array, is_object, json_kind
from bothends.runtime.schema.contract import Contract

from .kept import is_type_within

_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")

# Without `type`, a keyword that only means something for values of some types says which they are.
_TYPES_OF_KEYWORDS = (
    ({"properties", "required", "minProperties", "additionalProperties"}, ["object"]),
    ({"items", "prefixItems", "minItems", "contains"}, ["array"]),
    (
        {"minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"},
        ["integer", "number"],
    ),
)

Conjunction = tuple[str, ...]
"""Pointers of schemas that all apply to the value."""


def own_values(schema: dict[str, Any]) -> list[Any]:
    """Return the values that a schema states: its first example, its constant, its enum."""
    found: list[Any] = []
    examples = schema.get("examples", [])
    if is_array(examples):
        found += examples[:1]

    found += [schema[word] for word in ("const", "example", "default") if word in schema]
    return [*found, *schema.get("enum", [])]


def names_under(keyword: str, schemas: dict[str, Any]) -> list[str]:
    """Return the names under a keyword of these schemas, each once."""
    found: dict[str, None] = {}
    for schema in schemas.values():
        found |= dict.fromkeys(schema.get(keyword, ()))
    return list(found)


def largest(keyword: str, schemas: dict[str, Any], default: int = 0) -> int:
    """Return the largest number under a keyword of these schemas; `default` where one has none."""
    numbers = [schema.get(keyword, default) for schema in schemas.values()]
    # A length may be written as 2.0 (JSON Schema 2020-12 Validation §6.3).
    return int(max(numbers, default=default))


def json_types(schemas: list[dict[str, Any]]) -> list[str]:
    """Return the types to try, null last. Without `type` the other keywords say which it is."""
    declared = [schema["type"] for schema in schemas if "type" in schema]
    if declared:
        return _types_in_all(list(map(_listed, declared)))

    excluded = {type_ for schema in schemas for type_ in _excluded(schema)}
    return [type_ for type_ in _undeclared_types(schemas) if type_ not in excluded]


def _listed(declared: Any) -> list[str]:
    return [declared] if isinstance(declared, str) else declared


def _excluded(schema: dict[str, Any]) -> list[str]:
    """The types that `not: {type: …}` leaves out."""
    excluded = schema.get("not")
    if not is_object(excluded) or excluded.keys() != {"type"}:
        return []
    types = _listed(excluded["type"])
    return [*types, "integer"] if "number" in types else types


def _undeclared_types(schemas: list[dict[str, Any]]) -> list[str]:
    keywords = set[str]().union(*schemas)
    for words, types in _TYPES_OF_KEYWORDS:
        if keywords & words:
            return types

    kinds: dict[str, None] = {}
    for schema in schemas:
        kinds |= dict.fromkeys(map(json_kind, schema.get("enum", ())))
    return [*kinds, "string", "object", "array", "integer", "boolean", "null"]


def property_schemas(contract: Contract, schemas: dict[str, Any], name: str) -> Conjunction:
    """Return the schemas of a property (JSON Schema 2020-12 §10.3.2).

    They are the declared one and those of matching patterns; `additionalProperties` only if there
    are none.
    """
    found: list[str] = []
    for pointer, schema in schemas.items():
        current: list[str] = []
        for pattern in schema.get("patternProperties", {}):
            if contract.matches(pattern, name):
                current.append(pointer + join("patternProperties", pattern))
        if name in schema.get("properties", {}):
            current.append(pointer + join("properties", name))
        if not current and "additionalProperties" in schema:
            current.append(pointer + "/additionalProperties")
        found += current

    return tuple(found)


def item_schemas(schemas: dict[str, Any], index: int) -> Conjunction:
    """Return the schemas of one item of an array (JSON Schema 2020-12 §10.3.1)."""
    found: list[str] = []
    for pointer, schema in schemas.items():
        if index < len(schema.get("prefixItems", ())):
            found.append(f"{pointer}/prefixItems/{index}")
        elif "items" in schema:
            found.append(pointer + "/items")

    if not found:
        found = [f"{key}/unevaluatedItems" for key in schemas if "unevaluatedItems" in schemas[key]]
    return tuple(found)


def _types_in_all(allowed: list[list[str]]) -> list[str]:
    """The types that each of these lists allows, in the order of the contract, null last."""
    listed = set[str]().union(*allowed)
    types: list[str] = []
    for type_ in _TYPES:
        if type_ in listed and all(is_type_within(type_, some) for some in allowed):
            types.append(type_)

    def order(type_: str) -> tuple[bool, list[int]]:
        # An integer stands where its list has `number`.
        ranks = [some.index(type_ if type_ in some else "number") for some in allowed]
        return type_ == "null", ranks

    return sorted(types, key=order)
