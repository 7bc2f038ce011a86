"""Transports that call an ASGI app in process; answers arrive piece by piece."""

from __future__ import annotations

import functools
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

import anyio
import anyio.from_thread
import httpx2
from typing_extensions import override

from bothends.runtime.transfer.each import each

from .app_call import WANTED, AppCall, begin, cut_off, is_last
from .deadline import limited

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bothends.runtime.server.asgi import ASGIApp, Message

    from .app_call import Wanted

T = TypeVar("T")


def async_transport(app: ASGIApp) -> httpx2.AsyncBaseTransport:
    """A transport for the caller's own event loop.

    An app that fails answers 500, as behind a server.
    """
    return _AsyncAppTransport(app)


class _AsyncAppTransport(httpx2.AsyncBaseTransport):
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = _AsyncAnswer(request, *await begin(self._app, request))
        try:
            start = await anext(answer.messages)
        except BaseException:
            await answer.aclose()
            raise

        return httpx2.Response(start["status"], headers=start.get("headers", []), stream=answer)


class _AsyncAnswer(httpx2.AsyncByteStream):
    def __init__(
        self, request: httpx2.Request, call: AppCall, used: list[Message | Wanted]
    ) -> None:
        self._call, self._request = call, request
        self.messages = self._messages(used)

    async def _messages(self, used: list[Message | Wanted]) -> AsyncGenerator[Message]:
        is_complete = False
        async with aclosing(each(self._request.stream)) as pieces:
            while used:
                for message in used:
                    if message == WANTED:
                        await self._call.give(await anext(pieces, None))
                    else:
                        is_complete = is_complete or is_last(message)
                        yield message

                used = await self._call.take()

        if not is_complete:
            raise cut_off(self._request)

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for message in self.messages:
            if message.get("body"):
                yield message["body"]

    @override
    async def aclose(self) -> None:
        await self._call.close()
        await self.messages.aclose()


class AppTransport(httpx2.BaseTransport):
    """A transport for callers without an event loop: it runs one in a thread of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._portal: anyio.from_thread.BlockingPortal | None = None

    @override
    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = _Answer(request, self._running(), self._app)
        try:
            start = next(answer.messages)
        except BaseException:
            answer.close()
            raise

        return httpx2.Response(start["status"], headers=start.get("headers", []), stream=answer)

    @override
    def close(self) -> None:
        with self._lock:
            portal, self._portal = self._portal, None
        if portal is not None:
            _stop(portal)

    def _running(self) -> anyio.from_thread.BlockingPortal:
        with self._lock:
            if self._portal is None:
                self._portal = _start()
            return self._portal


class _Answer(httpx2.SyncByteStream):
    def __init__(
        self, request: httpx2.Request, portal: anyio.from_thread.BlockingPortal, app: ASGIApp
    ) -> None:
        self._request, self._portal = request, portal
        self._call, used = self._wait_for(begin, app, request)
        self.messages = self._messages(used)

    def _messages(self, used: list[Message | Wanted]) -> Generator[Message]:
        is_complete = False
        with _closing_iterator(self._request.stream) as pieces:
            while used:
                for message in used:
                    if message == WANTED:
                        self._wait_for(self._call.give, next(pieces, None))
                    else:
                        is_complete = is_complete or is_last(message)
                        yield message

                used = self._wait_for(self._call.take)

        if not is_complete:
            raise cut_off(self._request)

    def _wait_for(self, function: Callable[..., Awaitable[T]], *arguments: Any) -> T:
        future = self._portal.start_task_soon(function, *arguments)
        try:
            return future.result(limited(self._request.extensions.get("timeout", {}).get("read")))
        except FutureTimeout:
            future.cancel()
            raise httpx2.ReadTimeout(
                "the app did not answer in time", request=self._request
            ) from None

    @override
    def __iter__(self) -> Iterator[bytes]:
        for message in self.messages:
            if message.get("body"):
                yield message["body"]

    @override
    def close(self) -> None:
        self.messages.close()
        if self._call.has_ended:
            self._call.drop()
            return

        try:
            self._portal.call(self._call.close)
        except RuntimeError:
            return  # the client was closed before its answer, and that has ended the app


@contextmanager
def _closing_iterator(stream: object) -> Generator[Iterator[bytes]]:
    pieces = iter(cast("Iterable[bytes]", stream))
    try:
        yield pieces
    finally:
        if hasattr(pieces, "close"):
            cast("Generator[bytes]", pieces).close()


_RUNNING: set[anyio.from_thread.BlockingPortal] = set()
_WATCH = threading.Lock()


def _start() -> anyio.from_thread.BlockingPortal:
    started: list[anyio.from_thread.BlockingPortal] = []
    ready = threading.Event()

    async def run() -> None:
        async with anyio.from_thread.BlockingPortal() as portal:
            started.append(portal)
            ready.set()
            await portal.sleep_until_stopped()

    threading.Thread(target=anyio.run, args=(run,), name="bothends app", daemon=True).start()
    ready.wait()

    with _WATCH:
        _RUNNING.add(started[0])
        _start_watch()

    return started[0]


@functools.cache
def _start_watch() -> None:
    threading.Thread(target=_watch, name="bothends app watch", daemon=True).start()


def _watch() -> None:
    """Stop the loops at the end of the program, also those of clients that nobody closed."""
    threading.main_thread().join()
    with _WATCH:
        running = list(_RUNNING)
    for portal in running:
        _stop(portal)


def _stop(portal: anyio.from_thread.BlockingPortal) -> None:
    try:
        portal.call(portal.stop, True)
    except RuntimeError:
        return  # stopped already
    finally:
        with _WATCH:
            _RUNNING.discard(portal)
