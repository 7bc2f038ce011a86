"""Replaces the addresses of the vendor in an answer by those of the stand-in.

Worked example: `servers: [{url: 'https://api.tides.example/v1'}]`, and an answer `{"next":
"https://api.tides.example/v1/tides?page=2"}`. A stand-in that was called at `http://127.0.0.1:8000`
answers `{"next": "http://127.0.0.1:8000/v1/tides?page=2"}`.
"""

from __future__ import annotations

import re
from typing import Any

from bothends.runtime.expression import Asked
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.url import url_parts

_END = r"(?=[:/?#]|$)"


def own_addresses(requested: Asked, value: Any, *, is_header: bool = False) -> Any:
    """Return the value with the origins of `servers` replaced by that of the request.

    A header may have them in angle brackets, as `Link` has (RFC 8288 §3).
    """
    origins: dict[str, None] = {}
    for server in (*requested.operation.servers, *requested.operation.api.servers):
        host = server.url.partition("//")[2].partition("/")[0]
        # A host with a variable in it is not read: it may be any.
        url = url_parts(server.url if "{" not in host else "")
        if url.netloc:
            origins[f"{url.scheme}://{url.netloc}"] = None

    own = url_parts(requested.url)
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
