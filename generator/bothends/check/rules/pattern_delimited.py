"""A pattern between slashes is JavaScript's way to write one; in JSON the slashes are part of it.

Why: `/^[a-z]+$/` fits no text, since nothing can stand before the beginning (JSON Schema 2020-12
§6.3.3). Flags after the second slash have no counterpart.

Bad:

    pattern: /^[a-z]+$/i

Better:

    pattern: ^[A-Za-z]+$
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING
# With an anchor inside: `/etc/` is a text that some pattern may well ask for.
_DELIMITED = re.compile(r"/(\^.*|.*[^\\]\$)/[a-z]*", re.DOTALL)


def check(contract: Contract) -> Iterator[Problem]:
    """Patterns that can fit nothing, because of their slashes."""
    for node in contract.nodes("schema"):
        pattern = node.value.get("pattern")
        if isinstance(pattern, str) and (found := _DELIMITED.fullmatch(pattern)):
            message = "The slashes are part of this pattern, so no text fits it."
            yield Problem(below(node.pointer, "pattern"), message, f"Leave them out: {found[1]}")
