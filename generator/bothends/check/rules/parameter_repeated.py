"""An operation must not have two parameters of one name and location; the names of headers are compared without case.

Why: OpenAPI 3.1 §4.8.12.1 and RFC 9110 §5.1. On the wire the two cannot be told apart.

Bad:

    - {name: X-Limit, in: header, schema: {type: integer}}
    - {name: x-limit, in: header, schema: {type: string}}

Better:

    - {name: X-Limit, in: header, schema: {type: integer}}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.check.problem import Problem
from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below

SEVERITY = Severity.ERROR


def check(contract: Contract) -> Iterator[Problem]:
    """Parameters that equal another one of the operation."""
    for operation in contract.operations:
        seen: set[tuple[str, str]] = set()
        for parameter, pointer in contract.parameters(operation):
            name, location = str(parameter.get("name")), str(parameter.get("in"))
            key = (name.lower() if location == "header" else name, location)
            if key in seen:
                message = f"{operation.method.upper()} has another {location} parameter {name}."
                yield Problem(below(pointer, "name"), message, "Keep one of the two.")
            seen.add(key)
