"""Transports that call an ASGI app in process."""

from __future__ import annotations

import threading
from concurrent.futures import TimeoutError as FutureTimeout
from typing import TYPE_CHECKING, cast

import anyio
import anyio.from_thread
import httpx2
from typing_extensions import override

from .deadline import limited

if TYPE_CHECKING:
    from bothends.runtime.server.asgi import ASGIApp


def async_transport(app: ASGIApp) -> httpx2.AsyncBaseTransport:
    """A transport for the caller's own event loop. An app that fails answers 500, as behind a server."""
    return httpx2.ASGITransport(app, raise_app_exceptions=False)


class AppTransport(httpx2.BaseTransport):
    """A transport for callers without an event loop: one runs in a thread of its own, from the first request to close."""

    def __init__(self, app: ASGIApp) -> None:
        self._transport = async_transport(app)
        self._lock = threading.Lock()
        self._portal: anyio.from_thread.BlockingPortal | None = None

    @override
    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        seconds = limited(request.extensions.get("timeout", {}).get("read"))
        future = self._running().start_task_soon(self._handle, request)
        try:
            return future.result(seconds)
        except FutureTimeout:
            future.cancel()
            raise httpx2.ReadTimeout("the app did not answer in time", request=request) from None

    @override
    def close(self) -> None:
        with self._lock:
            portal, self._portal = self._portal, None
        if portal is not None:
            _stop(portal)

    async def _handle(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        response = await self._transport.handle_async_request(request)
        stream = cast("httpx2.AsyncByteStream", response.stream)
        content = b"".join([chunk async for chunk in stream])
        return httpx2.Response(response.status_code, headers=response.headers, stream=httpx2.ByteStream(content))

    def _running(self) -> anyio.from_thread.BlockingPortal:
        with self._lock:
            if self._portal is None:
                self._portal = _start()
            return self._portal


def _start() -> anyio.from_thread.BlockingPortal:
    started: list[anyio.from_thread.BlockingPortal] = []
    ready = threading.Event()

    async def run() -> None:
        async with anyio.from_thread.BlockingPortal() as portal:
            started.append(portal)
            ready.set()
            await portal.sleep_until_stopped()

    def watch() -> None:
        # A client that nobody closed must not keep the program from ending: worker threads live as long as the loop.
        threading.main_thread().join()
        _stop(started[0])

    threading.Thread(target=anyio.run, args=(run,), name="bothends app", daemon=True).start()
    ready.wait()
    threading.Thread(target=watch, name="bothends app watch", daemon=True).start()
    return started[0]


def _stop(portal: anyio.from_thread.BlockingPortal) -> None:
    try:
        portal.call(portal.stop)
    except RuntimeError:
        return  # stopped already
