"""An array in a request should say how many items it may have.

Why: without `maxItems` a server must take lists of any length, and a client cannot know where the
vendor's own limit is.

Bad:

    ids: {type: array, items: {type: string}}

Better:

    ids: {type: array, maxItems: 100, items: {type: string}}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.carried import request_schemas
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_array
from bothends.openapi.problem import Problem

SEVERITY = Severity.INFO


def check(contract: Contract) -> Iterator[Problem]:
    """Arrays in requests without `maxItems`."""
    for pointer, schema in request_schemas(contract):
        declared = schema.get("type")
        is_listed = declared == "array" or "array" in as_array(declared)
        if is_listed and not {"maxItems", "enum", "const"} & set(schema):
            hint = "Add maxItems: the vendor's limit, or the largest that you want to take."
            yield Problem(pointer, "This array may have any number of items.", hint, key=True)
