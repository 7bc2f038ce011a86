"""A schema must not lead to more alternatives than can be judged.

Why: a schema that names another twice has it judged twice. Over twenty steps that is a million
judgements of each value, and one small request keeps a server busy for a minute. Nothing is
generated for operations that use such a schema.

Bad:

    A: {anyOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/B'}]}
    B: {anyOf: [{$ref: '#/components/schemas/C'}, {$ref: '#/components/schemas/C'}]}
    # and so on

Better:

    A: {$ref: '#/components/schemas/C'}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.problem import Problem
from bothends.openapi.schema_cost import MOST, SchemaCost

SEVERITY = Severity.WARNING


def check(contract: Contract) -> Iterator[Problem]:
    """Find the schemas that multiply too much by themselves, not by using another."""
    expansion = SchemaCost(contract.document)
    for node in contract.nodes("schema"):
        applied = expansion.applied(node.pointer)
        if expansion.count(node.pointer) > MOST and all(
            expansion.count(inner) <= MOST for inner in applied
        ):
            message = f"One value would be judged by more than {MOST} schemas here."
            yield Problem(
                node.pointer, message, "Let each alternative lead to a schema of its own.", key=True
            )
