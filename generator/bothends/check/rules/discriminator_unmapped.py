"""A discriminator should map its values to schemas.

Why: without a mapping the values are the names of the components (OpenAPI 3.1 §4.8.25), so that
renaming a component changes what goes over the wire.

Bad:

    discriminator: {propertyName: kind}

Better:

    discriminator:
      propertyName: kind
      mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import is_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.INFO


def check(contract: Contract) -> Iterator[Problem]:
    """Discriminators without a mapping."""
    for node in contract.nodes("schema"):
        found = node.value.get("discriminator")
        if is_object(found) and "propertyName" in found and not found.get("mapping"):
            yield Problem(
                below(node.pointer, "discriminator"),
                "The values of this discriminator are the names of components.",
                "Add a mapping from each value to its schema.",
                key=True,
            )
