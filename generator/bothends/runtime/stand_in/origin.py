"""Replaces the addresses of the vendor in an answer by those of the stand-in.

Worked example: `servers: [{url: 'https://api.tides.example/v1'}]`, and an answer `{"next":
"https://api.tides.example/v1/tides?page=2"}`. A stand-in that was called at `http://127.0.0.1:8000`
answers `{"next": "http://127.0.0.1:8000/v1/tides?page=2"}`.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from bothends.runtime.expression import Asked
from bothends.runtime.json.value import is_array, is_object

_END = r"(?=[:/?#]|$)"


def own_addresses(requested: Asked, value: Any, *, is_header: bool = False) -> Any:
    """Return the value with the origins of `servers` replaced by that of the request.

    A header may have them in angle brackets, as `Link` has (RFC 8288 §3).
    """
    servers = [*requested.operation.servers, *requested.operation.api.servers]
    urls = [
        urlsplit(server.url)
        for server in servers
        if "{" not in server.url.partition("//")[2].partition("/")[0]
    ]
    origins = list(dict.fromkeys(f"{url.scheme}://{url.netloc}" for url in urls if url.netloc))

    own = urlsplit(requested.url)
    if not origins or not own.netloc:
        return value

    start = "(?:^|(?<=<))" if is_header else "^"
    choices = "|".join(map(re.escape, origins))
    pattern = re.compile(f"{start}(?:{choices}){_END}", re.IGNORECASE)
    return _replaced(pattern, f"{own.scheme}://{own.netloc}", value)


def _replaced(pattern: re.Pattern[str], own: str, value: Any) -> Any:
    if isinstance(value, str):
        return pattern.sub(lambda _: own, value)
    if is_object(value):
        return {name: _replaced(pattern, own, item) for name, item in value.items()}
    if is_array(value):
        return [_replaced(pattern, own, item) for item in value]
    return value
