"""The joining of types: what a value is that may be of several.

`str` and `None` join to `str | None`; 1 and "a" to `Literal[1, "a"]`; anything and `Tide` to
anything. Where a schema describes objects and forbids nothing else (`properties` without `type`),
its type is open: `Tide | Any`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeGuard

from bothends import ir

ANY = ir.Scalar(ir.Kind.ANY)
NULL = ir.Scalar(ir.Kind.NULL)


def join_types(members: tuple[ir.Type, ...]) -> ir.Type:
    """Join types: flatten unions, merge equal members, collect literals, put null last."""
    flat = _flat(members)
    if not flat or ANY in members:
        return ANY

    distinct = list(dict.fromkeys(_without_null(flat)))
    # Each integer is a number (JSON Schema 2020-12 Validation §6.1.1): naming both says no more.
    if ir.Scalar(ir.Kind.NUMBER) in distinct and ir.Scalar(ir.Kind.INTEGER) in distinct:
        distinct.remove(ir.Scalar(ir.Kind.INTEGER))

    if ANY in flat:  # of an open union
        distinct = [*(member for member in distinct if member != ANY), ANY]
    elif _has_null(flat):
        distinct.append(NULL)

    if len(distinct) == 1:
        return distinct[0]
    is_loose = any(isinstance(member, ir.Union) and member.is_loose for member in members)
    return ir.Union(tuple(distinct), is_loose)


def open_type(*members: ir.Type) -> ir.Type:
    """Return `members | Any`: the expected types, and anything else that the schema allows."""
    described = tuple(member for member in _flat(members) if member != ANY)
    if not described:
        return ANY
    return join_types((ir.Union((*described, ANY)),))


def join_or_open(types: list[ir.Type]) -> ir.Type:
    """Return `X | Any` for what is described in some alternatives only: editors show the `X`."""
    joined = open_type(*types) if ANY in types else join_types(tuple(types))
    return replace(joined, is_loose=True) if is_open(joined) and ANY in types else joined


def is_open(type_: ir.Type) -> TypeGuard[ir.Union]:
    """Whether a type says what people expect, and allows anything else."""
    return isinstance(type_, ir.Union) and ANY in type_.members


def closed_type(type_: ir.Type) -> ir.Type:
    """Return the type without `Any`: in a form nothing else has a form on the wire."""
    if not isinstance(type_, ir.Union) or not is_open(type_):
        return type_
    return join_types(tuple(member for member in type_.members if member != ANY))


def named_types(type_: ir.Type) -> Iterator[ir.Named]:
    """Yield the components that a type mentions, not those that they mention."""
    match type_:
        case ir.Named():
            yield type_
        case ir.Array(item=inner) | ir.Map(value=inner) | ir.Stream(item=inner):
            yield from named_types(inner)
        case ir.Union(members=members):
            for member in members:
                yield from named_types(member)
        case _:
            return


def _flat(members: tuple[ir.Type, ...]) -> list[ir.Type]:
    found: list[ir.Type] = []
    for member in members:
        if isinstance(member, ir.Union):
            found += member.members
        else:
            found.append(member)
    return found


def _without_null(members: list[ir.Type]) -> list[ir.Type]:
    result: list[ir.Type] = []
    # In Python 1 equals True, in JSON the two are different constants.
    literals: dict[tuple[type, Any], Any] = {}
    location = -1

    for member in members:
        if isinstance(member, ir.Constant):
            location = len(result) if location < 0 else location
            literals.update(
                {(type(value), value): value for value in member.values if value is not None}
            )
        elif member != NULL:
            result.append(member)

    if literals:
        result.insert(location, ir.Constant(tuple(literals.values())))

    return result


def _has_null(members: list[ir.Type]) -> bool:
    return any(m == NULL or (isinstance(m, ir.Constant) and None in m.values) for m in members)
