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
from typing import Any

from bothends.diagnostics import Severity
from bothends.openapi.carried import limited_by_others, request_schemas
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import types_of
from bothends.openapi.problem import Problem

SEVERITY = Severity.INFO
_BOUNDS = frozenset({"maxItems", "enum", "const"})


def check(contract: Contract) -> Iterator[Problem]:
    """Arrays in requests without `maxItems`."""
    limited = limited_by_others(contract, _BOUNDS)
    for pointer, schema in request_schemas(contract):
        if "array" not in types_of(schema) or pointer in limited:
            continue
        if not _BOUNDS & set(schema) and not _is_short(contract, schema):
            hint = "Add maxItems: the vendor's limit, or the largest that you want to take."
            yield Problem(pointer, "This array may have any number of items.", hint, key=True)


def _is_short(contract: Contract, schema: dict[str, Any]) -> bool:
    """Whether the items say how many there can be.

    There are none beyond those of a tuple, or each of the listed values comes once.
    """
    if schema.get("items") is False:
        return True

    items, _ = contract.resolve(schema.get("items"), "")
    return schema.get("uniqueItems") is True and bool({"enum", "const"} & set(items))
