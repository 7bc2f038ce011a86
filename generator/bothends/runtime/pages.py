"""The number of an operation's first page."""

from __future__ import annotations

from typing import Any

from .operation import Operation
from .schema.contract import load_contract


def first_page(operation: Operation[Any]) -> int:
    """The number of the first page or item: the contract's default, else 1 or 0."""
    pages = operation.pages
    if pages is None:
        return 0

    wire_name = next(
        (entry.wire_name for entry in operation.parameters if entry.name == pages.parameter), ""
    )
    schema: dict[str, Any] = {}

    for parameter in load_contract(operation.api).find_array(operation.pointer + "/parameters"):
        if (parameter.get("name"), parameter.get("in")) == (wire_name, "query"):
            schema = parameter.get("schema", {})

    usual = 1 if pages.by == "page" and schema.get("minimum") != 0 else 0
    first = schema.get("default", usual)
    return first if isinstance(first, int) else usual
