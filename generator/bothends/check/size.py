"""Is a contract so large that each command would take minutes? Asked before anything else.

    {"components": {"schemas": {"S0": {}, … 15,000 of them}}}    contract-too-large, at the schemas

A class costs about 2 ms of CPU and an operation 4, so a contract of one megabyte could ask for a
minute.
"""

from __future__ import annotations

from typing import Any

from bothends.diagnostics import Finding, Severity
from bothends.load import Document
from bothends.openapi.bounds import Bounds
from bothends.openapi.grammar import METHODS
from bothends.openapi.json_value import as_object, is_array, is_object


def check_size(document: Document, bounds: Bounds | None = None) -> list[Finding]:
    """Find that there are more schemas or operations than the bounds allow."""
    bounds = bounds or Bounds()
    data = document.data
    place = "definitions" if "definitions" in data else "components"
    counts = (
        ("schemas", _count_schemas(data), bounds.schemas, place),
        ("operations", _count_operations(data), bounds.operations, "paths"),
    )
    return [
        Finding(
            "contract-too-large",
            Severity.ERROR,
            f"The contract has {count:,} {noun}, and more than {most:,} take minutes.",
            document.location_of(f"/{field}" if field in data else ""),
            f"If you trust it, allow more: {noun} = {count} in [tool.bothends.bounds].",
        )
        for noun, count, most, field in counts
        if count > most
    ]


def _count_schemas(data: dict[str, Any]) -> int:
    """Components, and schemas with properties wherever they stand: a class is made of each."""
    components = as_object(as_object(data.get("components")).get("schemas"))
    named = [*components.values(), *as_object(data.get("definitions")).values()]
    count = sum(not is_object(as_object(schema).get("properties")) for schema in named)

    values: list[Any] = [data]
    while values:
        value = values.pop()
        if is_object(value):
            count += is_object(value.get("properties"))
            values.extend(value.values())
        elif is_array(value):
            values.extend(value)
    return count


def _count_operations(data: dict[str, Any]) -> int:
    count = 0
    for field in ("paths", "webhooks"):
        for item in map(as_object, as_object(data.get(field)).values()):
            count += len(item.keys() & METHODS)
            count += len(as_object(item.get("additionalOperations")))
    return count
