"""Redirects: which a client follows, and where to (RFC 9110 §15.4).

    GET https://api.example/tides → 301, /tides/           followed: the same origin
    GET https://api.example/tides → 302, Location: https://b.example  not followed: credentials stay
        with their server
    POST …                        → 303 or 302             not followed: a GET is another operation

A redirect that the contract documents under its status is an answer like any other.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2

from bothends.runtime.operation import Operation

MOST_REDIRECTS = 10
_STATUSES = frozenset({301, 302, 303, 307, 308})
_KEEP_METHOD = frozenset({307, 308})
# RFC 6454 §4: an origin without a port has the one of its scheme.
_PORTS = {"http": 80, "https": 443}


def redirect_target(operation: Operation[Any], response: httpx2.Response) -> str | None:
    """The URL that a response redirects to within its origin, if the client follows it there."""
    status = response.status_code
    if status not in _STATUSES or {str(status), "3XX"} & operation.replies.keys():
        return None

    method = response.request.method
    # RFC 9110 §15.4.2: for history's sake a POST may become a GET, which is another operation.
    if method not in ("GET", "HEAD") and status not in _KEEP_METHOD:
        return None

    current = str(response.request.url)
    target = _target(current, response.headers.get("location", ""))
    # Credentials would follow too, and another origin must not see them.
    return target if target and _origin(target) == _origin(current) else None


def describe_redirect(url: str, location: str) -> str:
    """The target of a redirect that was not followed, without its query (it may hold secrets)."""
    target = _target(url, location)
    if not target:
        return "It redirects, and its header Location has no address"

    parts = urlsplit(target)
    host = parts.netloc.rpartition("@")[2]
    return (
        f"It redirects to {parts.scheme}://{host}{parts.path}. "
        "Redirects are followed within the origin, for GET and HEAD, and with 307 and 308"
    )


def _target(url: str, location: str) -> str:
    """The absolute URL of a Location header; empty when it is not a URL of HTTP."""
    try:
        target = urljoin(url, location.strip()) if location.strip() else ""
        return target.partition("#")[0] if _origin(target) else ""
    except ValueError:
        return ""


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port (RFC 6454 §4)."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]
