"""Schemas that list their values."""

from __future__ import annotations

from typing import Any

from bothends import ir
from bothends.openapi.json_value import as_array, is_array, is_object
from bothends.openapi.type_algebra import ANY, join_types


def literal_type(schema: dict[str, Any]) -> ir.Type:
    """Return the listed values as literals.

    `Literal` holds no numbers with a fraction, lists and objects (PEP 586), and type checkers no
    integers beyond 64 bits: these have their type.
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
            kind = ir.Kind.INTEGER if isinstance(value, int) else ir.Kind.NUMBER
            members.append(ir.Scalar(kind))

    literals = (ir.Constant(tuple(distinct.values())),) if distinct else ()
    return join_types((*members, *literals)) if members else next(iter(literals), ANY)


def _is_literal(value: Any) -> bool:
    # mypy knows no literal that is longer than 64 bits.
    is_long = isinstance(value, int) and abs(value) >= 2**63
    return value is None or (isinstance(value, str | bool | int) and not is_long)
