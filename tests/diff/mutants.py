"""Contracts with one change each: every keyword of every schema, changed in each way that matters."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bothends.load import Document
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import split
from bothends.openapi.walk import all_schemas, subschemas

_SIZES = ("maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties")
_BOUNDS = ("maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum")
_REMOVED = (
    *("type", "enum", "const", "pattern", "format", "required", "additionalProperties", "items"),
    *("prefixItems", "allOf", "anyOf", "oneOf", "not", "contains", "uniqueItems", "multipleOf"),
    *("propertyNames", "patternProperties", "dependentRequired", "dependentSchemas", "if"),
    *("then", "else", "minContains", "maxContains", "unevaluatedProperties", "unevaluatedItems"),
    *("$ref", "properties", *_SIZES, *_BOUNDS),
)
_ADDED: dict[str, dict[str, Any]] = {
    "string": {
        "maxLength": 3,
        "minLength": 1,
        "pattern": "^[a-z]*$",
        "format": "date",
        "enum": ["a", "b"],
        "const": "a",
    },
    "integer": {"minimum": 0, "maximum": 100, "multipleOf": 5, "exclusiveMinimum": 0, "const": 1},
    "number": {"minimum": 0, "exclusiveMaximum": 100, "multipleOf": 0.5, "enum": [0.5, 1]},
    "array": {"maxItems": 2, "minItems": 1, "uniqueItems": True, "contains": {"type": "string"}},
    "object": {
        "additionalProperties": False,
        "maxProperties": 1,
        "minProperties": 1,
        "propertyNames": {"maxLength": 4},
        "required": ["added"],
    },
}


@dataclass(frozen=True)
class Mutant:
    """A contract, and the same with one change.

    Args:
        contract: The name of the contract.
        pointer: The schema that was changed.
        change: What was done to it: `maxLength more`.
        old: The contract, normalised.
        new: The same with the change.
    """

    contract: str
    pointer: str
    change: str
    old: Document
    new: Document

    @property
    def keyword(self) -> str:
        return self.change.partition(" ")[0]


def schema_mutants(name: str, document: Document) -> Iterator[Mutant]:
    """Every change of every schema of a normalised contract."""
    for slot in all_schemas(document.data):
        schema = slot.holder[slot.key]
        for change, changed in schema_changes(schema, document):
            data = with_value(document.data, slot.pointer, changed)
            if not _applies_itself(data, slot.pointer):
                yield Mutant(name, slot.pointer, change, document, document.with_data(data, {}))


_IN_PLACE = frozenset(("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"))


def _applies_itself(data: dict[str, Any], pointer: str) -> bool:
    """Whether a schema is applied to a value by way of itself.

    It has no meaning then (JSON Schema 2020-12 Core §9.4.1), and validators do not end.
    """
    seen: set[str] = set()
    waiting = [pointer]
    while waiting:
        at = waiting.pop()
        schema = _value_at(data, at)
        below = [
            slot.pointer
            for slot in subschemas(schema, at)
            if split(slot.pointer.removeprefix(at))[0] in _IN_PLACE
        ]
        if is_object(schema) and isinstance(schema.get("$ref"), str):
            below.append(schema["$ref"].removeprefix("#"))
        if pointer in below:
            return True

        waiting += [inner for inner in below if inner not in seen]
        seen.update(below)

    return False


def _value_at(data: dict[str, Any], pointer: str) -> Any:
    node: Any = data
    for step in split(pointer):
        node = node[int(step)] if is_array(node) else node[step]
    return node


def with_value(data: Any, pointer: str, value: Any) -> Any:
    """A copy of a document with another value at a pointer; the rest is shared."""
    steps = split(pointer)
    changed = copy.copy(data)
    node = changed
    for step in steps[:-1]:
        key: Any = int(step) if is_array(node) else step
        node[key] = copy.copy(node[key])
        node = node[key]

    node[int(steps[-1]) if is_array(node) else steps[-1]] = value
    return changed


def schema_changes(schema: Any, document: Document) -> Iterator[tuple[str, Any]]:
    """Each changed schema, with what was done."""
    if not is_object(schema):
        yield "boolean turned", not schema
        return

    yield "description changed", {**schema, "description": "Another description."}
    yield "allOf around", {"allOf": [schema]}
    yield "anyOf around", {"anyOf": [schema]}
    yield "oneOf with null", {"oneOf": [schema, {"type": "null"}]}
    yield "anyOf with boolean", {"anyOf": [schema, {"type": "boolean"}]}
    yield "not itself", {"not": schema}
    for keyword in _REMOVED:
        if keyword in schema:
            remaining = {key: value for key, value in schema.items() if key != keyword}
            yield f"{keyword} gone", remaining

    yield from _of_numbers(schema)
    yield from _of_types(schema)
    yield from _of_values(schema)
    yield from _of_objects(schema)
    yield from _of_arrays(schema)
    yield from _of_unions(schema)
    yield from _of_references(schema, document)
    for kind in _kinds(schema):
        for keyword, value in _ADDED.get(kind, {}).items():
            if keyword not in schema:
                yield f"{keyword} added", {**schema, keyword: value}


def _kinds(schema: dict[str, Any]) -> list[str]:
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else [*kind]


def _of_numbers(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for keyword in (*_SIZES, *_BOUNDS, "minContains", "maxContains"):
        limit = schema.get(keyword)
        if isinstance(limit, int | float):
            yield f"{keyword} more", {**schema, keyword: limit + 1}
            if limit > 0 or keyword in _BOUNDS:
                yield f"{keyword} less", {**schema, keyword: limit - 1}

    for keyword, other in (("maximum", "exclusiveMaximum"), ("minimum", "exclusiveMinimum")):
        for before, after in ((keyword, other), (other, keyword)):
            if before in schema and after not in schema:
                remaining = {key: value for key, value in schema.items() if key != before}
                yield f"{before} became {after}", {**remaining, after: schema[before]}

    if "multipleOf" in schema:
        yield "multipleOf doubled", {**schema, "multipleOf": schema["multipleOf"] * 2}
        yield "multipleOf tripled", {**schema, "multipleOf": schema["multipleOf"] * 3}


def _of_types(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    kinds = _kinds(schema)
    for kind in ("null", "integer", "number", "string", "boolean"):
        if kinds and kind not in kinds:
            yield f"type {kind} too", {**schema, "type": [*kinds, kind]}
            yield f"type {kind} alone", {**schema, "type": kind}
    for kind in kinds if len(kinds) > 1 else ():
        yield f"type {kind} gone", {**schema, "type": [item for item in kinds if item != kind]}

    if len(kinds) == 1:
        yield "type listed", {**schema, "type": kinds}
    elif kinds:
        yield "type another order", {**schema, "type": kinds[::-1]}
        remaining = {key: value for key, value in schema.items() if key != "type"}
        yield "type as anyOf", {"anyOf": [{**remaining, "type": kind} for kind in kinds]}


def _of_values(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    values = as_array(schema.get("enum"))
    if values:
        yield "enum with another", {**schema, "enum": [*values, "another"]}
        yield "enum with null", {**schema, "enum": [*values, None]}
        yield "enum another order", {**schema, "enum": values[::-1]}
    if len(values) > 1:
        yield "enum without the last", {**schema, "enum": values[:-1]}

    remaining = {key: value for key, value in schema.items() if key not in ("const", "enum")}
    if "const" in schema:
        yield "const changed", {**schema, "const": "changed"}
        yield "const as enum", {**remaining, "enum": [schema["const"]]}
        yield "const as larger enum", {**remaining, "enum": [schema["const"], "another"]}
    if len(values) == 1:
        yield "enum as const", {**remaining, "const": values[0]}
    if "pattern" in schema:
        yield "pattern changed", {**schema, "pattern": "^x"}
        yield "pattern with end", {**schema, "pattern": f"(?:{schema['pattern']})$"}
    if "format" in schema:
        for name in ("date", "uri", "email", "uuid"):
            if schema["format"] != name:
                yield f"format now {name}", {**schema, "format": name}


def _of_objects(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    properties = as_object(schema.get("properties"))
    required = as_array(schema.get("required"))
    if properties:
        yield (
            "properties added",
            {**schema, "properties": {**properties, "added": {"type": "string"}}},
        )
        yield (
            "properties another order",
            {**schema, "properties": dict(reversed(properties.items()))},
        )
    for name in properties:
        without = {key: value for key, value in properties.items() if key != name}
        yield f"properties without {name}", {**schema, "properties": without}
        renamed = {**without, f"{name}s": properties[name]}
        yield f"properties renamed {name}", {**schema, "properties": renamed}
        yield f"properties anything {name}", {**schema, "properties": {**properties, name: {}}}
        if name not in required:
            yield f"required also {name}", {**schema, "required": [*required, name]}
    for name in required:
        yield (
            f"required without {name}",
            {
                **schema,
                "required": [item for item in required if item != name],
            },
        )

    for value in (True, False, {"type": "string"}, {"type": "integer"}):
        if "additionalProperties" in schema and schema["additionalProperties"] != value:
            yield "additionalProperties changed", {**schema, "additionalProperties": value}
    for keyword in ("patternProperties", "dependentSchemas"):
        for name in as_object(schema.get(keyword)):
            yield f"{keyword} looser", {**schema, keyword: {**schema[keyword], name: {}}}


def _of_arrays(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    if "items" in schema:
        yield "items anything", {**schema, "items": {}}
        yield "items boolean", {**schema, "items": {"type": "boolean"}}
    if "uniqueItems" in schema:
        yield "uniqueItems turned", {**schema, "uniqueItems": schema["uniqueItems"] is not True}
    first = as_array(schema.get("prefixItems"))
    if first:
        yield "prefixItems shorter", {**schema, "prefixItems": first[:-1]}
        yield "prefixItems longer", {**schema, "prefixItems": [*first, {"type": "string"}]}
    if "contains" in schema:
        yield "contains anything", {**schema, "contains": {}}


def _of_unions(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for keyword in ("allOf", "anyOf", "oneOf"):
        parts = as_array(schema.get(keyword))
        if not parts:
            continue
        yield f"{keyword} another order", {**schema, keyword: parts[::-1]}
        yield f"{keyword} with boolean", {**schema, keyword: [*parts, {"type": "boolean"}]}
        yield f"{keyword} with its first again", {**schema, keyword: [*parts, parts[0]]}
        if len(parts) > 1:
            yield f"{keyword} without the last", {**schema, keyword: parts[:-1]}
        for other in ("anyOf", "oneOf", "allOf"):
            if other not in schema:
                remaining = {key: value for key, value in schema.items() if key != keyword}
                yield f"{keyword} became {other}", {**remaining, other: parts}


def _of_references(schema: dict[str, Any], document: Document) -> Iterator[tuple[str, Any]]:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return
    target = document.value_at(reference.removeprefix("#"))
    if is_object(target):
        remaining = {key: value for key, value in schema.items() if key != "$ref"}
        yield "$ref written out", {**target, **remaining}
    for name in as_object(as_object(document.data["components"]).get("schemas")):
        other = f"#/components/schemas/{name}"
        if other != reference and "/" not in name and "~" not in name:
            yield "$ref to another", {**schema, "$ref": other}
            break
