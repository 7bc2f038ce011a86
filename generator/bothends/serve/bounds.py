"""What one caller can cost the others: time for headers and bodies, connections, bytes in flight.

A half request, or a body that comes a byte a minute, would otherwise hold its connection for ever,
and many bodies at once would fill the memory. uvicorn has no option for any of these but the number
of connections.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from bothends.runtime.server.asgi import ASGIApp, HttpReply, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of one server."""

    header_seconds: float = 10.0
    """From the first byte of a request, or the opening of a connection, to the end of headers."""

    body_seconds: float = 60.0
    """From the end of the headers to the end of the body."""

    connections: int = 1_000
    """Open connections; one more is answered 503."""

    bytes_in_flight: int = 256_000_000
    """Bytes of all bodies that are being received; one more is answered 503."""


class Bounded:
    """An ASGI app whose requests have bounds."""

    def __init__(self, app: ASGIApp, bounds: Bounds) -> None:
        self._app, self._bounds = app, bounds
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        request = _Request(self, receive, send)
        try:
            await self._app(scope, request.receive, request.send)
        except _OutOfBounds as error:
            if not request.has_begun:
                headers = [("content-type", "text/plain"), ("connection", "close")]
                reply = HttpReply(error.status, headers, error.reason.encode())
                await reply.send(send, without_body=scope["method"] == "HEAD")
        finally:
            self._in_flight -= request.received

    @property
    def bounds(self) -> Bounds:
        """The bounds of the server."""
        return self._bounds

    def count(self, received: int) -> bool:
        """Count bytes that came; whether there is room for them."""
        self._in_flight += received
        return self._in_flight <= self._bounds.bytes_in_flight


class _OutOfBounds(BaseException):
    """Ends the handling of a request. No app catches it by mistake: it is no `Exception`."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class _Request:
    """The two ends of one request, counted and timed."""

    def __init__(self, server: Bounded, receive: Receive, send: Send) -> None:
        self._server, self._receive, self._send = server, receive, send
        self._until = asyncio.get_running_loop().time() + server.bounds.body_seconds
        self._is_complete = False
        self.has_begun = False
        self.received = 0

    async def receive(self) -> Message:
        """The next message, within the bounds of a body."""
        if self._is_complete:  # the end of the connection, which may be far off
            return await self._receive()

        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise _OutOfBounds(408, "the body did not arrive in time") from None

        received = len(message.get("body", b""))
        self.received += received
        self._is_complete = not message.get("more_body", False)
        if not self._server.count(received):
            raise _OutOfBounds(503, "too many bodies are being received: try again later")
        return message

    async def send(self, message: Message) -> None:
        """Send a message of the reply."""
        self.has_begun = True
        await self._send(message)


def bounded_protocol(seconds: float) -> type[asyncio.Protocol]:
    """The protocol of uvicorn, with a bound on the time that the headers of a request take."""

    class Protocol(H11Protocol):
        _header_timer: asyncio.TimerHandle | None = None

        @override
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._wait_for_headers()

        @override
        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self._is_between_requests():
                self._wait_for_headers()
            elif self._header_timer is not None:
                self._header_timer.cancel()
                self._header_timer = None

        @override
        def connection_lost(self, exc: Exception | None) -> None:
            if self._header_timer is not None:
                self._header_timer.cancel()
            super().connection_lost(exc)

        def _is_between_requests(self) -> bool:
            cycle: Any = self.cycle  # None before the first request
            return cycle is None or cycle.response_complete

        def _wait_for_headers(self) -> None:
            if self._header_timer is None:
                self._header_timer = self.loop.call_later(seconds, self._end_silence)

        def _end_silence(self) -> None:
            self._header_timer = None
            if self._is_between_requests():
                self.transport.close()

    return Protocol
