"""The description of a response should say what the response means.

Why: it becomes the text of the typed error and of the method's documentation. OpenAPI demands the
field, so it is often there but empty.

Bad:

    '404': {description: ''}

Better:

    '404': {description: No harbour has this id.}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING


def check(contract: Contract) -> Iterator[Problem]:
    """Responses whose description says nothing."""
    for node in contract.nodes("response"):
        declared = node.value.get("description")
        if isinstance(declared, str) and not declared.strip():
            yield Problem(
                below(node.pointer, "description"),
                "The description is empty.",
                "Say when this is the reply.",
            )
