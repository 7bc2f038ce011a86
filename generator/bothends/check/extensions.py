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
    """`x-on-invalid` must name a documented reply and, if any, examples of it.

    At the root it is for the operations that document the reply: there must be one.
    """
    for operation in contract.operations:
        if declared := as_object(operation.value.get("x-on-invalid")):
            pointer = below(operation.pointer, "x-on-invalid")
            yield from _on_invalid(contract, pointer, declared, [operation])

    declared = as_object(contract.document.data.get("x-on-invalid"))
    if declared and contract.operations:
        yield from _on_invalid(contract, "/x-on-invalid", declared, contract.operations)


def _on_invalid(
    contract: Contract, pointer: str, declared: dict[str, Any], operations: list[Operation]
) -> Iterator[Problem]:
    status = str(declared.get("status"))
    documented: dict[str, None] = {}
    names: dict[str, None] = {}
    found = ""

    for operation in operations:
        replies = as_object(operation.value.get("responses"))
        documented |= dict.fromkeys(replies)
        # OpenAPI 3.1 §4.8.16: a status stands before its range, and both before `default`.
        keys = (key for key in (status, f"{status[:1]}XX", "default") if key in replies)
        key = next(keys, None)
        if key is not None:
            found = found or key
            reply, _ = contract.resolve(replies[key], "")
            for media in as_object(reply.get("content")).values():
                names |= dict.fromkeys(as_object(as_object(media).get("examples")))

    is_one = len(operations) == 1
    if not found:
        subject = "The operation documents no" if is_one else "No operation documents a"
        words = f"Documented: {listed(sorted(documented))}." if documented else ""
        yield Problem(below(pointer, "status"), f"{subject} reply {status}.", words)
        return

    subject = f"The reply {found} has no" if is_one else f"No reply {found} has an"
    existing = f"It has: {listed(names)}." if names else "It has no named examples."
    for location, name in _wanted_examples(pointer, declared):
        if isinstance(name, str) and name not in names:
            yield Problem(location, f'{subject} example named "{name}".', existing)


def _wanted_examples(pointer: str, declared: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Where an example is named, and its name."""
    # Both spellings exist because OpenAPI has both for media types.
    if "example" in declared:
        yield below(pointer, "example"), declared["example"]
    for keyword, name in as_object(declared.get("examples")).items():
        yield below(pointer, "examples", keyword), name
