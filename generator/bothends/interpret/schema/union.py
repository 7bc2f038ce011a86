"""Schemas with alternatives, and the joining of types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bothends import ir
from bothends.load.pointer import below

if TYPE_CHECKING:
    from bothends.interpret.schema.schemas import Schemas

_ANY = ir.Scalar(ir.Kind.ANY)
_NULL = ir.Scalar(ir.Kind.NULL)


def of_alternatives(schemas: Schemas, schema: dict[str, Any], pointer: str) -> ir.Type:
    """The union of `oneOf` and `anyOf`: whichever alternative holds, the value is of one of these types."""
    members = [
        schemas.type_of(member, below(pointer, keyword, index))
        for keyword in ("oneOf", "anyOf")
        for index, member in enumerate(schema.get(keyword) or ())
        if member is not False
    ]
    return of(tuple(members))


def of(members: tuple[ir.Type, ...]) -> ir.Type:
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


def without_loops(target: str, shapes: Mapping[str, ir.Type]) -> ir.Type:
    """The type at `target` when unions name themselves, directly or through each other, as a member.

    Such a member adds no value that the others do not have; Python's aliases must not go round in circles.
    """
    members: list[ir.Type] = []
    seen, waiting = {target}, [shapes[target]]
    loops = _in_loop(target, shapes)

    while waiting:
        shape = waiting.pop(0)
        for member in shape.members if isinstance(shape, ir.Union) else (shape,):
            if not isinstance(member, ir.Named) or member.target not in loops:
                members.append(member)
            elif member.target not in seen:
                seen.add(member.target)
                waiting.append(shapes[member.target])

    return of(tuple(members))


def _in_loop(target: str, shapes: Mapping[str, ir.Type]) -> set[str]:
    """The aliases on a circle through `target` that leads over nothing but members of unions."""
    return {name for name in _reached(target, shapes) if target in _reached(name, shapes)}


def _reached(start: str, shapes: Mapping[str, ir.Type]) -> set[str]:
    found, waiting = set[str](), [start]
    while waiting:
        shape = shapes[waiting.pop()]
        for member in shape.members if isinstance(shape, ir.Union) else (shape,):
            if (
                isinstance(member, ir.Named)
                and member.target in shapes
                and member.target not in found
            ):
                found.add(member.target)
                waiting.append(member.target)

    return found
