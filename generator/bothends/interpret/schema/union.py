"""Schemas with alternatives."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from bothends import ir
from bothends.openapi.circles import circles
from bothends.openapi.pointer import below
from bothends.openapi.type_algebra import join_or_open

if TYPE_CHECKING:
    from bothends.interpret.schema.schemas import Schemas


def of_alternatives(
    schemas: Schemas, schema: dict[str, Any], keyword: str, pointer: str
) -> ir.Type:
    """Return the union of the alternatives of `oneOf` or `anyOf`."""
    members: list[ir.Type] = []
    for index, member in enumerate(schema[keyword]):
        if member is not False:
            members.append(schemas.type_of(member, below(pointer, keyword, index)))
    return join_or_open(members)


def loops(shapes: Mapping[str, ir.Type]) -> Mapping[str, frozenset[str]]:
    """Return, for each union that is a member of itself, all that it shares its members with."""
    uses: dict[str, list[str]] = {}
    for target, shape in shapes.items():
        members = shape.members if isinstance(shape, ir.Union) else (shape,)
        named = [member.target for member in members if isinstance(member, ir.Named)]
        uses[target] = [name for name in named if name in shapes]
    return circles(uses)


def without_loops(target: str, shapes: Mapping[str, ir.Type], loops: Collection[str]) -> ir.Type:
    """Return the type at `target` if unions are members of themselves, directly or not.

    Such a member adds no value that the others do not have; Python's aliases must not go round in
    circles. `loops` are the unions that this one shares its members with.
    """
    if not loops:
        return shapes[target]

    members: list[ir.Type] = []
    seen, waiting = {target}, [shapes[target]]

    while waiting:
        shape = waiting.pop(0)
        for member in shape.members if isinstance(shape, ir.Union) else (shape,):
            if not isinstance(member, ir.Named) or member.target not in loops:
                members.append(member)
            elif member.target not in seen:
                seen.add(member.target)
                waiting.append(shapes[member.target])

    # `Any` among them is that of an open union: what is described stays in sight.
    return join_or_open(members)
