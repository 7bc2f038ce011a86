"""The joining of types: what a value is that may be of several."""

from __future__ import annotations

from typing import Any

from bothends import ir

_ANY = ir.Scalar(ir.Kind.ANY)
_NULL = ir.Scalar(ir.Kind.NULL)


def join_types(members: tuple[ir.Type, ...]) -> ir.Type:
    """Join types: nested unions are flattened, equal members merged, literals collected, null put last."""
    flat = [
        inner
        for member in members
        for inner in (member.members if isinstance(member, ir.Union) else (member,))
    ]
    if not flat or _ANY in flat:
        return _ANY

    distinct = list(dict.fromkeys(_without_null(flat)))
    if ir.Scalar(ir.Kind.NUMBER) in distinct and ir.Scalar(ir.Kind.INTEGER) in distinct:
        distinct.remove(ir.Scalar(ir.Kind.INTEGER))

    if _has_null(flat):
        distinct.append(_NULL)

    return distinct[0] if len(distinct) == 1 else ir.Union(tuple(distinct))


def _without_null(members: list[ir.Type]) -> list[ir.Type]:
    result: list[ir.Type] = []
    literals: dict[tuple[type, Any], Any] = {}
    location = -1

    for member in members:
        if isinstance(member, ir.Constant):
            location = len(result) if location < 0 else location
            literals.update(
                {(type(value), value): value for value in member.values if value is not None}
            )
        elif member != _NULL:
            result.append(member)

    if literals:
        result.insert(location, ir.Constant(tuple(literals.values())))

    return result


def _has_null(members: list[ir.Type]) -> bool:
    return any(m == _NULL or (isinstance(m, ir.Constant) and None in m.values) for m in members)
