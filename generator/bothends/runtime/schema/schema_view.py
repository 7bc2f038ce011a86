"""What a schema says about the JSON types at a place, seen through $ref, allOf, anyOf and oneOf.

Text on the wire (a parameter, a form field) has no JSON types: these views tell which ones to try.
They never judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_object, json_type

from .contract import Contract

ALL_TYPES = frozenset({"string", "integer", "number", "boolean", "null", "array", "object"})


class SchemaView:
    """The schemas that apply to one value: one, or more after a step through a composition."""

    def __init__(self, contract: Contract, pointers: tuple[str, ...]) -> None:
        self.contract = contract
        self.pointers = pointers
        self._parts = _parts(contract, pointers)
        self.types: frozenset[str] = frozenset().union(
            *(_types(contract, pointer, {}) for pointer in pointers)
        )
        self.typed = self.types != ALL_TYPES
        self._items: SchemaView | None = None
        self._properties: dict[tuple[str, ...], SchemaView] = {}

    def items(self) -> SchemaView:
        """The view of an array's items."""
        if self._items is None:
            found = tuple(
                pointer + "/items"
                for pointer, schema in self._parts
                if isinstance(schema.get("items"), dict | bool)
            )
            self._items = SchemaView(self.contract, found)

        return self._items

    def property(self, name: str) -> SchemaView:
        """The view of an object's property.

        By its own schema and its patterns', else by that of undeclared properties.
        """
        found = tuple(self._property(name))
        if found not in self._properties:
            self._properties[found] = SchemaView(self.contract, found)
        return self._properties[found]

    def property_names(self) -> list[str]:
        """The names of the declared properties."""
        return list(
            dict.fromkeys(
                name for _, schema in self._parts for name in schema.get("properties", {})
            )
        )

    def is_open(self) -> bool:
        """Whether an object may have properties that no declaration and no pattern describes."""
        closing = ("additionalProperties", "unevaluatedProperties")
        return not any(schema.get(word) is False for _, schema in self._parts for word in closing)

    def alternatives(self) -> list[str]:
        """The pointers of the alternatives of `anyOf` and `oneOf`, one of which a value is of."""
        return [
            f"{pointer}/{word}/{index}"
            for pointer, schema in self._parts
            for word in ("anyOf", "oneOf")
            for index in range(len(schema.get(word, ())))
        ]

    def schemas(self) -> list[dict[str, Any]]:
        """The schemas of this view, with those they refer to and are composed of."""
        return [schema for _, schema in self._parts]

    def matches(self, name: str) -> bool:
        """Whether a pattern of `patternProperties` describes the name of a property."""
        described = (words for _, schema in self._parts for words in self._describing(schema, name))
        return any(keyword == "patternProperties" for keyword, _ in described)

    def accepts(self, value: Any) -> bool:
        """Whether any of the schemas allows the value."""
        return not self.pointers or any(
            self.contract.accepts(pointer, value) for pointer in self.pointers
        )

    def _property(self, name: str) -> list[str]:
        described = [
            pointer + join(keyword, key)
            for pointer, schema in self._parts
            for keyword, key in self._describing(schema, name)
        ]
        return described or [
            pointer + "/additionalProperties"
            for pointer, schema in self._parts
            if isinstance(schema.get("additionalProperties"), dict)
        ]

    def _describing(self, schema: dict[str, Any], name: str) -> Iterator[tuple[str, str]]:
        if name in schema.get("properties", {}):
            yield "properties", name
        for pattern in schema.get("patternProperties", {}):
            if self.contract.matches(pattern, name):
                yield "patternProperties", pattern


def _parts(contract: Contract, pointers: tuple[str, ...]) -> list[tuple[str, dict[str, Any]]]:
    """The schemas at and behind `pointers`, each once, with their pointers."""
    found: dict[str, dict[str, Any]] = {}
    waiting = list(pointers)
    while waiting:
        pointer = waiting.pop(0)
        schema = contract.find(pointer)
        if pointer in found or not is_object(schema):
            continue
        found[pointer] = schema
        waiting.extend(_behind(pointer, schema))

    return list(found.items())


def _behind(pointer: str, schema: dict[str, Any]) -> list[str]:
    targets = [reference(schema)] if "$ref" in schema else []
    for word in ("allOf", "anyOf", "oneOf"):
        targets.extend(f"{pointer}/{word}/{index}" for index in range(len(schema.get(word, ()))))
    return targets


def reference(schema: dict[str, Any]) -> str:
    """The pointer that the schema's `$ref` stands for."""
    target: str = schema["$ref"]
    return target.removeprefix("#")


def _types(
    contract: Contract, pointer: str, found_types: dict[str, frozenset[str]]
) -> frozenset[str]:
    """Return the JSON types that the schema at `pointer` may allow.

    `found_types` are those of the schemas that were examined already.
    """
    if pointer not in found_types:
        # A schema may be an alternative of itself: until its own types are found, it allows all.
        found_types[pointer] = ALL_TYPES
        found_types[pointer] = _allowed_types(contract, pointer, found_types)
    return found_types[pointer]


def _allowed_types(
    contract: Contract, pointer: str, found_types: dict[str, frozenset[str]]
) -> frozenset[str]:
    schema = contract.find(pointer)
    if schema is False:
        return frozenset()
    if not is_object(schema):
        return ALL_TYPES

    types = _own_types(schema)
    if "$ref" in schema:
        types &= _types(contract, reference(schema), found_types)

    for index in range(len(schema.get("allOf", ()))):
        types &= _types(contract, f"{pointer}/allOf/{index}", found_types)

    for word in ("anyOf", "oneOf"):
        if word in schema:
            branches = range(len(schema[word]))
            types &= frozenset().union(
                *(_types(contract, f"{pointer}/{word}/{index}", found_types) for index in branches)
            )

    return types


def _own_types(schema: dict[str, Any]) -> frozenset[str]:
    types = ALL_TYPES
    if "type" in schema:
        declared = schema["type"]
        types = frozenset([declared] if isinstance(declared, str) else declared)
        types |= {"integer"} if "number" in types else frozenset()

    values = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if values is not None:
        types &= {json_type(value) for value in values} | {"number"}

    return types
