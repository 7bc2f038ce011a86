"""The schemas that requests and replies carry: all that are reached from their parameters and bodies.

Example: the body of `addTide` is `{$ref: '#/components/schemas/Tide'}`, and a tide has a `Harbour`.
Then the schemas of requests are the body's, those of `Tide` and its properties, and so those of `Harbour`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bothends.openapi.contract import Contract, children
from bothends.openapi.grammar import Kind
from bothends.openapi.json_value import as_array, is_object
from bothends.openapi.pointer import below
from bothends.openapi.reference import component_key, reference_of

_Node = tuple[Kind, str, Any]


def request_schemas(contract: Contract) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each schema that a request can carry, once, with its pointer."""
    starts: list[_Node] = []
    for operation in contract.operations:
        parameters = contract.parameters(operation)
        starts += [("parameter", pointer, value) for value, pointer in parameters]
        pointer = below(operation.pointer, "requestBody")
        starts.append(("request body", pointer, operation.value.get("requestBody")))
    return _reached(contract, starts)


def reply_schemas(contract: Contract) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each schema that a reply can carry, once, with its pointer."""
    starts: list[_Node] = []
    for operation in contract.operations:
        pointer = below(operation.pointer, "responses")
        starts.append(("responses", pointer, operation.value.get("responses")))

    return _reached(contract, starts)


def _reached(contract: Contract, starts: Iterable[_Node]) -> Iterator[tuple[str, dict[str, Any]]]:
    seen: set[str] = set()
    stack = list(reversed(list(starts)))
    while stack:
        kind, pointer, value = stack.pop()
        if pointer in seen or not is_object(value):
            continue
        seen.add(pointer)

        if reference_of(value) is not None:
            found, target = contract.resolve(value, pointer)
            stack.append((kind, target, found))
        elif kind == "schema":
            yield pointer, value
        stack += reversed(list(children(kind, pointer, value)))


def limited_by_others(contract: Contract, keywords: frozenset[str]) -> set[str]:
    """The schemas that another one, for the same value, limits by one of these keywords.

    Example: of `allOf: [{$ref: '#/components/schemas/Names'}, {maxItems: 9}]` that is `Names`,
    unless it is referred to from elsewhere as well, without a limit.
    """
    wholes, limited, unlimited = set[str](), set[str](), set[str]()
    for node in contract.nodes("schema", "reference"):
        schema, refers = node.value, reference_of(node.value) is not None
        # Another name of a schema is no use of it, and chains of names would be followed anew.
        is_name = refers and set(schema) == {"$ref"} and component_key(node.pointer) is not None
        if is_name or (refers and contract.kind_needed_at(node.pointer) != "schema"):
            continue

        parts = [
            contract.resolve(part, below(node.pointer, "allOf", index))
            for index, part in enumerate(as_array(schema.get("allOf")))
        ]
        if refers:
            parts.append(contract.resolve(schema, node.pointer))
        # OpenAPI 3.0.3 §4.7.23.1: what is beside a `$ref` is ignored.
        values = [] if refers and contract.is_v3_0 else [schema]
        values += [value for value, _ in parts]

        pointers = {pointer for _, pointer in parts}
        above, _, _ = node.pointer.rpartition("/")
        is_part_of_limited = above.endswith("/allOf") and above.removesuffix("/allOf") in wholes
        if is_part_of_limited or any(keywords & set(value) for value in values):
            wholes.add(node.pointer)
            limited |= pointers
        else:
            unlimited |= pointers
    return limited - unlimited
