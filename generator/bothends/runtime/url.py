"""URLs that others wrote: in a contract, a header field or a recording."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

_NOTHING = SplitResult("", "", "", "", "")


def url_parts(url: str) -> SplitResult:
    """The parts of a URL, as they are written; all empty where it has none, as `http://[a`."""
    try:
        return urlsplit(url)
    except ValueError:
        return _NOTHING
