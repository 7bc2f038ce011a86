"""Parameters of which no value has a form on the wire.

    {name: Spots, in: header, schema: {type: array, minItems: 1, items: {type: array}}}

A list of lists has no form in a header (OpenAPI 3.1 §4.8.12.4), so each call that has it would
fail before it is sent. The operation stays: it can be called without an optional parameter, and the
server may be called by others, who know more than the contract.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from bothends import ir
from bothends.interpret.schema import Schemas
from bothends.openapi.json_value import as_array, is_array, is_object
from bothends.runtime import MISSING
from bothends.runtime.parameters.parameter import ParameterCodec, ParameterError
from bothends.runtime.parameters.style import Style
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.sample.value import sample
from bothends.runtime.schema.schema_view import SchemaView

_SCALARS = ("text", 1, True)


def note_unsendable(schemas: Schemas, parameters: Sequence[ir.Parameter]) -> None:
    """Add a loss for each parameter that cannot be written in its style."""
    for parameter in parameters:
        if parameter.media_type or _is_plain(parameter):
            continue

        only = _unsendable(schemas.contract, parameter)
        if only is not None:
            kind = "required parameter" if parameter.required else "parameter"
            reason = (
                f"no value of the {kind} {parameter.wire_name!r} can be written in style"
                f" {parameter.style}{only}"
            )
            schemas.losses.append(ir.Loss("parameter-unsendable", parameter.pointer, reason))


def _is_plain(parameter: ir.Parameter) -> bool:
    """Whether a parameter surely has a form, so that no value need be made up to see it."""
    type_ = parameter.type
    if not parameter.required and isinstance(type_, ir.Array):
        type_ = type_.item
    return isinstance(type_, ir.Scalar) and type_.kind != ir.Kind.NULL


def _unsendable(contract: Contract, parameter: ir.Parameter) -> str | None:
    """What follows if none of a few values that the contract allows can be written, else None."""
    style = Style.of(
        parameter.wire_name,
        parameter.location,
        parameter.style,
        parameter.explode,
        parameter.allow_reserved,
    )
    codec = ParameterCodec(contract, parameter.pointer, style)
    # Where no value can be made up, nothing is known against the parameter.
    is_unknown, has_empty = True, False

    for value in _values(contract, codec.pointer):
        try:
            codec.write(value)
        except ParameterError as error:
            if error.unsendable:
                is_unknown = False
        else:
            if value not in ([], {}):
                return None
            has_empty = True

    if is_unknown:
        return None
    if has_empty:
        return ", but for an empty one"
    return ", so no call can " + ("be sent" if parameter.required else "have it")


def _values(contract: Contract, pointer: str) -> Iterator[Any]:
    view = SchemaView(contract, (pointer,))
    # The first that is listed may be the empty text, which has no form in a path.
    for schema in view.schemas():
        yield from as_array(schema.get("enum"))
    # A sample is the default where there is one, and that may be null.
    yield from (value for value in _SCALARS if contract.accepts(pointer, value))

    for alternative, full in product((pointer, *view.alternatives()), (True, False)):
        value = sample(contract, alternative, full=full)
        if value is MISSING:
            continue

        yield value
        # What has no form may be one optional member deep within, such as an empty list.
        if _is_nested(value):
            yield _cut(value, 2)
            yield _cut(value, 1)


def _cut(value: Any, levels: int) -> Any:
    """The value without the objects and arrays that are nested deeper."""
    if is_object(value):
        members = {name: _cut(item, levels - 1) for name, item in value.items()}
        return {name: item for name, item in members.items() if levels > 1 or not _is_nested(item)}
    if is_array(value):
        items = [_cut(item, levels - 1) for item in value]
        return [item for item in items if levels > 1 or not _is_nested(item)]
    return value


def _is_nested(value: Any) -> bool:
    return is_object(value) or is_array(value)
