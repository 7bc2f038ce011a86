"""Security schemes, and which of them an operation asks for."""

from __future__ import annotations

from typing import Any, Final, Literal

from bothends import ir
from bothends.interpret.refused import Refused
from bothends.load import Document
from bothends.openapi.header_names import is_header_name
from bothends.openapi.json_value import as_object, is_object
from bothends.openapi.pointer import below

_LOGINS: Final[dict[str, Literal["basic", "digest"]]] = {"basic": "basic", "digest": "digest"}


def build_security_schemes(
    document: Document,
) -> tuple[tuple[ir.SecurityScheme, ...], frozenset[str]]:
    """The schemes that can be generated, and the names of those that cannot.

    Mutual TLS is neither: the connection proves who calls, below HTTP, and no message shows it.
    """
    declared: dict[str, Any] = document.data["components"].get("securitySchemes") or {}
    built: list[ir.SecurityScheme] = []

    for name, scheme in declared.items():
        pointer = below("/components/securitySchemes", name)
        if is_object(scheme) and (result := _scheme(name, scheme, pointer)):
            built.append(result)

    existing = {scheme.wire_name for scheme in built}
    existing |= {name for name in declared if _is_mutual_tls(declared[name])}
    return tuple(built), frozenset(declared) - existing


def _is_mutual_tls(scheme: Any) -> bool:
    return is_object(scheme) and scheme.get("type") == "mutualTLS"


def _scheme(name: str, scheme: dict[str, Any], pointer: str) -> ir.SecurityScheme | None:
    # Schemes of HTTP are the same in capitals and in small letters (RFC 9110 §11.1).
    kind, http = scheme.get("type"), str(scheme.get("scheme", "")).lower()
    description = str(scheme.get("description", ""))

    if kind == "apiKey" and scheme.get("in") in ("header", "query", "cookie"):
        key = str(scheme.get("name", ""))
        # The name of a header or cookie is a token (RFC 9110 §5.1, RFC 6265 §4.1.1).
        if not key or (scheme["in"] != "query" and not is_header_name(key)):
            return None
        return ir.SecurityScheme(
            ir.UNNAMED,
            name,
            pointer,
            "apiKey",
            str(scheme["in"]),
            key,
            description,
        )

    if kind == "http" and http in _LOGINS:
        login = _LOGINS[http]
        return ir.SecurityScheme(ir.UNNAMED, name, pointer, login, "", "", description)

    # OAuth and OpenID Connect end in a token that is sent as a bearer's (RFC 6750 §2.1).
    if (kind == "http" and http == "bearer") or kind in ("oauth2", "openIdConnect"):
        flow = as_object(as_object(scheme.get("flows")).get("clientCredentials"))
        token_url = str(flow.get("tokenUrl", "")) if kind == "oauth2" else ""
        return ir.SecurityScheme(
            ir.UNNAMED, name, pointer, "bearer", "", "", description, token_url
        )

    # What is made anew for each request (Negotiate, OAuth 1.0) comes from the caller's function.
    if kind == "http" and is_header_name(http):
        return ir.SecurityScheme(
            ir.UNNAMED, name, pointer, "http", "", str(scheme["scheme"]), description
        )

    return None


def build_requirements(
    document: Document, operation: dict[str, Any], pointer: str, unknown: frozenset[str]
) -> tuple[tuple[str, ...], ...]:
    """The alternatives of an operation, each a set of schemes (OpenAPI 3.1 §4.8.30).

    An alternative that needs an unsupported scheme is left out. Raises `Refused` when no other is
    left. One that is satisfied by mutual TLS asks for nothing more.
    """
    own = "security" in operation
    required = operation["security"] if own else document.data.get("security", [])
    # `security: []` removes the requirement of the root (OpenAPI 3.1 §4.8.10).
    if not required:
        return ()

    declared = as_object(document.data["components"].get("securitySchemes"))
    existing = list[tuple[str, ...]]()
    for alternative in required:
        if not unknown.intersection(alternative) and declared.keys() >= set(alternative):
            names = [name for name in alternative if not _is_mutual_tls(declared[name])]
            existing.append(tuple(names))

    if not existing:
        listed = ", ".join(sorted({name for alternative in required for name in alternative}))
        location = below(pointer, "security") if own else "/security"
        raise Refused(
            "security-scheme", location, f"none of its security schemes is supported: {listed}"
        )

    return tuple(existing)
