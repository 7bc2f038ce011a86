"""Two paths must not be the same template under other names of their parameters.

Why: OpenAPI 3.1 §4.8.8.1 calls such paths identical and invalid; a request for one is a request for the other, and only
one of them can be reached.

Bad:

    /harbours/{id}: {get: ...}
    /harbours/{harbourId}: {post: ...}

Better:

    /harbours/{harbourId}: {get: ..., post: ...}
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import join
from bothends.openapi.problem import Problem

SEVERITY = Severity.ERROR


def check(contract: Contract) -> Iterator[Problem]:
    """Paths that equal an earlier one."""
    first: dict[str, str] = {}
    for path in as_object(contract.document.data.get("paths")):
        template = re.sub(r"\{[^{}]*\}", "{}", path)
        if template in first:
            message = f"{path} is the same path as {first[template]}."
            yield Problem(
                join("paths", path),
                message,
                "Write the methods of both under one of them.",
                key=True,
            )
        first.setdefault(template, path)
