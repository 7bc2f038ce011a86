"""Arguments for a call, drawn from the contract: values as a caller writes them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bothends.runtime.codec import codec_for
from bothends.runtime.contract import load_contract
from bothends.runtime.media import body_media
from bothends.runtime.operation import Body, Operation, Parameter
from bothends.runtime.parameter import ParameterCodec, parameter_codecs

from .media import contents
from .typed import constructed
from .values import ANY_TEXT, HEADER_TEXT, Values, json_values

Arguments = dict[str, Any]
"""By Python name; what is not in it is left out of the call."""


def arguments(operation: Operation[Any]) -> st.SearchStrategy[Arguments]:
    """All that the contract allows, with and without what is optional.

    Mostly such that the wire can carry each parameter, for of several parameters one is soon too much for it.
    """
    sendable, any_ = _arguments(operation, sendable=True), _arguments(operation, sendable=False)
    return st.sampled_from([sendable, sendable, sendable, any_]).flatmap(lambda chosen: chosen)


def _arguments(operation: Operation[Any], *, sendable: bool) -> st.SearchStrategy[Arguments]:
    drawn = [
        _optional(
            parameter.name, _parameter(operation, parameter, codec, sendable=sendable), required=parameter.required
        )
        for parameter, codec in parameter_codecs(operation)
    ]
    if operation.body is not None:
        drawn.append(_body(operation, operation.body))
    return st.tuples(*drawn).map(lambda parts: {name: value for part in parts for name, value in part.items()})


def _optional(name: str, values: Values, *, required: bool) -> st.SearchStrategy[Arguments]:
    given = values.map(lambda value: {name: value})
    return given if required else st.just(Arguments()) | given


def _parameter(operation: Operation[Any], parameter: Parameter, codec: ParameterCodec, *, sendable: bool) -> Values:
    decode = codec_for(operation.api).decode
    contract = load_contract(operation.api)
    wild = json_values(contract, codec.pointer, ANY_TEXT)
    if parameter.location in ("header", "cookie"):
        wild = json_values(contract, codec.pointer, HEADER_TEXT) | wild
    drawn = wild.filter(lambda value: _can_be_sent(codec, value)) if sendable else wild
    return drawn.map(lambda value: constructed(decode(parameter.type, value)))


def _can_be_sent(codec: ParameterCodec, value: Any) -> bool:
    try:
        codec.write(value)
    except ValueError:
        return False
    return True


def _body(operation: Operation[Any], body: Body) -> st.SearchStrategy[Arguments]:
    choices = [
        contents(codec).map(
            lambda content: {
                body.name: content.value,
                **({body.content_type: content.media_type} if body.content_type is not None else {}),
            }
        )
        for codec in body_media(operation)
    ]
    given = st.one_of(choices)
    return given if body.required else st.just(Arguments()) | given
