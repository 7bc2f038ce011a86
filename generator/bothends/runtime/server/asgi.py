"""The words of ASGI, and one request and one reply as this server sees them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote, unquote

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_ORIGIN = re.compile(rb"https?://[^/]*", re.IGNORECASE)


class Pieces(Protocol):
    """Bytes that come piece by piece; closed in the end, however far they were read."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces."""
        ...

    def aclose(self) -> Awaitable[None]:
        """Let go of what they come from."""
        ...


class Disconnected(Exception):
    """The caller went away before the request was complete."""


@dataclass(slots=True)
class HttpRequest:
    """One request: raw path below the mount, raw query, headers by lower-case name, and its body.

    The server notes in `content` the body once it is received, in `matched` the path of the
    contract, and in `verdict` what became of the request.
    """

    method: str
    raw_path: str
    raw_query: str
    headers: dict[str, list[str]]
    receive: Receive
    content: bytes | None = None
    matched: str = ""
    verdict: str = "accepted"

    @staticmethod
    def from_scope(scope: Scope, receive: Receive) -> HttpRequest:
        """The request of an ASGI scope."""
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            # RFC 9110 §5.1: the names of fields have no case. They are few, and repeat.
            key = _KEYS.get(name) or name.decode("latin-1").lower()
            if key in headers:
                headers[key].append(_text(value))
            else:
                headers[key] = [_text(value)]

        query = scope.get("query_string", b"").decode("latin-1")
        return HttpRequest(scope["method"].upper(), _raw_path(scope), query, headers, receive)

    async def disconnected(self) -> None:
        """Wait until the caller goes away."""
        while (await self.receive())["type"] != "http.disconnect":
            pass


@dataclass(slots=True)
class HttpReply:
    """One reply: headers by wire name, body complete or a stream of pieces."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    body: bytes | Pieces = b""

    async def send(self, send: Send, *, without_body: bool = False) -> None:
        """Send the reply; without its body for HEAD."""
        headers = [
            (name.lower().encode("latin-1"), value.encode("utf-8")) for name, value in self.headers
        ]
        start = {"type": "http.response.start", "status": self.status, "headers": headers}

        if not isinstance(self.body, bytes):
            await self._send_pieces(self.body, start, send, without_body=without_body)
            return

        # RFC 9110 §8.6: no Content-Length in 1xx and 204; in 304 it would be that of the GET.
        if self.status >= 200 and self.status not in (204, 304):
            headers.append((b"content-length", str(len(self.body)).encode()))

        await send(start)
        await send({"type": "http.response.body", "body": b"" if without_body else self.body})

    @staticmethod
    async def _send_pieces(
        pieces: Pieces, start: Message, send: Send, *, without_body: bool
    ) -> None:
        async with aclosing(pieces):
            await send(start)
            if not without_body:
                async for piece in pieces:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


_KEYS = {
    name.encode(): name
    for name in [
        "accept",
        "accept-encoding",
        "accept-language",
        "authorization",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "cookie",
        "host",
        "user-agent",
        "x-request-id",
    ]
}


def _text(value: bytes) -> str:
    # Header values have no encoding of their own (RFC 9110 §5.5): UTF-8 where it is that, else byte
    # by byte.
    value = value.strip(b" \t")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def sent_path(scope: Scope) -> bytes:
    """The path as it was sent, percent-encoded.

    Of the absolute form of a target, which clients send to a proxy, it is what is behind the origin
    (RFC 9112 §3.2.2): `GET http://harbour.example/tides HTTP/1.1`.
    """
    raw = scope.get("raw_path") or quote(scope["path"], safe="/:@!$&'()*+,;=-._~").encode()
    path: bytes = raw.partition(b"?")[0]
    origin = _ORIGIN.match(path)
    return path if origin is None else path[origin.end() :] or b"/"


def _raw_path(scope: Scope) -> str:
    """The path as it was sent, percent-encoded, without the prefix that this app is mounted under.

    ASGI counts the prefix, `root_path`, as a part of the path. Behind a proxy that cuts off what it
    knows (`app_root_path`, as Starlette remembers it), only the mounts that were passed since are
    in the path.
    """
    path = sent_path(scope).decode("latin-1")
    root: str = scope.get("root_path", "").rstrip("/")
    for prefix in (root, root.removeprefix(scope.get("app_root_path", ""))) if root else ():
        segments = path.split("/")
        depth = prefix.count("/") + 1
        if unquote("/".join(segments[:depth])) == prefix:
            return "".join(f"/{segment}" for segment in segments[depth:])

    return path
