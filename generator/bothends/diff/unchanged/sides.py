"""Leave out the sides of an operation that two contracts say alike.

Worked example. `ValidationError` has a new property, and each operation answers with it:

    GET /tides    parameters, body    lead to nothing that changed: left out of both contracts
                  200                 the same: a reply without content in both
                  422                 leads to ValidationError: kept

An operation that is the same in both contracts differs by what it refers to alone. Its request, its
replies of success and its errors are kept or left out as a whole: what a caller gets, or an example
that is sent, may be made of several of their parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum, auto
from typing import Any, TypeAlias

from bothends.diff.unchanged.same_meaning import is_read
from bothends.openapi.grammar import METHODS
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.pointer import below

LeadsToChange: TypeAlias = Callable[[Any], bool]
"""Whether a part of a contract refers to what differs."""


class Side(Enum):
    """A part of an operation that is compared by itself."""

    REQUEST = auto()
    SUCCESS = auto()
    ERROR = auto()


Sides: TypeAlias = set[tuple[str, Side]]
"""Sides of the operations of a path item, each with its method."""


def changed_sides(item: Any, leads_to_change: LeadsToChange) -> Sides:
    """The sides of each operation of a path item that lead to a change.

    All of one with an extension that means something here: it may say more of any part.
    """
    found: Sides = set()
    shared_parameters = as_object(item).get("parameters")
    for method, operation in _operations(as_object(item)):
        has_setting = any(map(is_read, operation))
        for side, parts in _sides(operation, shared_parameters).items():
            if has_setting or any(map(leads_to_change, parts)):
                found.add((method, side))

    return found


def with_sides(item: Any, changed: Sides) -> Any:
    """A path item whose operations have these sides alone; the others are empty."""
    shortened: dict[str, Any] = {}
    for method, operation in _operations(as_object(item)):
        sides = {side for side in Side if (method, side) in changed}
        shortened[method] = _shortened(operation, sides)

    return {**item, **shortened} if shortened else item


def moved_parameters(pointer: str, item: Any, shortened: Any) -> Iterator[tuple[str, str]]:
    """Where the parameters of the shortened path item at `pointer` stand, and where they stood."""
    for method, operation in _operations(as_object(shortened)):
        written = as_array(item[method].get("parameters"))
        indices = {id(parameter): index for index, parameter in enumerate(written)}
        parameters = below(pointer, method, "parameters")
        for index, parameter in enumerate(as_array(operation.get("parameters"))):
            if indices[id(parameter)] != index:
                yield below(parameters, index), below(parameters, indices[id(parameter)])


def _operations(item: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for method in METHODS:
        if is_object(operation := item.get(method)):
            yield method, operation


def _sides(operation: Mapping[str, Any], shared_parameters: Any) -> dict[Side, list[Any]]:
    """The parts of an operation by side; its path item may have parameters, too."""
    request = [shared_parameters, operation.get("parameters"), operation.get("requestBody")]
    sides = {Side.REQUEST: request}
    for status, reply in as_object(operation.get("responses")).items():
        sides.setdefault(_side_of(status), []).append(reply)
    return sides


def _side_of(status: str) -> Side:
    return Side.SUCCESS if status[:1] in "123" else Side.ERROR


def _shortened(operation: dict[str, Any], changed: set[Side]) -> dict[str, Any]:
    shortened = dict(operation)
    if Side.REQUEST not in changed:
        shortened.pop("requestBody", None)
        # The template of a path must find its variables; a reference may be to one of them.
        if "parameters" in shortened:
            shortened["parameters"] = [*filter(_may_be_of_path, as_array(shortened["parameters"]))]

    if "responses" in shortened:
        shortened["responses"] = {
            status: reply if _side_of(status) in changed else {"description": ""}
            for status, reply in as_object(shortened["responses"]).items()
        }
    return shortened


def _may_be_of_path(parameter: Any) -> bool:
    parameter = as_object(parameter)
    return "$ref" in parameter or parameter.get("in") == "path"
