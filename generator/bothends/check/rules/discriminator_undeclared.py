"""The property of a discriminator must be one that the alternatives declare.

Why: a misspelt `propertyName` tells nothing apart, and nobody sees it: every value is tried with
each alternative, and one that fits several is taken for the first.

Bad:

    oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
    discriminator: {propertyName: knid}

Better:

    oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
    discriminator: {propertyName: kind}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.diagnostics import Severity
from bothends.nearest import nearest
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING


def check(contract: Contract) -> Iterator[Problem]:
    """Discriminators whose property no alternative has."""
    for node in contract.nodes("schema"):
        name = as_object(node.value.get("discriminator")).get("propertyName")
        declared = set[str]()
        for word in ("oneOf", "anyOf"):
            for index, member in enumerate(as_array(node.value.get(word))):
                at = below(node.pointer, word, index)
                declared |= _properties(contract, member, at, set())
        if not isinstance(name, str) or not declared or name in declared:
            continue

        own = _properties(contract, node.value, node.pointer, set())
        if name in own:
            continue
        near = nearest(name, sorted(declared))
        yield Problem(
            below(node.pointer, "discriminator", "propertyName"),
            f'No alternative has the property "{name}".',
            f'Did you mean "{near}"?' if near else "Declare it in each of them.",
        )


def _properties(contract: Contract, schema: Any, pointer: str, seen: set[str]) -> set[str]:
    """The properties that a schema declares, also by what it refers to or is composed of."""
    resolved, at = contract.resolve(schema, pointer)
    if at in seen:
        return set()

    seen.add(at)
    found = {str(name) for name in as_object(resolved.get("properties"))}
    for word in ("allOf", "oneOf", "anyOf"):
        for index, member in enumerate(as_array(resolved.get(word))):
            found |= _properties(contract, member, below(at, word, index), seen)
    return found
