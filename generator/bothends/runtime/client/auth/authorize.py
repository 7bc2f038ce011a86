"""Credentials on a request: the smallest set of schemes that the caller can satisfy."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from bothends.runtime.errors import RequestError
from bothends.runtime.operation import ApiKey, Basic, Digest, Operation, SecurityScheme
from bothends.runtime.parameters.style import percent_encode

_HINT = "To send it without credentials, set anonymous=True"
_UNSENDABLE = re.compile(r"[^\x20-\x7e]|^ | $")


@dataclass(slots=True, repr=False)
class Authorization:
    """What credentials add to a request; never shown."""

    headers: dict[str, str] = field(default_factory=dict[str, str])
    query: list[str] = field(default_factory=list[str])
    cookies: list[str] = field(default_factory=list[str])


def choose_schemes(
    operation: Operation[Any], content: Mapping[str, object], headers: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the schemes to use: the smallest alternative whose credentials are all there.

    An Authorization header among the client's own headers counts as credentials.

    Raises:
        RequestError: Credentials are needed and none are held.
    """
    if not operation.security:
        return ()

    present = {name for name, value in content.items() if value is not None}
    complete = [names for names in operation.security if names and present.issuperset(names)]
    if complete:
        # The fewest credentials: what is not needed is not sent.
        return min(complete, key=len)
    if () in operation.security or "authorization" in headers:
        return ()

    schemes = operation.api.security
    sets = [" and ".join(schemes[name].name for name in names) for names in operation.security]
    needed = " or ".join(sets)
    raise RequestError("credentials", "security", f"this operation needs {needed}", hint=_HINT)


def authorize(operation: Operation[Any], values: Mapping[str, Any]) -> Authorization:
    """What the values of schemes add to the request."""
    result = Authorization()
    for name, value in values.items():
        _add(result, operation.api.security[name], value)
    return result


def _add(result: Authorization, scheme: SecurityScheme, value: Any) -> None:
    if isinstance(scheme, Digest) and isinstance(value, tuple):
        _check_username(scheme, cast("tuple[str, str]", value))
        return  # it is added when the server has asked for it: see `digest.py`

    if isinstance(scheme, Basic):
        _check_username(scheme, value)
        username, password = value
        result.headers["authorization"] = (
            "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
        )
        return

    if not isinstance(value, str) or not value or _UNSENDABLE.search(value):
        rule = "must be text that a header can carry, and not empty"
        raise RequestError(scheme.name, "security", rule, hint=_HINT)

    if not isinstance(scheme, ApiKey):
        result.headers["authorization"] = f"{scheme.word} {value}"
    elif scheme.location == "header":
        result.headers[scheme.wire_name.lower()] = value
    else:
        pairs = result.query if scheme.location == "query" else result.cookies
        pairs.append(f"{percent_encode(scheme.wire_name)}={percent_encode(value)}")


def _check_username(scheme: SecurityScheme, login: tuple[str, str]) -> None:
    # RFC 7617 §2: the first colon ends the user name; in a digest it does too (RFC 7616 §3.4.2).
    if ":" in login[0]:
        raise RequestError(scheme.name, "security", "a user name cannot hold a colon")
