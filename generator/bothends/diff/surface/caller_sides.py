"""Which components a caller makes, and which a caller is given.

Worked example. `POST /tides` takes a `NewTide`, which has a `Place`, and answers with a `Tide`. The
caller makes `NewTide` and `Place`, and is given `Tide`. For a webhook it is the other way round:
the caller of the package receives the request and makes the reply.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Flag, auto

from bothends import ir
from bothends.openapi.type_algebra import named_types


class CallerSide(Flag):
    """The sides on which a component is: both, one or none."""

    MADE = auto()
    GIVEN = auto()


def caller_sides(api: ir.Api) -> dict[str, CallerSide]:
    """Find out what the callers of an API, and the receivers of its webhooks, do with components.

    By the pointer of the component. One that no operation mentions is made and given by whoever
    imports it.
    """
    components = {component.pointer: component for component in api.components}
    made, given = list[ir.Type](), list[ir.Type]()
    for operation in api.operations:
        made += _request_types(operation)
        given += _reply_types(operation)
    for webhook in api.webhooks:
        given += _request_types(webhook)
        made += _reply_types(webhook)

    found = dict.fromkeys(components, CallerSide(0))
    for side, types in ((CallerSide.MADE, made), (CallerSide.GIVEN, given)):
        for pointer in _reached(types, components):
            found[pointer] |= side
    return {pointer: side or CallerSide.MADE | CallerSide.GIVEN for pointer, side in found.items()}


def _request_types(operation: ir.Operation) -> Iterator[ir.Type]:
    yield from (parameter.type for parameter in operation.parameters)
    if isinstance(operation.body, ir.Body):
        yield from (content.type for content in operation.body.contents)
        yield from operation.body.passed


def _reply_types(operation: ir.Operation) -> Iterator[ir.Type]:
    for reply in operation.replies:
        yield from (header.type for header in reply.headers)
        if not isinstance(reply.contents, ir.NoBody):
            yield from (content.type for content in reply.contents)


def _reached(types: Iterable[ir.Type], components: dict[str, ir.Model | ir.Alias]) -> set[str]:
    """The components that these types mention, and those that they mention, and so on."""
    found, waiting = set[str](), list(types)
    while waiting:
        for named in named_types(waiting.pop()):
            component = components.get(named.target)
            if component is None or named.target in found:
                continue

            found.add(named.target)
            if isinstance(component, ir.Alias):
                waiting.append(component.type)
            else:
                waiting += [own.type for own in component.properties]
                waiting += [] if component.others is None else [component.others]
                # An object of an heir has the class of the base, and is read as the heir by hand.
                waiting += map(ir.Named, component.unnamed_heirs)
    return found
