"""URLs that others wrote: in a contract, a header field or a recording."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

_NOTHING = SplitResult("", "", "", "", "")

# RFC 6454 §4: an origin without a port has the one of its scheme.
_PORTS = {"http": 80, "https": 443}


def url_parts(url: str) -> SplitResult:
    """The parts of a URL, as they are written; all empty where it has none, as `http://[a`."""
    try:
        return urlsplit(url)
    except ValueError:
        return _NOTHING


def origin(url: str) -> tuple[str, str, int] | None:
    """The scheme, host and port of a URL of HTTP (RFC 6454 §4); None for another text."""
    parts = url_parts(url)
    if parts.scheme not in _PORTS:
        return None
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError:  # one above 65535, or no number
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None


def redirect_target(url: str, location: str) -> str:
    """The absolute URI of a header Location (RFC 9110 §10.2.2); empty where it has none.

    `url` is the one that was asked.
    """
    try:
        target = urljoin(url, location.strip()) if location.strip() else ""
        return target if urlsplit(target).scheme else ""
    except ValueError:
        return ""


def without_secrets(url: str) -> str:
    """A URL for a message, without what may be secret: user and password, query and fragment."""
    parts = url_parts(url)
    address = f"//{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else "…"
    return f"{parts.scheme}:{address}"
