"""Arguments for a call, drawn from the contract: values as a caller writes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from bothends.prove.oracle.plain import is_plain_scalar
from bothends.prove.values.contents import contents
from bothends.prove.values.json_values import ANY_TEXT, HEADER_TEXT, Values, json_values
from bothends.prove.values.origin import Origin, of_type
from bothends.prove.values.sendable import can_be_written
from bothends.prove.wire.credentials import is_credential
from bothends.runtime.media import body_media
from bothends.runtime.operation import Body, Operation, Parameter
from bothends.runtime.parameters.parameter import ParameterCodec, parameter_codecs
from bothends.runtime.schema.contract import load_contract

Arguments = dict[str, Any]
"""By Python name; what is not in it is left out of the call."""


@dataclass(frozen=True, slots=True)
class DrawnCall:
    """The arguments of a call, and what each of them was made of."""

    arguments: Arguments = field(default_factory=Arguments)
    origins: tuple[Origin, ...] = ()


def drawn_calls(operation: Operation[Any]) -> st.SearchStrategy[DrawnCall]:
    """All that the contract allows, with and without what is optional.

    Mostly such that the wire can carry each parameter, for of several parameters one is soon too
    much for it.
    """
    sendable, any_ = _calls(operation, sendable=True), _calls(operation, sendable=False)
    # Three in four: of several parameters one is soon too much for the wire, and refused draws
    # prove nothing.
    return st.sampled_from([sendable, sendable, sendable, any_]).flatmap(lambda chosen: chosen)


def _calls(operation: Operation[Any], *, sendable: bool) -> st.SearchStrategy[DrawnCall]:
    drawn = [
        _parameter(operation, parameter, codec, sendable=sendable)
        for parameter, codec in parameter_codecs(operation)
        if parameter.required or not is_credential(operation, parameter)
    ]
    if operation.body is not None:
        drawn.append(_body(operation, operation.body))
    return st.tuples(*drawn).map(_joined)


def _joined(parts: Iterable[DrawnCall]) -> DrawnCall:
    complete = DrawnCall()
    for part in parts:
        complete = DrawnCall(
            {**complete.arguments, **part.arguments}, (*complete.origins, *part.origins)
        )
    return complete


def _parameter(
    operation: Operation[Any], parameter: Parameter, codec: ParameterCodec, *, sendable: bool
) -> st.SearchStrategy[DrawnCall]:
    index = operation.parameters.index(parameter)
    conversion = of_type(operation.api, parameter.type, f"{{operation}}.parameters[{index}].type")

    def make_call(drawn: Any) -> DrawnCall:
        origin = Origin.draw(f"argument {parameter.name}", drawn, conversion)
        if codec.style.location == "query" and not codec.is_content:
            origin = replace(origin, is_plain=is_plain_scalar(codec.contract, drawn, codec.pointer))
        return DrawnCall({parameter.name: origin.value}, (origin,))

    provided = _values(operation, codec, sendable=sendable).map(make_call)
    return provided if parameter.required else st.just(DrawnCall()) | provided


def _values(operation: Operation[Any], codec: ParameterCodec, *, sendable: bool) -> Values:
    contract = load_contract(operation.api)
    wild = json_values(contract, codec.pointer, ANY_TEXT)
    if codec.style.location in ("header", "cookie"):
        wild = json_values(contract, codec.pointer, HEADER_TEXT) | wild
    return (
        wild.filter(lambda value: can_be_written(codec.write_exactly, value)) if sendable else wild
    )


def _body(operation: Operation[Any], body: Body) -> st.SearchStrategy[DrawnCall]:
    choices = [
        contents(codec).map(
            lambda content: DrawnCall(
                {
                    body.name: content.value,
                    **(
                        {body.content_type: content.media_type}
                        if body.content_type is not None
                        else {}
                    ),
                },
                content.origins,
            )
        )
        for codec in body_media(operation)
    ]
    provided = st.one_of(choices)
    return provided if body.required else st.just(DrawnCall()) | provided
