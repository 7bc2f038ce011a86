"""Redirects: which a client follows, and where to (RFC 9110 §15.4).

    GET https://api.example/tides → 301, /tides/           followed: the same origin
    GET https://api.example/tides → 302, Location: https://b.example  not followed: credentials stay
        with their server
    POST …                        → 303 or 302             not followed: a GET is another operation

A redirect that the contract documents under its status is an answer like any other.
"""

from __future__ import annotations

from typing import Any

import httpx2

from bothends.runtime.operation import Operation
from bothends.runtime.url import origin, redirect_target, without_secrets

MOST_REDIRECTS = 10
_STATUSES = frozenset({301, 302, 303, 307, 308})
_KEEP_METHOD = frozenset({307, 308})


def followed_target(operation: Operation[Any], response: httpx2.Response) -> str | None:
    """The URL that a response redirects to within its origin, if the client follows it there."""
    status = response.status_code
    if status not in _STATUSES or {str(status), "3XX"} & operation.replies.keys():
        return None

    method = response.request.method
    # RFC 9110 §15.4.2: for history's sake a POST may become a GET, which is another operation.
    if method not in ("GET", "HEAD") and status not in _KEEP_METHOD:
        return None

    current = str(response.request.url)
    target = redirect_target(current, response.headers.get("location", ""))
    # Credentials would follow too, and another origin must not see them.
    is_inside = origin(current) is not None and origin(target) == origin(current)
    return target.partition("#")[0] if is_inside else None


def describe_redirect(url: str, location: str) -> str:
    """The target of a redirect that was not followed, without its query (it may hold secrets)."""
    target = redirect_target(url, location)
    if not target:
        return "It redirects, and its header Location has no address"
    return (
        f"It redirects to {without_secrets(target)}. "
        "Redirects are followed within the origin, for GET and HEAD, and with 307 and 308"
    )
