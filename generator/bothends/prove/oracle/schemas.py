"""Look up what schemas say of a value, without judging the value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import chain
from typing import Any

from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_object
from bothends.runtime.schema.contract import Contract

_DEEP = 20
MOST_KEPT = 10_000
"""Requests are judged by the thousand. Some pointers have names of a request in them."""


@lru_cache(MOST_KEPT)
def schemas_at(contract: Contract, pointer: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    """The schema with those that it refers to and is composed of, each with its place."""
    return tuple(_composed(contract, pointer, _DEEP))


def _composed(contract: Contract, pointer: str, depth: int) -> Iterator[tuple[str, dict[str, Any]]]:
    schema = contract.find(pointer)
    if not is_object(schema) or not depth:
        return

    yield pointer, schema
    if "$ref" in schema:
        yield from _composed(contract, schema["$ref"].removeprefix("#"), depth - 1)

    for word in ("allOf", "anyOf", "oneOf"):
        for index in range(len(schema.get(word, ()))):
            yield from _composed(contract, f"{pointer}/{word}/{index}", depth - 1)


@lru_cache(MOST_KEPT)
def types_at(contract: Contract, *pointers: str) -> AbstractSet[str]:
    """The types of which schemas speak; none where they speak of none."""
    found: set[str] = set()
    for pointer in pointers:
        for _, schema in schemas_at(contract, pointer):
            declared = schema.get("type", [])
            found |= {declared} if isinstance(declared, str) else set(declared)

    return frozenset(found)


@lru_cache(MOST_KEPT)
def may_mean_object(contract: Contract, pointer: str) -> bool:
    """Whether a text may stand for an object: a type says so, or properties without any type."""
    types = types_at(contract, pointer)
    return "object" in types or (not types and bool(property_names(contract, pointer)))


def are_of_objects(types: AbstractSet[str]) -> bool:
    """Whether values of these types are objects, or null: in forms and parts they are JSON."""
    return "object" in types and types <= {"object", "null"}


@lru_cache(MOST_KEPT)
def inner(contract: Contract, pointer: str, *words: str) -> tuple[str, ...]:
    """Find the pointers below a schema, and below the schemas it is composed of."""
    places: Iterable[str] = (item + join(*words) for item, _ in schemas_at(contract, pointer))
    return tuple(location for location in places if contract.find(location) is not None)


def item_schemas(contract: Contract, places: Iterable[str], index: int) -> list[str]:
    """The places of the schemas of one item: `prefixItems` are of the first ones."""
    found: list[str] = []
    for place, schema in chain.from_iterable(schemas_at(contract, at) for at in places):
        if index < len(schema.get("prefixItems", ())):
            found.append(place + join("prefixItems", index))
        elif "items" in schema:
            found.append(place + join("items"))
    return found


@lru_cache(MOST_KEPT)
def property_names(contract: Contract, pointer: str) -> tuple[str, ...]:
    """The properties that a schema of objects names."""
    found: dict[str, None] = {}
    for _, schema in schemas_at(contract, pointer):
        found |= dict.fromkeys(schema.get("properties", {}))
    return tuple(found)


def property_schemas(contract: Contract, pointer: str, name: str) -> list[str]:
    """The places of the schemas of one property, named or not."""
    described = list(inner(contract, pointer, "properties", name))
    for item, schema in schemas_at(contract, pointer):
        for pattern in schema.get("patternProperties", {}):
            if contract.matches(pattern, name):
                described.append(item + join("patternProperties", pattern))
    return described or list(inner(contract, pointer, "additionalProperties"))
