"""A property cannot be `readOnly` and `writeOnly`.

Why: it would be in answers only and in requests only, so in neither (OpenAPI 3.0 §4.7.24.2; JSON
Schema 2020-12 Validation §9.4). Programs differ on which of the two they obey.

Bad:

    secret: {type: string, readOnly: true, writeOnly: true}

Better:

    secret: {type: string, writeOnly: true}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING


def check(contract: Contract) -> Iterator[Problem]:
    """Schemas that are for answers only and for requests only."""
    for node in contract.written_schemas():
        if node.value.get("readOnly") is True and node.value.get("writeOnly") is True:
            message = "This is readOnly and writeOnly: neither requests nor answers have it."
            pointer = below(node.pointer, "writeOnly")
            hint = "Keep the one that is meant; without both it is in requests and answers."
            yield Problem(pointer, message, hint, key=True)
