"""`nullable` has an effect beside `type` only, and none beside `$ref` (OpenAPI 3.0.3 §4.7.23, §4.7.24.1).

Why: OpenAPI 3.0 ignores everything beside a `$ref`, a schema without `type` allows null already,
and an `enum` still has to list null. A server that answers null then breaks the contract, although
its author meant to allow it.

Bad:

    gate: {$ref: '#/components/schemas/Gate', nullable: true}

Better:

    gate: {nullable: true, allOf: [{$ref: '#/components/schemas/Gate'}]}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import is_array
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING
_COMPOSED = ("allOf", "anyOf", "oneOf")


def check(contract: Contract) -> Iterator[Problem]:
    """Schemas of OpenAPI 3.0 whose `nullable` says nothing."""
    if not contract.is_v3_0:
        return

    for node in contract.nodes("reference"):
        if node.value.get("nullable") is True:
            yield Problem(
                below(node.pointer, "nullable"),
                "OpenAPI 3.0 ignores `nullable` beside `$ref`: null is not allowed here.",
                "Write `nullable: true` with `allOf: [{$ref: …}]` instead.",
                key=True,
            )

    for node in contract.nodes("schema"):
        schema = node.value
        is_composed = any(keyword in schema for keyword in _COMPOSED)
        if schema.get("nullable") is not True:
            continue
        if is_array(schema.get("enum")) and None not in schema["enum"]:
            yield Problem(
                below(node.pointer, "nullable"),
                "`nullable` has no effect: the `enum` beside it does not list null.",
                "Add null to the `enum`, or remove `nullable`.",
                key=True,
            )
        elif "type" not in schema and not is_composed:
            yield Problem(
                below(node.pointer, "nullable"),
                "`nullable` has no effect without `type` beside it.",
                "Say the type; a schema without one allows null already.",
                key=True,
            )
