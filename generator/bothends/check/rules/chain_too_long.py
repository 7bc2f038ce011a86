"""Component schemas must not lead to each other in a chain of more than 150.

Why: no value is that deep, because JSON is read to 200 levels, and each step is a class more. The
longest chain of forty-five real contracts has 14. A circle counts as one: trees may be as deep as
they like. Nothing is generated for operations that use such a schema. `chain` in
`[tool.bothends.bounds]` allows more.

Bad:

    A: {type: object, properties: {next: {$ref: '#/components/schemas/B'}}}
    B: {type: object, properties: {next: {$ref: '#/components/schemas/C'}}}
    # and so on

Better:

    A: {type: object, properties: {next: {$ref: '#/components/schemas/A'}}}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.circles import chain_depths
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem
from bothends.openapi.reference import SCHEMAS, component_of, references_in

SEVERITY = Severity.WARNING


def check(contract: Contract) -> Iterator[Problem]:
    """Find the schemas where a chain becomes too long, not those that only lead to them."""
    schemas = as_object(as_object(contract.document.data.get("components")).get("schemas"))
    named = {below(SCHEMAS, name): schema for name, schema in schemas.items()}
    uses: dict[str, list[str]] = {}
    for pointer, schema in named.items():
        targets = dict.fromkeys(map(component_of, references_in(schema)))
        uses[pointer] = [target for target in targets if target in named]

    most = contract.bounds.chain
    depths = chain_depths(uses)
    for pointer in uses:
        # What is one step deeper leads to one of these. All of a circle are as deep as each other.
        if depths[pointer] == most + 1:
            message = f"It leads through more than {most} component schemas, one after the other."
            hint = "Let schemas lead back to themselves, or set `chain` in [tool.bothends.bounds]."
            yield Problem(pointer, message, hint, key=True)
