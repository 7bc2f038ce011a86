"""An error should say what its body is.

Why: the error class of the client then has a typed body. Without one a caller sees bytes, and a
server does not know what to send.

Bad:

    '404': {description: No such tide.}

Better:

    '404':
      description: No such tide.
      content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.INFO


def check(contract: Contract) -> Iterator[Problem]:
    """Errors without a body, in operations where another error has one.

    An API whose errors never have a body is left alone: it says so, and says it everywhere.
    """
    for operation in contract.operations:
        responses = as_object(operation.value.get("responses"))
        errors = {status: value for status, value in responses.items() if status[:1] in "45"}
        bare: list[str] = []
        for status, value in errors.items():
            found, _ = contract.resolve(value, below(operation.pointer, "responses", status))
            if not as_object(found.get("content")):
                bare.append(status)

        if len(bare) == len(errors):
            continue
        for status in bare:
            yield Problem(
                below(operation.pointer, "responses", status),
                f"The error {status} has no body, other errors of this operation have one.",
                "Add its content, if the vendor sends one.",
                key=True,
            )
