"""The URL of a server without `https://` is a path below the address of the contract itself.

Why: OpenAPI 3.1 §4.8.5.1: a URL without a scheme is relative. `api.tides.example/v1` is the folder
of that name, not the host.

Bad:

    servers:
      - url: api.tides.example/v1

Better:

    servers:
      - url: https://api.tides.example/v1
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING
# A name that ends in letters or an IPv4 address: `v1.0/api` is a path.
_HOST = re.compile(
    r"(localhost|([\w-]+\.)+[A-Za-z]{2,}|\d{1,3}(\.\d{1,3}){3})(:\d+)?(/.*)?", re.ASCII
)


def check(contract: Contract) -> Iterator[Problem]:
    """URLs that begin with what looks like a host."""
    for node in contract.nodes("server"):
        url = node.value.get("url")
        if isinstance(url, str) and _HOST.fullmatch(url):
            message = f"{url} has no scheme, so it is a path and not a host."
            yield Problem(below(node.pointer, "url"), message, f"Did you mean https://{url}?")
