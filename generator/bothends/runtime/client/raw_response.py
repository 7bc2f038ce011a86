"""`client.with_raw_response`: every method of a client, giving the response around the value.

    raw = client.with_raw_response.get_tide("h1", "t1")
    raw.status, raw.headers["etag"], raw.body

A view rather than an option of each method: the signatures of the methods stay those of the
contract, and type checkers know both results. The generated view has one line per operation,
`get_tide = RawMethod(HarbourClient.get_tide)`; the method itself is called on a copy of the client
that records the exchange.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    aclosing,
    asynccontextmanager,
    closing,
    contextmanager,
)
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from bothends.runtime.exchange import Headers, ReceivedResponse
from bothends.runtime.models.codec import codec_for
from bothends.runtime.operation import MISSING, Operation, documented
from bothends.runtime.parameters.parameter import ParameterError, read_header

from .bodies.download import AsyncDownload, Download, downloaded

BodyT_co = TypeVar("BodyT_co", covariant=True)
ResultT = TypeVar("ResultT")
ArgumentsP = ParamSpec("ArgumentsP")

DownloadContext = AbstractContextManager[Download]
"""What `with` takes; the call is made, and its errors are raised, where the `with` begins."""

AsyncDownloadContext = AbstractAsyncContextManager[AsyncDownload]
"""The same for `async with`."""


@dataclass(frozen=True)  # slots and a generic do not go together in a frozen class
class RawResponse(Generic[BodyT_co]):
    """A successful response: its status, its body as the method gives it, and its headers.

    `headers` are all of them, as text, by wire name; `header_values` are those that the contract
    documents, by Python name and in their types. One that is not there, or breaks the contract, has
    no value.
    """

    status: int
    body: BodyT_co
    headers: Headers = field(repr=False)
    header_values: Mapping[str, Any] = field(repr=False)
    response: ReceivedResponse = field(repr=False)


Exchange = tuple[Operation[Any], ReceivedResponse]
"""An operation that was called, and its response."""


class _View:
    """The methods of a client with another result."""

    def __init__(self, client: Any) -> None:
        self._client = client


class RawResponses(_View):
    """The view of a sync client that gives raw responses."""

    def _call(self, operation: Operation[ResultT], /, **arguments: Any) -> RawResponse[ResultT]:
        raw: RawResponse[ResultT] = _raw(self._client, "_call", operation, **arguments)
        return raw


class AsyncRawResponses(_View):
    """The view of an async client that gives raw responses."""

    async def _call(
        self, operation: Operation[ResultT], /, **arguments: Any
    ) -> RawResponse[ResultT]:
        raw: RawResponse[ResultT] = await _raw_async(self._client, "_call", operation, **arguments)
        return raw


class StreamingResponses(_View):
    """The view of a sync client that gives bytes as they come."""

    def _call(self, operation: Operation[Any], /, **arguments: Any) -> DownloadContext:
        return _opened(self._client, "_call", operation, **arguments)


class AsyncStreamingResponses(_View):
    """The view of an async client that gives bytes as they come."""

    def _call(self, operation: Operation[Any], /, **arguments: Any) -> AsyncDownloadContext:
        return _opened_async(self._client, "_call", operation, **arguments)


class _ViewMethod:
    """A descriptor for the method of a view's client that has the same name.

    The method is found by name: a subclass may have put a method of its own around the generated
    one.
    """

    def __init__(self, method: Callable[..., Any]) -> None:
        self._name = method.__name__


class RawMethod(_ViewMethod, Generic[ArgumentsP, ResultT]):
    """A method of a sync client, giving a `RawResponse`."""

    def __init__(self, method: Callable[Concatenate[Any, ArgumentsP], ResultT]) -> None:
        super().__init__(method)

    def __get__(
        self, view: Any, owner: type | None = None
    ) -> Callable[ArgumentsP, RawResponse[ResultT]]:
        return partial(_raw, view._client, self._name)


class AsyncRawMethod(_ViewMethod, Generic[ArgumentsP, ResultT]):
    """A method of an async client, giving a `RawResponse`."""

    def __init__(
        self, method: Callable[Concatenate[Any, ArgumentsP], Coroutine[Any, Any, ResultT]]
    ) -> None:
        super().__init__(method)

    def __get__(
        self, view: Any, owner: type | None = None
    ) -> Callable[ArgumentsP, Coroutine[Any, Any, RawResponse[ResultT]]]:
        return partial(_raw_async, view._client, self._name)


class StreamingMethod(_ViewMethod, Generic[ArgumentsP]):
    """A method of a sync client, giving its bytes as they come, in a `with`."""

    def __init__(self, method: Callable[Concatenate[Any, ArgumentsP], object]) -> None:
        super().__init__(method)

    def __get__(
        self, view: Any, owner: type | None = None
    ) -> Callable[ArgumentsP, DownloadContext]:
        return partial(_opened, view._client, self._name)


class AsyncStreamingMethod(_ViewMethod, Generic[ArgumentsP]):
    """A method of an async client, giving its bytes as they come, in an `async with`."""

    def __init__(self, method: Callable[Concatenate[Any, ArgumentsP], object]) -> None:
        super().__init__(method)

    def __get__(
        self, view: Any, owner: type | None = None
    ) -> Callable[ArgumentsP, AsyncDownloadContext]:
        return partial(_opened_async, view._client, self._name)


def _raw(client: Any, name: str, /, *args: Any, **kwargs: Any) -> RawResponse[Any]:
    # A copy for each call, so that calls of other threads and tasks do not mix with it.
    exchanges: list[Exchange] = []
    body = getattr(client._recording(exchanges), name)(*args, **kwargs)
    return _raw_response(body, exchanges)


async def _raw_async(client: Any, name: str, /, *args: Any, **kwargs: Any) -> RawResponse[Any]:
    exchanges: list[Exchange] = []
    body = await getattr(client._recording(exchanges), name)(*args, **kwargs)
    return _raw_response(body, exchanges)


def _raw_response(body: Any, exchanges: list[Exchange]) -> RawResponse[Any]:
    if not exchanges:
        raise TypeError("with_raw_response: the method called no operation")

    operation, response = exchanges[-1]
    key = documented(response.status, operation.replies)
    values = header_values(operation, key, response)
    return RawResponse(response.status, body, response.headers, values, response)


@contextmanager
def _opened(client: Any, name: str, /, *args: Any, **kwargs: Any) -> Generator[Download]:
    method = getattr(client._downloading(), name)
    with closing(downloaded(method(*args, **kwargs), Download)) as download:
        yield download


@asynccontextmanager
async def _opened_async(
    client: Any, name: str, /, *args: Any, **kwargs: Any
) -> AsyncGenerator[AsyncDownload]:
    method = getattr(client._downloading(), name)
    async with aclosing(downloaded(await method(*args, **kwargs), AsyncDownload)) as download:
        yield download


def header_values(
    operation: Operation[Any], key: str | None, response: ReceivedResponse
) -> dict[str, Any]:
    """The headers that the reply under `key` documents, by Python name and in their types."""
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
