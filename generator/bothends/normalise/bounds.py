"""Writes integer formats as bounds, so that validators enforce them (OpenAPI 3.1 §4.4)."""

from __future__ import annotations

from bothends.load import Document
from bothends.openapi.json_value import copied, is_object
from bothends.openapi.walk import all_schemas

_BITS = {"int32": 32, "int64": 64}


def apply(document: Document) -> Document:
    """Bound each `int32` and `int64` schema; tighter bounds of its own are kept."""
    data = copied(document.data)
    for slot in all_schemas(data):
        schema = slot.holder[slot.key]
        # A format by itself asserts nothing in 2020-12 (Validation §7.2.1); bounds do.
        if is_object(schema) and (bits := _BITS.get(schema.get("format", ""))):
            low = -(2 ** (bits - 1))
            high = 2 ** (bits - 1) - 1
            minimum, maximum = schema.get("minimum"), schema.get("maximum")
            schema["minimum"] = max(low, minimum) if isinstance(minimum, int | float) else low
            schema["maximum"] = min(high, maximum) if isinstance(maximum, int | float) else high

    return document.with_data(data, {})
