"""The schemas that requests and replies carry: all that are reached from their parameters and bodies.

Example: the body of `addTide` is `{$ref: '#/components/schemas/Tide'}`, and a tide has a `Harbour`.
Then the schemas of requests are the body's, those of `Tide` and its properties, and so those of `Harbour`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.pointer import below
from bothends.openapi.reference import reference_of


def request_schemas(contract: Contract) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each schema that a request can carry, once, with its pointer."""
    starts: list[tuple[str, Any]] = []
    for operation in contract.operations:
        starts += [(pointer, node) for node, pointer in contract.parameters(operation)]
        body = operation.value.get("requestBody")
        starts.append((below(operation.pointer, "requestBody"), body))
    return _reached(contract, starts)


def reply_schemas(contract: Contract) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each schema that a reply can carry, once, with its pointer."""
    starts = [
        (below(operation.pointer, "responses"), operation.value.get("responses"))
        for operation in contract.operations
    ]
    return _reached(contract, starts)


def _reached(
    contract: Contract, starts: Iterable[tuple[str, Any]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    seen: set[str] = set()
    stack = list(reversed(list(starts)))
    while stack:
        pointer, value = stack.pop()
        # Schemas contain themselves, so a walk that forgets where it was has no end.
        if pointer in seen:
            continue
        seen.add(pointer)

        if not is_object(value):
            items = [(below(pointer, index), item) for index, item in enumerate(as_array(value))]
            stack += reversed(items)
            continue

        if contract.kinds.get(pointer) == "schema":
            yield pointer, value
        if reference_of(value) is not None:
            found, target = contract.resolve(value, pointer)
            stack.append((target, found))

        # Examples and extensions hold values, which only look like schemas now and then.
        members = [
            (below(pointer, name), item)
            for name, item in as_object(value).items()
            if name not in ("example", "examples", "default", "enum", "const")
            and not name.startswith("x-")
        ]
        stack += reversed(members)
