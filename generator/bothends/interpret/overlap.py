"""Parameters that read each other's names: an exploded object and those beside it.

    low and high, both in the query, exploded objects with a property `level`

write `level=1` for either, so the server gives the value to both. The client refuses to send what
would not arrive as it was passed: one without the other, or two that differ. The operation stays,
with a loss.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bothends import ir
from bothends.interpret.schema import Schemas
from bothends.openapi.json_value import is_object

_CLOSING = ("additionalProperties", "unevaluatedProperties")


@dataclass(frozen=True, slots=True)
class _Names:
    """Return the names of a parameter, and whether it reads all that belong to no other."""

    parameter: ir.Parameter
    own: frozenset[str]
    takes_rest: bool


def note_overlaps(
    schemas: Schemas, declared: Sequence[Any], parameters: Sequence[ir.Parameter]
) -> None:
    """Add a loss if a name may be of two parameters (OpenAPI 3.1 §4.8.12.2).

    `declared` are the Parameter Objects that the parameters were built from.
    """
    pairs = zip(declared, parameters, strict=True)
    found = [_names(schemas, node, parameter) for node, parameter in pairs]
    # In paths and headers a parameter has a place of its own, whatever its properties' names.
    for location in ("query", "cookie"):
        names = [names for names in found if names.parameter.location == location]
        schemas.losses += _losses(names)


def _losses(found: Sequence[_Names]) -> Iterator[ir.Loss]:
    """One loss for each parameter that overlaps with one before it: not one for each pair."""
    owners: dict[str, ir.Parameter] = {}
    open_parameter: ir.Parameter | None = None

    for names in found:
        shared = min((name for name in names.own if name in owners), default=None)
        earlier = owners[shared] if shared is not None else open_parameter
        if earlier is not None and (shared is not None or names.takes_rest):
            both = f"{earlier.wire_name!r} and {names.parameter.wire_name!r}"
            what = f"take any name of the {earlier.location}"
            if shared is not None:
                what = f"are written under the name {shared!r}"
            reason = f"both {both} {what}; what would not arrive as it was passed is not sent"
            yield ir.Loss("parameter-overlap", names.parameter.pointer, reason)

        for name in names.own:
            owners.setdefault(name, names.parameter)
        if names.takes_rest and open_parameter is None:
            open_parameter = names.parameter


def _names(schemas: Schemas, node: dict[str, Any], parameter: ir.Parameter) -> _Names:
    name, pointer = parameter.wire_name, parameter.pointer + "/schema"
    spreads = parameter.style == "deepObject" or (
        parameter.style in ("form", "cookie") and parameter.explode
    )
    if parameter.media_type or not spreads or not schemas.may_be_object(parameter.type):
        return _Names(parameter, frozenset({name}), takes_rest=False)

    properties = [key for key, _, _ in schemas.properties_of(node.get("schema"), pointer)]
    if parameter.style == "deepObject":
        return _Names(
            parameter, frozenset(f"{name}[{key}]" for key in properties), takes_rest=False
        )

    own = set(properties) | ({name} if isinstance(parameter.type, ir.Union) else set[str]())
    parts = schemas.parts_of(node.get("schema"))
    return _Names(
        parameter,
        frozenset(own),
        takes_rest=not any(
            is_object(part) and part.get(word) is False for part in parts for word in _CLOSING
        ),
    )
