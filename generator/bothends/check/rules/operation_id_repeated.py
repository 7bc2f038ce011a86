"""An operationId must occur once in the contract.

Why: OpenAPI 3.1 §4.8.10 demands it, and two methods cannot have one name.

Bad:

    /tides: {get: {operationId: list}}
    /moons: {get: {operationId: list}}

Better:

    /tides: {get: {operationId: listTides}}
    /moons: {get: {operationId: listMoons}}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below, split
from bothends.openapi.problem import Problem

SEVERITY = Severity.ERROR


def check(contract: Contract) -> Iterator[Problem]:
    """Every use of an id after its first."""
    first: dict[str, str] = {}
    for node in contract.nodes("operation"):
        declared = node.value.get("operationId")
        if not isinstance(declared, str):
            continue

        if declared in first:
            line = contract.document.location_of(first[declared]).line
            _, path, method, *_ = split(first[declared])
            yield Problem(
                below(node.pointer, "operationId"),
                f'operationId "{declared}" is that of {method.upper()} {path} too (line {line}).',
                "Give one of the two operations another operationId.",
            )
        else:
            first[declared] = below(node.pointer, "operationId")
