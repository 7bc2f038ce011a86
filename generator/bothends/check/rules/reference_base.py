"""References must be pointers from the root of the contract.

Why: `$id` gives a schema a base of its own, so that pointers below it mean something else;
`$dynamicRef` and references to an `$anchor` lead to a place that depends on where the value came
from. None of them is followed yet, so nothing is generated for operations that use such a schema.

Bad:

    Tree: {$dynamicAnchor: tree, properties: {left: {$dynamicRef: '#tree'}}}

Better:

    Tree: {properties: {left: {$ref: '#/components/schemas/Tree'}}}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING
_HINT = "Write references as #/components/schemas/Name."


def check(contract: Contract) -> Iterator[Problem]:
    """Bases, dynamic references and references to anchors in schemas of OpenAPI 3.1."""
    if contract.is_v3_0:
        return

    for node in contract.nodes("schema"):
        for word in ("$id", "$dynamicRef"):
            if isinstance(node.value.get(word), str):
                yield Problem(
                    below(node.pointer, word), f"{word} is not followed.", _HINT, key=True
                )

    for node in contract.nodes("reference"):
        target = node.value["$ref"]
        if target.startswith("#") and len(target) > 1 and not target.startswith("#/"):
            yield Problem(
                below(node.pointer, "$ref"), f"The anchor {target} is not followed.", _HINT
            )
