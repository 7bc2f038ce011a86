"""A keyword that depends on another one beside it has no effect without that one.

Why: `then` and `else` without `if`, and `minContains` and `maxContains` without `contains`, are
ignored (JSON Schema 2020-12 Core §10.2.2.2, Validation §6.4.4): the contract accepts more than it
seems to.

Bad:

    then: {required: [height]}

Better:

    if: {properties: {kind: {const: high}}}
    then: {required: [height]}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING
_NEEDED: Final = {
    "then": "if",
    "else": "if",
    "minContains": "contains",
    "maxContains": "contains",
}


def check(contract: Contract) -> Iterator[Problem]:
    """Keywords that wait for another one."""
    for node in contract.nodes("schema"):
        for keyword, needed in _NEEDED.items():
            if keyword in node.value and needed not in node.value:
                yield Problem(
                    below(node.pointer, keyword),
                    f"`{keyword}` has no effect without `{needed}`.",
                    f"Write `{needed}` beside it, or remove it.",
                    key=True,
                )
