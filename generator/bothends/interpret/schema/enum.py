"""Schemas that list their values."""

from __future__ import annotations

from typing import Any

from bothends import ir
from bothends.openapi.json_value import as_array


def literal_type(schema: dict[str, Any]) -> ir.Type:
    """Return the listed values as literals.

    A list with a number or an object in it is `Any`: `Literal` cannot hold them (PEP 586).
    """
    values: list[Any] = [schema["const"]] if "const" in schema else as_array(schema["enum"])
    if not values or not all(map(_is_literal, values)):
        return ir.Scalar(ir.Kind.ANY)
    distinct: dict[tuple[type, Any], Any] = {(type(value), value): value for value in values}
    return ir.Constant(tuple(distinct.values()))


def _is_literal(value: Any) -> bool:
    return value is None or isinstance(value, str | bool | int)
