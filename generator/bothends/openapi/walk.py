"""Finds the schemas inside other schemas (JSON Schema 2020-12 §10, §11) and inside a document.

Example: of `{items: {type: string}, properties: {a: {}}}` at `/s` the subschemas are the slots
`/s/items` and `/s/properties/a`.

The walks expect references to parameters, bodies, responses and headers to be inlined already.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from bothends.openapi.grammar import GRAMMAR, METHODS
from bothends.openapi.json_value import as_object, is_array, is_object
from bothends.openapi.pointer import below


def _keywords(shape: str) -> tuple[str, ...]:
    rules = GRAMMAR["schema"]
    return tuple(keyword for keyword in rules if rules[keyword] == (shape, "schema"))


ONE, MANY, KEYED = _keywords("one"), _keywords("list"), _keywords("map")
"""The keywords that hold a schema, a list of schemas, and schemas by name."""


MORE_METHODS = "x-methods"
"""The key of a normalised document that lists the methods beside those of `METHODS`."""


class Slot(NamedTuple):
    """A place that holds a schema: `holder[key]` is the schema, `pointer` its place in the document."""

    pointer: str
    holder: Any
    key: Any


_HOLDING = frozenset((*ONE, *MANY, *KEYED))


def subschemas(schema: Any, pointer: str) -> Iterator[Slot]:
    """The schemas directly inside a schema."""
    if not is_object(schema) or _HOLDING.isdisjoint(schema):
        return

    for keyword in ONE:
        # `true` and `false` are schemas too (JSON Schema 2020-12 Core §4.3.2).
        if isinstance(schema.get(keyword), dict | bool):
            yield Slot(below(pointer, keyword), schema, keyword)

    for keyword in MANY:
        if is_array(members := schema.get(keyword)):
            for index in range(len(members)):
                yield Slot(below(pointer, keyword, index), members, index)

    for keyword in KEYED:
        if is_object(found := schema.get(keyword)):
            for name in found:
                yield Slot(below(pointer, keyword, name), found, name)


def methods_of(data: dict[str, Any]) -> tuple[str, ...]:
    """The keys of path items that are operations, in a normalised document."""
    return (*METHODS, *data.get(MORE_METHODS, ()))


def operations(data: dict[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Each operation as (pointer, path, method, operation object), in the order of the contract."""
    paths = data.get("paths")
    methods = methods_of(data)
    for path, item in as_object(paths).items():
        for method in item if is_object(item) else ():
            if method in methods and is_object(item[method]):
                yield below("", "paths", path, method), path, method, item[method]


def schema_uses(data: dict[str, Any]) -> Iterator[Slot]:
    """Every outermost schema: those of operations, then the component schemas."""
    for pointer, _path, _method, operation in operations(data):
        for index, parameter in enumerate(operation.get("parameters", ())):
            yield from _described(parameter, below(pointer, "parameters", index))
        yield from _content(operation.get("requestBody"), below(pointer, "requestBody"))
        responses = operation.get("responses")
        for status, response in as_object(responses).items():
            yield from _response(response, below(pointer, "responses", status))

    schemas = data.get("components", {}).get("schemas", {})
    for name in schemas:
        yield Slot(below("/components/schemas", name), schemas, name)


def all_schemas(data: dict[str, Any]) -> Iterator[Slot]:
    """Every schema of the document, a schema before those inside it."""
    stack = list(schema_uses(data))[::-1]
    while stack:
        slot = stack.pop()
        yield slot
        stack.extend(list(subschemas(slot.holder[slot.key], slot.pointer))[::-1])


def _response(response: Any, pointer: str) -> Iterator[Slot]:
    if is_object(response):
        yield from _content(response, pointer)
        for name, header in as_object(response.get("headers")).items():
            yield from _described(header, below(pointer, "headers", name))


def _described(described: Any, pointer: str) -> Iterator[Slot]:
    if is_object(described):
        if isinstance(described.get("schema"), dict | bool):
            yield Slot(below(pointer, "schema"), described, "schema")
        yield from _content(described, pointer)


def _content(holder: Any, pointer: str) -> Iterator[Slot]:
    content = holder.get("content") if is_object(holder) else None
    for media_type, described in as_object(content).items():
        if is_object(described) and isinstance(described.get("schema"), dict | bool):
            yield Slot(below(pointer, "content", media_type, "schema"), described, "schema")
