"""The whole answer of a call, where its value is not enough."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from bothends.runtime.exchange import Headers, ReceivedResponse, SentRequest
from bothends.runtime.models.codec import codec_for
from bothends.runtime.operation import MISSING, Operation, documented
from bothends.runtime.parameters.parameter import ParameterError, read_header

BodyT = TypeVar("BodyT")
BodyT_co = TypeVar("BodyT_co", covariant=True)


@dataclass(frozen=True)  # slots and a generic do not go together in a frozen class
class WholeAnswer(Generic[BodyT_co]):
    """A successful answer: its status, its body as the method gives it, its headers, and the response as it came.

    `headers` are all of them, as text, by wire name; `header_values` are those that the contract documents, by Python name
    and in their types. One that is not there, or breaks the contract, has no value.
    """

    status: int
    body: BodyT_co
    headers: Headers = field(repr=False)
    header_values: Mapping[str, Any] = field(repr=False)
    response: ReceivedResponse = field(repr=False)


@dataclass(slots=True)
class Asking:
    """What is asked of one call beside its value: that a binary body is left to be read, that another query is sent.

    `is_page`: it is one of an iteration, which has warned of its arguments. The call leaves its exchange here.
    """

    is_streamed: bool = False
    is_page: bool = False
    query: str | None = None
    request: SentRequest | None = None
    exchange: tuple[Operation[Any], ReceivedResponse] | None = None


_ASKING: ContextVar[Asking | None] = ContextVar("bothends_asked", default=None)


@contextmanager
def asking(
    *, is_streamed: bool = False, is_page: bool = False, query: str | None = None
) -> Generator[Asking]:
    """Within it, the first call of this thread or task is asked so."""
    asked = Asking(is_streamed, is_page, query)
    token = _ASKING.set(asked)

    try:
        yield asked
    finally:
        _ASKING.reset(token)


def take_asked() -> Asking:
    """What is asked of the call that starts now; nothing is of calls within it."""
    asked = _ASKING.get()
    if asked is not None:
        _ASKING.set(None)
    return asked or Asking()


def whole_answer(body: BodyT, asked: Asking) -> WholeAnswer[BodyT]:
    """The answer of the call that was asked for it."""
    if asked.exchange is None:
        raise TypeError("whole() takes a method of a client that calls an operation")
    operation, response = asked.exchange
    return WholeAnswer(
        response.status, body, response.headers, header_values(operation, response), response
    )


def header_values(operation: Operation[Any], response: ReceivedResponse) -> dict[str, Any]:
    """The documented headers of a response, by Python name and in their types."""
    key = documented(response.status, operation.replies)
    if key is None:
        return {}

    values: dict[str, Any] = {}
    for header in operation.replies[key].headers:
        try:
            value = read_header(operation, key, header, response.headers.lines(header.wire_name))
        except ParameterError:
            continue
        if value is not MISSING:
            values[header.name] = codec_for(operation.api).decode(header.type, value)

    return values
