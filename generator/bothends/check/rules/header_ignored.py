"""The headers Accept, Content-Type, Authorization and those of the HTTP message are not parameters.

Why: OpenAPI 3.1 §4.8.12.1 and §4.8.17.1: such a definition is ignored. The keys of `content` say
which media types there are, and `security` says which credentials; a client has no argument for
these headers, and a server asks for none. Host, Content-Length, Transfer-Encoding and Connection
are written by HTTP itself (RFC 9112). The same holds of the headers of a response.

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
from bothends.openapi.header_names import (
    IGNORED_HEADERS,
    IGNORED_RESPONSE_HEADERS,
    MESSAGE_HEADERS,
)
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
        if node.value.get("in") != "header" or name.lower() not in IGNORED_HEADERS:
            continue

        message = f"OpenAPI ignores a header parameter {name}."
        if name.lower() in MESSAGE_HEADERS:
            message = f"HTTP writes the header {name} itself, so it is no parameter."
        hint = _HINTS.get(name.lower(), "Leave it out.")
        yield Problem(below(node.pointer, "name"), message, hint)

    for node in contract.nodes("response"):
        for name in as_object(node.value.get("headers")):
            if name.lower() in IGNORED_RESPONSE_HEADERS:
                message = f"OpenAPI ignores a response header {name}."
                if name.lower() in MESSAGE_HEADERS:
                    message = f"HTTP writes the header {name} itself, so no reply is held to it."
                hint = _HINTS.get(name.lower(), "Leave it out.")
                yield Problem(below(node.pointer, "headers", name), message, hint, key=True)
