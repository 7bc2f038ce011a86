"""Security schemes (2.0 §5.2.34): basic is a type of its own, and OAuth 2.0 has one flow."""

from __future__ import annotations

from typing import Any, Final

from bothends.openapi.json_value import as_object

_FLOWS: Final = {
    "implicit": ("implicit", ("authorizationUrl",)),
    "password": ("password", ("tokenUrl",)),
    "application": ("clientCredentials", ("tokenUrl",)),
    "accessCode": ("authorizationCode", ("authorizationUrl", "tokenUrl")),
}
"""Each flow of 2.0 with its name in 3.0 and the URLs that it needs."""


def security_scheme(scheme: dict[str, Any]) -> dict[str, Any]:
    """Write a Security Scheme Object as in 3.0."""
    if scheme.get("type") == "basic":
        return {**scheme, "type": "http", "scheme": "basic"}

    declared = str(scheme.get("flow"))
    if scheme.get("type") != "oauth2" or declared not in _FLOWS:
        return scheme

    name, urls = _FLOWS[declared]
    moved = ("flow", "scopes", "authorizationUrl", "tokenUrl")
    flow = {url: scheme.get(url, "/") for url in urls}
    flow["scopes"] = as_object(scheme.get("scopes"))
    return {
        **{key: value for key, value in scheme.items() if key not in moved},
        "flows": {name: flow},
    }
