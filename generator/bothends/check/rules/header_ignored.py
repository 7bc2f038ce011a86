"""The headers Accept, Content-Type and Authorization are not parameters, and Content-Type is no header of a response.

Why: OpenAPI 3.1 §4.8.12.1 and §4.8.17.1: such a definition is ignored. The keys of `content` say
which media types there are, and `security` says which credentials; a client has no argument for
these headers, and a server asks for none.

Bad:

    parameters:
      - {name: Authorization, in: header, required: true, schema: {type: string}}

Better:

    security: [{bearer: []}]
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING
_HINTS = {
    "accept": "Leave it out: the keys of `content` in the responses are what can be asked for.",
    "content-type": "Leave it out: the keys of `content` are the media types.",
    "authorization": "Declare a security scheme, and name it under `security`.",
}


def check(contract: Contract) -> Iterator[Problem]:
    """Parameters and response headers with these names."""
    for node in contract.nodes("parameter"):
        name = str(node.value.get("name", ""))
        if node.value.get("in") == "header" and name.lower() in _HINTS:
            message = f"OpenAPI ignores a header parameter {name}."
            yield Problem(below(node.pointer, "name"), message, _HINTS[name.lower()])

    for node in contract.nodes("response"):
        for name in as_object(node.value.get("headers")):
            if name.lower() == "content-type":
                pointer = below(node.pointer, "headers", name)
                message = f"OpenAPI ignores a response header {name}."
                yield Problem(pointer, message, _HINTS["content-type"], key=True)
