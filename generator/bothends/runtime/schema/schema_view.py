"""What a schema says about the JSON types at a place, seen through $ref, allOf, anyOf and oneOf.

Text on the wire (a parameter, a form field) has no JSON types: these views tell which ones to try.
They never judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_object, json_type

from .composition import COMPOSING, branches, composed, reference
from .contract import Contract

ALL_TYPES = frozenset({"string", "integer", "number", "boolean", "null", "array", "object"})


class SchemaView:
    """The schemas that apply to one value: one, or more after a step through a composition."""

    def __init__(self, contract: Contract, pointers: tuple[str, ...]) -> None:
        self.contract = contract
        self.pointers = pointers
        parts = composed(contract.find, pointers, *COMPOSING)
        self._parts = [(key, schema) for key, schema in parts.items() if is_object(schema)]
        self.types: frozenset[str] = frozenset()
        for pointer in pointers:
            self.types |= _types(contract, pointer, {})
        self.typed = self.types != ALL_TYPES
        self._items: SchemaView | None = None
        prefixes = [schema.get("prefixItems", ()) for _, schema in self._parts]
        self._tuple: list[SchemaView | None] = [None] * max(map(len, prefixes), default=0)
        self._properties: dict[tuple[str, ...], SchemaView] = {}

    def items(self) -> SchemaView:
        """The view of an array's items."""
        if self._items is None:
            found: list[str] = []
            for pointer, schema in self._parts:
                if isinstance(schema.get("items"), dict | bool):
                    found.append(pointer + "/items")
            self._items = SchemaView(self.contract, tuple(found))

        return self._items

    def item(self, index: int) -> SchemaView:
        """The view of one item: by `prefixItems` at the head of an array, by `items` after it."""
        if index >= len(self._tuple):
            return self.items()

        view = self._tuple[index]
        if view is None:
            found: list[str] = []
            for pointer, schema in self._parts:
                if index < len(schema.get("prefixItems", ())):
                    found.append(f"{pointer}/prefixItems/{index}")
                elif isinstance(schema.get("items"), dict | bool):
                    found.append(pointer + "/items")
            view = self._tuple[index] = SchemaView(self.contract, tuple(found))
        return view

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
        names: dict[str, None] = {}
        for _, schema in self._parts:
            names |= dict.fromkeys(schema.get("properties", {}))
        return list(names)

    def is_open(self) -> bool:
        """Whether an object may have properties that no declaration and no pattern describes."""
        closing = ("additionalProperties", "unevaluatedProperties")
        return not any(schema.get(word) is False for _, schema in self._parts for word in closing)

    def alternatives(self) -> list[str]:
        """The pointers of the alternatives of `anyOf` and `oneOf`, one of which a value is of."""
        found: list[str] = []
        for pointer, schema in self._parts:
            found += branches(pointer, schema, "anyOf", "oneOf")
        return found

    def schemas(self) -> list[dict[str, Any]]:
        """The schemas of this view, with those they refer to and are composed of."""
        return [schema for _, schema in self._parts]

    def matches(self, name: str) -> bool:
        """Whether a pattern of `patternProperties` describes the name of a property."""
        described = (words for _, schema in self._parts for words in self._describing(schema, name))
        return any(keyword == "patternProperties" for keyword, _ in described)

    def accepts(self, value: Any) -> bool:
        """Whether any of the schemas allows the value."""
        if not self.pointers:
            return True
        return any(self.contract.accepts(pointer, value) for pointer in self.pointers)

    def _property(self, name: str) -> list[str]:
        described: list[str] = []
        others: list[str] = []
        for pointer, schema in self._parts:
            described += [pointer + join(*words) for words in self._describing(schema, name)]
            if isinstance(schema.get("additionalProperties"), dict):
                others.append(pointer + "/additionalProperties")

        # JSON Schema 2020-12 §10.3.2.3: `additionalProperties` is for names that nothing describes.
        return described or others

    def _describing(self, schema: dict[str, Any], name: str) -> Iterator[tuple[str, str]]:
        if name in schema.get("properties", {}):
            yield "properties", name
        for pattern in schema.get("patternProperties", {}):
            if self.contract.matches(pattern, name):
                yield "patternProperties", pattern


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

    for branch in branches(pointer, schema, "allOf"):
        types &= _types(contract, branch, found_types)

    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            alternatives = branches(pointer, schema, keyword)
            allowed = [_types(contract, branch, found_types) for branch in alternatives]
            types &= frozenset().union(*allowed)

    return types


def _own_types(schema: dict[str, Any]) -> frozenset[str]:
    types = ALL_TYPES
    if "type" in schema:
        declared = schema["type"]
        types = frozenset([declared] if isinstance(declared, str) else declared)
        if "number" in types:
            types |= {"integer"}

    if "enum" in schema:
        values = schema["enum"]
    elif "const" in schema:
        values = [schema["const"]]
    else:
        return types

    # The type of 1 is integer, and 1.0 is equal to it.
    return types & {*map(json_type, values), "number"}
