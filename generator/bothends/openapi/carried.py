"""The schemas that requests and replies carry: all that are reached from their parameters and bodies.

Example: the body of `addTide` is `{$ref: '#/components/schemas/Tide'}`, and a tide has a `Harbour`.
Then the schemas of requests are the body's, those of `Tide` and its properties, and so those of `Harbour`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bothends.openapi.contract import Contract, children
from bothends.openapi.grammar import Kind
from bothends.openapi.json_value import is_object
from bothends.openapi.pointer import below
from bothends.openapi.reference import reference_of

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
