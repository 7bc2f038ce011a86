"""A scope that an operation needs must be one that its OAuth 2.0 scheme declares.

Why: OpenAPI 3.1 §4.8.30: the list has scopes of the scheme. A misspelt one is asked for at the
authorization server, which refuses the token.

Bad:

    security: [{login: [tides:reed]}]        # the scheme has tides:read

Better:

    security: [{login: [tides:read]}]
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.nearest import listed, nearest
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING


def check(contract: Contract) -> Iterator[Problem]:
    """Scopes that no flow of their scheme has."""
    components = as_object(contract.document.data.get("components"))
    schemes = as_object(components.get("securitySchemes"))
    declared = {name: _scopes(as_object(scheme)) for name, scheme in schemes.items()}
    for node in contract.nodes("root", "operation"):
        for index, alternative in enumerate(as_array(node.value.get("security"))):
            for name, needed in as_object(alternative).items():
                scopes = declared.get(name) or {}
                for number, scope in enumerate(as_array(needed)):
                    if not scopes or str(scope) in scopes:
                        continue
                    near = nearest(str(scope), scopes)
                    hint = f"Did you mean {near}?" if near else f"It has: {listed(scopes)}."
                    pointer = below(node.pointer, "security", index, name, number)
                    yield Problem(pointer, f"The scheme {name} has no scope {scope}.", hint)


def _scopes(scheme: dict[str, object]) -> dict[str, None]:
    """The scopes of all flows; none where the scheme is of another type."""
    if scheme.get("type") != "oauth2":
        return {}
    flows = as_object(scheme.get("flows")).values()
    found = [scope for flow in flows for scope in as_object(as_object(flow).get("scopes"))]
    return dict.fromkeys(map(str, found))
