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
    schemas, operations = _named_schemas(data) + _objects(data), _operations(data)
    counts = (
        ("schemas", schemas, bounds.schemas, _pointer_of_schemas(data)),
        ("operations", operations, bounds.operations, "/paths"),
    )
    return [
        Finding(
            "contract-too-large",
            Severity.ERROR,
            f"The contract has {count:,} {noun}, and more than {most:,} take minutes.",
            document.location_of(pointer if pointer[1:].partition("/")[0] in data else ""),
            f"If you trust it, allow more: {noun} = {count} in [tool.bothends.bounds].",
        )
        for noun, count, most, pointer in counts
        if count > most
    ]


def _pointer_of_schemas(data: dict[str, Any]) -> str:
    return "/definitions" if "definitions" in data else "/components"


def _named_schemas(data: dict[str, Any]) -> int:
    """Components that are no objects with properties, which are counted wherever they stand."""
    components = as_object(as_object(data.get("components")).get("schemas"))
    named = [*components.values(), *as_object(data.get("definitions")).values()]
    return sum(not is_object(as_object(schema).get("properties")) for schema in named)


def _objects(data: Any) -> int:
    """The schemas with properties anywhere: a class is made of each."""
    count, values = 0, [data]
    while values:
        value = values.pop()
        if is_object(value):
            count += is_object(value.get("properties"))
            values.extend(value.values())
        elif is_array(value):
            values.extend(value)
    return count


def _operations(data: dict[str, Any]) -> int:
    items = [*as_object(data.get("paths")).values(), *as_object(data.get("webhooks")).values()]
    return sum(
        len(as_object(item).keys() & METHODS)
        + len(as_object(as_object(item).get("additionalOperations")))
        for item in items
    )
