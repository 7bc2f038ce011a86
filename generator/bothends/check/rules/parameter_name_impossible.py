"""A parameter needs a name that can be sent: not an empty one, and a token in a header or cookie.

Why: the name of a header is a token (RFC 9110 §5.1), as is that of a cookie (RFC 6265 §4.1.1). A
client cannot send another, so a caller finds out only when a request fails.

Bad:

    parameters:
      - {name: X Key, in: header, schema: {type: string}}

Better:

    parameters:
      - {name: X-Key, in: header, schema: {type: string}}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING
_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def check(contract: Contract) -> Iterator[Problem]:
    """Names that no request can carry."""
    for node in contract.nodes("parameter"):
        name, location = node.value.get("name"), node.value.get("in")
        if not isinstance(name, str):
            continue

        pointer = below(node.pointer, "name")
        if not name:
            yield Problem(pointer, f"The name of this {location} parameter is empty.", "Name it.")
        elif location in ("header", "cookie") and not _TOKEN.fullmatch(name):
            message = (
                f'No {location} can be called "{name}": a name has no spaces and no separators.'
            )
            plain_name = re.sub(r"[^A-Za-z0-9!#$%&'*+.^_`|~-]+", "-", name).strip("-")
            hint = f"Did you mean {plain_name}?" if plain_name else "Such as X-Key."
            yield Problem(pointer, message, hint)
