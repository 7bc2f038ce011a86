"""Schemas that list their values."""

from __future__ import annotations

from typing import Any

from bothends import ir
from bothends.openapi.json_value import as_array, is_array, is_object
from bothends.openapi.type_algebra import ANY, join_types


def literal_type(schema: dict[str, Any]) -> ir.Type:
    """Return the listed values as literals.

    `Literal` holds no numbers with a fraction, lists and objects (PEP 586): these have their type.
    """
    values: list[Any] = [schema["const"]] if "const" in schema else as_array(schema["enum"])
    # In Python, True equals 1.
    distinct: dict[tuple[type, Any], Any] = {}
    for value in filter(_is_literal, values):
        distinct[type(value), value] = value

    members = list[ir.Type]()
    for value in values:
        if is_object(value):
            members.append(ir.Map(ANY))
        elif is_array(value):
            members.append(ir.Array(ANY))
        elif not _is_literal(value):
            members.append(ir.Scalar(ir.Kind.NUMBER))

    literals = (ir.Constant(tuple(distinct.values())),) if distinct else ()
    return join_types((*members, *literals)) if members else next(iter(literals), ANY)


def _is_literal(value: Any) -> bool:
    return value is None or isinstance(value, str | bool | int)
