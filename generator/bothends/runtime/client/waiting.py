"""What a call waits for, in the way of a sync and of an async client.

The steps of a call are written once, as coroutines (`exchange.py`), on top of the few functions
here that wait. Those of a sync client return at once, so its coroutines never suspend, and
`run_now` runs one to its end:

    run_now(exchange.answer(call))        # Client: each `await` returns without suspending
    await exchange.answer(call)           # AsyncClient

"""

from __future__ import annotations

import inspect
import threading
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Any, TypeVar

import anyio
import httpx2
from typing_extensions import override

from .auth.oauth import TokenSource
from .bodies.download import AsyncDownload, Download
from .bodies.stream import AsyncStream, Stream
from .transport.deadline import Clock, Deadline, out_of_time
from .transport.per_loop import PerLoop

T = TypeVar("T")
Sink = Callable[[bytes], None]

CLOSED = "this client is closed: make a new one, or use the client within its `with`"
_OTHER_LOOP = (
    "the http_client or transport of this client belongs to another event loop, which is closed: "
    "make one in each asyncio.run, or leave it out and the client opens connections per loop"
)


class Waiting(ABC):
    """The functions that wait."""

    download: type[Download | AsyncDownload]
    stream: type[Stream[Any] | AsyncStream[Any]]

    @abstractmethod
    async def send(self, request: httpx2.Request) -> httpx2.Response:
        """The response, with its body unread."""

    @abstractmethod
    async def read(self, response: httpx2.Response, deadline: Deadline, sink: Sink) -> None:
        """Pass the raw body to `sink` as it arrives."""

    @abstractmethod
    async def close(self, response: httpx2.Response) -> None:
        """Close a response, also while the call is being cancelled."""

    @abstractmethod
    async def sleep(self, clock: Clock, seconds: float) -> None:
        """Pause."""

    @abstractmethod
    async def result_of(self, value: Any) -> Any:
        """What a user's function returned, awaited if it is awaitable and the client async."""

    @abstractmethod
    async def in_time(self, deadline: Deadline, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`; NoAnswerInTime when it takes longer than the deadline."""

    @abstractmethod
    async def token(self, source: TokenSource) -> str:
        """A token that has not expired."""

    @abstractmethod
    def locked(self) -> AbstractAsyncContextManager[Any]:
        """A lock of this client, for its threads or tasks."""


def run_now(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never suspends."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result

    work.close()
    raise RuntimeError("a sync client waited for an async function")


class SyncWaiting(Waiting):
    """Waits in the thread of the caller."""

    download = Download
    stream = Stream[Any]

    def __init__(self, http: httpx2.Client) -> None:
        self.http = http
        self._lock = _ThreadLock()

    @override
    async def send(self, request: httpx2.Request) -> httpx2.Response:
        if self.http.is_closed:
            raise RuntimeError(CLOSED)
        return self.http.send(request, stream=True, follow_redirects=False)

    @override
    async def read(self, response: httpx2.Response, deadline: Deadline, sink: Sink) -> None:
        for chunk in deadline.over(response.iter_raw()):
            sink(chunk)

    @override
    async def close(self, response: httpx2.Response) -> None:
        response.close()

    @override
    async def sleep(self, clock: Clock, seconds: float) -> None:
        clock.sleep(seconds)

    @override
    async def result_of(self, value: Any) -> Any:
        return value

    @override
    async def in_time(self, deadline: Deadline, work: Coroutine[Any, Any, T]) -> T:
        with deadline.applied():
            return await work

    @override
    async def token(self, source: TokenSource) -> str:
        return source()

    @override
    def locked(self) -> _ThreadLock:
        return self._lock


class AsyncWaiting(Waiting):
    """Waits in the event loop of the caller.

    Connections and locks belong to a loop, so each loop has its own.
    """

    download = AsyncDownload
    stream = AsyncStream[Any]

    def __init__(
        self, make_http: Callable[[], httpx2.AsyncClient], chosen: httpx2.AsyncClient | None
    ) -> None:
        self._chosen = chosen
        self._connections = PerLoop(lambda: _Connections(make_http()))
        self._locks = PerLoop(anyio.Lock)
        self._is_closed = False

    @override
    async def send(self, request: httpx2.Request) -> httpx2.Response:
        http = self._chosen or await self._connections.get().opened()
        if self._is_closed or http.is_closed:
            raise RuntimeError(CLOSED)

        try:
            return await http.send(request, stream=True, follow_redirects=False)
        except RuntimeError as error:
            if "loop" in str(error):
                raise RuntimeError(_OTHER_LOOP) from error
            raise

    @override
    async def read(self, response: httpx2.Response, deadline: Deadline, sink: Sink) -> None:
        async with aclosing(response.aiter_raw()) as chunks:
            async for chunk in chunks:
                sink(chunk)

    @override
    async def close(self, response: httpx2.Response) -> None:
        if not response.is_closed:
            with anyio.CancelScope(shield=True):
                await response.aclose()

    @override
    async def sleep(self, clock: Clock, seconds: float) -> None:
        await clock.sleep_async(seconds)

    @override
    async def result_of(self, value: Any) -> Any:
        return await value if inspect.isawaitable(value) else value

    @override
    async def in_time(self, deadline: Deadline, work: Coroutine[Any, Any, T]) -> T:
        with anyio.move_on_after(deadline.remaining()):
            return await work
        raise out_of_time()

    @override
    async def token(self, source: TokenSource) -> str:
        return await source.token_async()

    @override
    def locked(self) -> anyio.Lock:
        return self._locks.get()

    async def end(self) -> None:
        """Close the connections of this loop and take no more calls."""
        self._is_closed = True
        connections = self._connections.pop()
        if connections is not None:
            await connections.close()


class _Connections:
    """The connections of one event loop.

    `asyncio.run` closes them at its end, if nobody did before.

    It closes all asynchronous generators that have begun, and the one here closes the connections.
    """

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http
        self._life: AsyncGenerator[None] | None = None

    async def opened(self) -> httpx2.AsyncClient:
        if self._life is None:
            self._life = self._live()
            await anext(self._life)
        return self._http

    async def close(self) -> None:
        await self._http.aclose()
        if self._life is not None:
            await self._life.aclose()

    async def _live(self) -> AsyncGenerator[None]:
        try:
            yield
        finally:
            await self._http.aclose()


class _ThreadLock:
    def __init__(self) -> None:
        self._lock = threading.Lock()

    async def __aenter__(self) -> None:
        self._lock.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()
