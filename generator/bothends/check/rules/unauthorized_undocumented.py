"""An operation that needs credentials should document what happens without them.

Why: the server has to answer such a request with something; undocumented, it falls back to a
problem+json body that no client of the contract expects, and the client cannot raise a typed error.

Bad:

    security: [{token: []}]
    responses: {'200': {description: The tides.}}

Better:

    security: [{token: []}]
    responses:
      '200': {description: The tides.}
      '401': {description: The token is missing or wrong.}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING
_ANSWERS = ("401", "4XX", "default")


def check(contract: Contract) -> Iterator[Problem]:
    """Secured operations without a 401."""
    for operation in contract.operations:
        # OpenAPI 3.1 §4.8.10: an operation's `security`, also an empty one, overrides the root's.
        security = operation.value.get("security", contract.document.data.get("security"))
        responses = operation.value.get("responses")
        if (
            _is_needed(security, contract)
            and isinstance(responses, dict)
            and not any(map(responses.__contains__, _ANSWERS))
        ):
            name = f"{operation.method.upper()} {operation.path}"
            hint = "Add a 401 to its responses, or `{}` to its security if it works without."
            yield Problem(
                operation.pointer, f"{name} needs credentials but documents no 401.", hint, key=True
            )


def _is_needed(security: Any, contract: Contract) -> bool:
    """Whether a request must hold credentials.

    Mutual TLS does not count: the connection proves it, and refuses below HTTP.
    """
    schemes = as_object(as_object(contract.document.data.get("components")).get("securitySchemes"))
    below = {
        name
        for name, scheme in schemes.items()
        if is_object(scheme) and scheme.get("type") == "mutualTLS"
    }
    alternatives = as_array(security)
    return bool(alternatives) and not any(
        set(as_object(alternative)) <= below for alternative in alternatives
    )
