"""`example` and `examples` exclude each other.

Why: OpenAPI 3.1 §4.8.12.2 and §4.8.14.1. Tools show one of the two, and not the same one.

Bad:

    schema: {type: string}
    example: low
    examples: {high: {value: high}}

Better:

    schema: {type: string}
    examples: {low: {value: low}, high: {value: high}}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING


def check(contract: Contract) -> Iterator[Problem]:
    """Media types, parameters and headers with both."""
    for node in contract.nodes("media type", "parameter", "header"):
        if {"example", "examples"} <= node.value.keys():
            message = "There is `example` beside `examples`, and one excludes the other."
            hint = "Make it one of the examples, under a name of its own."
            yield Problem(below(node.pointer, "example"), message, hint, key=True)
