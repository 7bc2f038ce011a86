"""One request to an ASGI app in process, piece by piece in both directions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Literal

import anyio
import anyio.lowlevel
import httpx2

if TYPE_CHECKING:
    from bothends.runtime.server.asgi import ASGIApp, Message, Scope

_LOGGER = logging.getLogger("bothends.in_process")
_AHEAD = 8
_GRACE = 1.0

Wanted = Literal["the next piece of the request"]
WANTED: Wanted = "the next piece of the request"


class AppCall:
    """One run of an app, in a task of its own.

    All of it belongs to one event loop, and is made there.

    The caller takes what the app says with `take`, gives it pieces of the request with `give` when
    they are `WANTED`, and calls `close` in the end, whatever happened.
    """

    def __init__(self, app: ASGIApp, request: httpx2.Request) -> None:
        self._app, self._request = app, request
        self._whole = request.stream if isinstance(request.stream, httpx2.ByteStream) else None
        self._said, self._heard = anyio.create_memory_object_stream["Message | Wanted"](_AHEAD)
        self._giving, self._given = anyio.create_memory_object_stream[bytes](1)
        self._is_received = self._is_started = False
        self._gone, self._ended = anyio.Event(), anyio.Event()
        self._is_heard = True
        self._scope = anyio.CancelScope()
        self._task = asyncio.create_task(self._run())

    @property
    def has_ended(self) -> bool:
        """Whether the app has."""
        return self._ended.is_set()

    async def take(self) -> list[Message | Wanted]:
        """What the app has said since; waits until there is something. Empty when it has ended."""
        try:
            used: list[Message | Wanted] = [await self._heard.receive()]
            while self._heard.statistics().current_buffer_used:
                used.append(self._heard.receive_nowait())
        except anyio.EndOfStream:
            return []

        return used

    async def give(self, piece: bytes | None) -> None:
        """The next piece of the request's body; None when there are no more."""
        if piece is None:
            self._giving.close()
            return
        with _unheard():
            await self._giving.send(piece)

    async def close(self) -> None:
        """Tell the app that the caller is gone.

        It may end by itself for a second when it has begun to answer.
        """
        self._is_heard = False
        self._gone.set()
        self.drop()
        with anyio.move_on_after(_GRACE if self._is_started else 0, shield=True):
            await self._ended.wait()

        self._scope.cancel()
        with anyio.move_on_after(_GRACE, shield=True):
            await self._ended.wait()

    async def _run(self) -> None:
        """Run the app to its end.

        One that fails before it answers answers 500, as behind a server.
        """
        try:
            with self._scope:
                await self._app(_scope(self._request), self._receive, self._send)
        except Exception:
            _LOGGER.exception("%s %s: the app failed", self._request.method, self._request.url.path)
        finally:
            if not self._is_started and self._is_heard:
                with _unheard():
                    self._said.send_nowait(
                        {"type": "http.response.start", "status": 500, "headers": []}
                    )
                    self._said.send_nowait({"type": "http.response.body"})

            self._said.close()
            self._given.close()
            self._ended.set()

    def drop(self) -> None:
        """Take and give no more. Of an app that has ended nothing else needs to be closed."""
        self._heard.close()
        self._giving.close()

    async def _receive(self) -> Message:
        if self._whole is not None and not self._is_received:
            self._is_received = True
            return {"type": "http.request", "body": b"".join(self._whole), "more_body": False}

        if not self._is_received and not self._gone.is_set():
            with _unheard():
                await self._said.send(WANTED)

            try:
                return {
                    "type": "http.request",
                    "body": await self._given.receive(),
                    "more_body": True,
                }
            except anyio.EndOfStream:
                self._is_received = True

            if self._is_heard:
                return {"type": "http.request", "body": b"", "more_body": False}

        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if not self._is_heard:
            await anyio.lowlevel.checkpoint()  # as servers do: what nobody hears is no error
            return

        self._is_started = True
        with _unheard():
            await self._said.send(message)

        if is_last(message):
            self._gone.set()  # who still waits for more of the request waits for nothing


async def begin(app: ASGIApp, request: httpx2.Request) -> tuple[AppCall, list[Message | Wanted]]:
    """A call that has begun, and the first that the app says."""
    call = AppCall(app, request)
    try:
        return call, await call.take()
    except BaseException:
        await call.close()
        raise


def is_last(message: Message) -> bool:
    """Whether a message ends the answer."""
    return message["type"] == "http.response.body" and not message.get("more_body", False)


def cut_off(request: httpx2.Request) -> httpx2.RemoteProtocolError:
    """The fault of an answer that does not come to its end."""
    return httpx2.RemoteProtocolError("the app ended before its answer did", request=request)


@contextmanager
def _unheard() -> Generator[None]:
    with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
        yield


def _scope(request: httpx2.Request) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "root_path": "",
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 123),
    }
