"""Two paths should not be the same template under other names of their parameters.

Why: OpenAPI 3.1 §4.8.8.1 calls such paths identical and invalid; a request for one is a request for
the other. Both are generated: the server takes the methods of both as those of one path. Where both
have a method, the first by name whose schemas allow the request takes it.

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
from bothends.openapi.grammar import METHODS
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import join
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING


def check(contract: Contract) -> Iterator[Problem]:
    """Paths that equal an earlier one."""
    paths = as_object(contract.document.data.get("paths"))
    first: dict[str, str] = {}
    # Refused as a pair, one of them was lost, and the order of keys said which: 48 operations.
    for path in paths:
        template = re.sub(r"\{[^{}]*\}", "{}", path)
        if template in first:
            shared = [
                method.upper()
                for method in METHODS
                if method in as_object(paths[path]) and method in as_object(paths[first[template]])
            ]
            message = f"{path} is the same path as {first[template]}."
            used = f" Both have {', '.join(shared)}: the server tells them apart by their schemas."
            yield Problem(
                join("paths", path),
                message + (used if shared else ""),
                "Write the methods of both under one of them.",
                key=True,
            )
        first.setdefault(template, path)
