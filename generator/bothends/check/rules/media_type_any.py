"""A body should say in which media type it is.

Why: `*/*` or an empty `content` says that anything may come. Client and server then hand on bytes,
although the vendor surely sends something in particular.

Bad:

    content: {'*/*': {schema: {$ref: '#/components/schemas/Tide'}}}

Better:

    content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import is_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.INFO


def check(contract: Contract) -> Iterator[Problem]:
    """Bodies of any media type, and a `content` that names none."""
    for node in contract.nodes("request body", "response"):
        content = node.value.get("content")
        if not is_object(content) or not set(content) <= {"*/*"}:
            continue
        yield Problem(
            below(node.pointer, "content"),
            "This body may be of any media type.",
            "Name the media types that the vendor takes or sends.",
            key=True,
        )
