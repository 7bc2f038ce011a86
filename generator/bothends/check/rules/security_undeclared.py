"""A security requirement must name schemes that the contract declares.

Why: OpenAPI 3.1 §4.8.30 (3.0 §4.7.30): each name must be one of `components.securitySchemes`. With any other, nobody knows
which credentials a request needs. (OpenAPI 3.2 takes the URI of a scheme as well; 3.0 and 3.1 do not.)

Bad:

    security: [{tokn: []}]
    components: {securitySchemes: {token: {type: http, scheme: bearer}}}

Better:

    security: [{token: []}]
    components: {securitySchemes: {token: {type: http, scheme: bearer}}}
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from bothends.check.problem import Problem
from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import below

SEVERITY = Severity.ERROR


def check(contract: Contract) -> Iterator[Problem]:
    """Names in requirements, of the whole contract or of an operation, that no scheme has."""
    declared = as_object(as_object(contract.document.data.get("components")).get("securitySchemes"))
    for node in contract.nodes("root", "operation"):
        for index, alternative in enumerate(as_array(node.value.get("security"))):
            for name in as_object(alternative):
                if name not in declared:
                    pointer = below(node.pointer, "security", index, name)
                    yield Problem(
                        pointer,
                        f'There is no security scheme "{name}".',
                        _hint(name, list(declared)),
                        key=True,
                    )


def _hint(name: str, declared: list[str]) -> str:
    """The closest of the declared names; else what to do."""
    close = difflib.get_close_matches(name, declared, n=1)
    if close:
        return f"Did you mean {close[0]}?"
    known = f"; there are: {', '.join(declared)}" if declared else ""
    return f"Declare it in components.securitySchemes{known}."
