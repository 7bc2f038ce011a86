"""A success without a body, beside one that has a body, is often an oversight.

Why: a caller gets a value or `None`, and must tell them apart at every call.

Bad:

    '200': {description: It., content: {application/json: {schema: {type: object}}}}
    '201': {description: Made.}

Better:

    '201': {description: Made., content: {application/json: {schema: {type: object}}}}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.INFO
# These have no body by definition (RFC 9110 §15.3.5, §15.3.6), 202 has none by custom.
_BLANK = ("202", "204", "205")


def check(contract: Contract) -> Iterator[Problem]:
    """Successes without a body, in operations where another has one."""
    for operation in contract.operations:
        responses = as_object(operation.value.get("responses"))
        bare: list[str] = []
        full: list[str] = []
        for status, value in responses.items():
            if status.startswith("2") and status not in _BLANK:
                pointer = below(operation.pointer, "responses", status)
                found, _ = contract.resolve(value, pointer)
                (full if as_object(found.get("content")) else bare).append(status)

        for status in bare if full else []:
            yield Problem(
                below(operation.pointer, "responses", status),
                f"The success {status} has no body, {full[0]} has one.",
                "Add its content, or make it a 204.",
                key=True,
            )
