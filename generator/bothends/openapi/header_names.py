"""Names of headers, and those that are no parameters, whatever a contract says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

MESSAGE_HEADERS: Final = frozenset({"connection", "content-length", "host", "transfer-encoding"})
"""What HTTP writes into each message itself: its address, its length, its connection (RFC 9112)."""

IGNORED_HEADERS: Final = MESSAGE_HEADERS | {"accept", "authorization", "content-type"}
"""Those, and the ones that OpenAPI ignores (3.1 §4.8.12.1), in lower case."""

IGNORED_RESPONSE_HEADERS: Final = MESSAGE_HEADERS | {"content-type"}
"""The same of a response (OpenAPI 3.1 §4.8.17): no handler has a say in them."""


def is_header_name(text: str) -> bool:
    """Whether a text can be the name of a header or a cookie (RFC 9110 §5.1, RFC 6265 §4.1.1)."""
    return _TOKEN.fullmatch(text) is not None


def without_message_headers(headers: Mapping[str, Any]) -> dict[str, Any]:
    """The headers that a handler passed: a server adds those of the message, and its own two."""
    added = MESSAGE_HEADERS | {"date", "server"}
    return {name: value for name, value in headers.items() if name.lower() not in added}
