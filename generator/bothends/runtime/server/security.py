"""The security of an operation: alternatives, each a set of schemes (OpenAPI 3.1 §4.8.30)."""

from __future__ import annotations

import base64
import binascii
import inspect
import secrets
from itertools import chain
from typing import Any

from bothends.runtime.answer import Authenticate, Credential
from bothends.runtime.operation import ApiKey, Basic, Digest, Operation, SecurityScheme
from bothends.runtime.parameters.style import StyleError, percent_decode
from bothends.runtime.parameters.styled import Wire

from .refused import Cause, Refused


async def check_security(
    operation: Operation[Any], wire: Wire, authenticate: Authenticate | None
) -> None:
    """Pass when one set of schemes is presented and found good; else Refused.

    Without a function every credential that is presented in the right form is good.
    """
    if not operation.security or () in operation.security:
        return

    presented = _presented(operation, wire)
    for names in operation.security:
        credentials = {name: presented[name] for name in names if name in presented}
        if len(credentials) == len(names) and await _is_good(credentials, authenticate):
            return

    rule = "are not accepted" if presented else f"are required: {_described(operation)}"
    raise Refused(Cause.CREDENTIALS, "credentials", rule)


def _described(operation: Operation[Any]) -> str:
    """Where credentials are expected: `X-Key (header), or Authorization: Bearer`."""
    schemes = operation.api.security
    places = dict.fromkeys(chain.from_iterable(operation.security))
    described = dict[str, str]()
    for name in places:
        scheme = schemes[name]
        if isinstance(scheme, ApiKey):
            described[name] = f"{scheme.wire_name} ({scheme.location})"
        else:
            described[name] = f"Authorization: {_challenge_word(scheme)}"
    sets = [" and ".join(map(described.__getitem__, names)) for names in operation.security]
    return ", or ".join(dict.fromkeys(sets))


def challenge(operation: Operation[Any]) -> str:
    """Return the value of WWW-Authenticate: a challenge for each scheme (RFC 9110 §11.6.1)."""
    # RFC 9110 §11.5: a realm is a quoted string, and a title may hold quotes.
    title = operation.api.title.encode("ascii", "ignore").decode()
    realm = title.replace("\\", "").replace('"', "")
    schemes = operation.api.security
    names = dict.fromkeys(chain.from_iterable(operation.security))
    # Clients look for the digest's parameters at the head of the line.
    used = sorted((schemes[name] for name in names), key=lambda s: not isinstance(s, Digest))
    challenges = [f'{_challenge_word(scheme)} realm="{realm}"' for scheme in used]
    if any(isinstance(scheme, Digest) for scheme in used):
        # RFC 7616 §3.3: a text that no other challenge has.
        nonce = secrets.token_urlsafe(18)
        challenges[0] += f', qop="auth", algorithm=SHA-256, nonce="{nonce}"'
    return ", ".join(dict.fromkeys(challenges))


async def _is_good(credentials: dict[str, Credential], authenticate: Authenticate | None) -> bool:
    if authenticate is None:
        return True
    verdict = authenticate(credentials)
    return bool(await verdict if inspect.isawaitable(verdict) else verdict)


def _challenge_word(scheme: SecurityScheme) -> str:
    if isinstance(scheme, Basic):
        return "Basic"
    return "ApiKey" if isinstance(scheme, ApiKey) else scheme.word


def _presented(operation: Operation[Any], wire: Wire) -> dict[str, Credential]:
    found: dict[str, Credential] = {}
    for name in sorted(set(chain.from_iterable(operation.security))):
        credential = _credential(name, operation.api.security[name], wire)
        if credential is not None:
            found[name] = credential
    return found


def _credential(name: str, scheme: SecurityScheme, wire: Wire) -> Credential | None:
    if isinstance(scheme, ApiKey):
        values = _keys(scheme, wire)
        return Credential(name, values[0]) if len(values) == 1 and values[0] else None

    lines = wire.headers.get("authorization", [])
    # Of two lines nobody knows which one counts (RFC 9110 §5.3: it is no list).
    if len(lines) != 1:
        return None

    word, _, value = lines[0].partition(" ")
    value = value.strip(" ")
    if isinstance(scheme, Basic):
        return _basic(name, value) if word.lower() == "basic" else None

    return Credential(name, value) if word.lower() == scheme.word.lower() and value else None


def _keys(scheme: ApiKey, wire: Wire) -> list[str]:
    if scheme.location == "header":
        return wire.headers.get(scheme.wire_name.lower(), [])

    is_query = scheme.location == "query"
    pairs = wire.query if is_query else wire.cookies
    own = [raw for name, raw in pairs if name == scheme.wire_name]
    try:
        return [percent_decode(raw, plus=is_query) for raw in own]
    except StyleError:
        return []


def _basic(name: str, value: str) -> Credential | None:
    try:
        text = base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None

    username, colon, password = text.partition(":")
    return Credential(name, password, username) if colon else None
