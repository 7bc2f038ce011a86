"""Schemas that must all hold at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bothends import ir
from bothends.openapi.json_value import as_array
from bothends.openapi.pointer import below

if TYPE_CHECKING:
    from bothends.interpret.schema.schemas import Schemas

_ANY = ir.Scalar(ir.Kind.ANY)


def of(schemas: Schemas, schema: dict[str, Any], pointer: str) -> ir.Type:
    """The narrowest type among the members: each of them describes every value, so any one would do."""
    rest = {
        keyword: value
        for keyword, value in schema.items()
        if keyword not in ("allOf", "$ref", "$dynamicRef")
    }
    types = [
        schemas.type_of(member, below(pointer, "allOf", index))
        for index, member in enumerate(as_array(schema.get("allOf")))
    ]
    types.append(schemas.type_of(rest, pointer) if _says_a_type(rest) else _ANY)
    return narrowest(types)


def narrowest(types: list[ir.Type]) -> ir.Type:
    """The type that says most: literals before classes before other shapes before anything."""
    return min(types, key=_width)


def _width(of: ir.Type) -> int:
    match of:
        case ir.Constant():
            return 0
        case ir.Named():
            return 1
        case ir.Array() | ir.Map() | ir.Stream():
            return 2
        case ir.Scalar(kind=ir.Kind.ANY):
            return 9
        case ir.Scalar():
            return 3
        case ir.Union():
            return 4


def _says_a_type(schema: dict[str, Any]) -> bool:
    return bool({"type", "enum", "const", "oneOf", "anyOf", "properties", "items"} & schema.keys())
