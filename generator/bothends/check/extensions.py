"""`x-on-invalid` must name what the operation documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.nearest import listed
from bothends.openapi.contract import Contract, Operation
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem


def check_on_invalid(contract: Contract) -> Iterator[Problem]:
    """`x-on-invalid` must name a documented reply and, if any, examples of it."""
    for operation in contract.operations:
        if declared := as_object(operation.value.get("x-on-invalid")):
            yield from _on_invalid(contract, operation, declared)


def _on_invalid(
    contract: Contract, operation: Operation, declared: dict[str, Any]
) -> Iterator[Problem]:
    pointer = below(operation.pointer, "x-on-invalid")
    status = str(declared.get("status"))
    replies = as_object(operation.value.get("responses"))

    # OpenAPI 3.1 §4.8.16: a status stands before its range, and both before `default`.
    key = next((key for key in (status, f"{status[:1]}XX", "default") if key in replies), None)
    if key is None:
        yield Problem(
            below(pointer, "status"),
            f"The operation documents no reply {status}.",
            f"It documents {listed(replies)}.",
        )
        return

    reply, _ = contract.resolve(replies[key], "")
    media_types = as_object(reply.get("content")).values()
    names = [name for media in media_types for name in as_object(as_object(media).get("examples"))]
    existing = f"It has: {listed(names)}." if names else "It has no named examples."

    for location, name in _wanted_examples(pointer, declared):
        if isinstance(name, str) and name not in names:
            yield Problem(location, f'The reply {key} has no example named "{name}".', existing)


def _wanted_examples(pointer: str, declared: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Where an example is named, and its name."""
    # Both spellings exist because OpenAPI has both for media types.
    if "example" in declared:
        yield below(pointer, "example"), declared["example"]
    for keyword, name in as_object(declared.get("examples")).items():
        yield below(pointer, "examples", keyword), name
