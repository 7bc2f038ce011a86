"""An operation with a request body should document the reply to a bad one.

Why: requests that break the contract must be refused. Undocumented, the refusal is a 400 or 422
with a problem+json body, which the contract does not describe and the client cannot type.

Bad:

    requestBody: {content: {application/json: {schema: {type: object}}}}
    responses: {'200': {description: Saved.}}

Better:

    requestBody: {content: {application/json: {schema: {type: object}}}}
    responses:
      '200': {description: Saved.}
      '400': {description: What is wrong with the body.}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.problem import Problem

SEVERITY = Severity.INFO
_ANSWERS = ("400", "422", "4XX", "default")


def check(contract: Contract) -> Iterator[Problem]:
    """Operations with a body and no reply to a bad one."""
    for operation in contract.operations:
        responses = operation.value.get("responses")
        if "requestBody" not in operation.value or not isinstance(responses, dict):
            continue

        # x-on-invalid says which reply answers a bad request, whatever its status.
        if not any(map(responses.__contains__, _ANSWERS)) and "x-on-invalid" not in operation.value:
            name = f"{operation.method.upper()} {operation.path}"
            message = f"{name} has a body but documents no 400, 422, 4XX or default."
            yield Problem(operation.pointer, message, "Refusals will be problem+json.", key=True)
