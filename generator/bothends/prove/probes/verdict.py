"""What the contract says of a parameter that stands on the wire in an unusual text."""

from __future__ import annotations

from typing import Any

from bothends.prove.oracle.reader import Sent
from bothends.prove.oracle.refusal import PARAMETER
from bothends.prove.oracle.requests import judge_sent
from bothends.prove.probes.probe import Expect
from bothends.prove.values.texts import JSON_TEXTS, LISTS, TEXTS
from bothends.runtime.operation import Operation, Parameter
from bothends.runtime.parameters.parameter import ParameterCodec

REFUSED = Expect.refused(PARAMETER)


def texts_for(codec: ParameterCodec) -> tuple[str, ...]:
    """All that are worth trying for a parameter."""
    view = codec.view
    nested = bool({"array", "object"} & view.types if view.typed else view.property_names())
    return (*TEXTS, *(LISTS if nested else ()), *(JSON_TEXTS if codec.is_content else ()))


def verdict(operation: Operation[Any], parameter: Parameter, sent: Sent) -> Expect:
    """The expected answer to a request that differs only in how one parameter is written."""
    allowed = judge_sent(operation, parameter.location, parameter.wire_name, sent)
    return Expect.judged(allowed, PARAMETER)
