"""A proxy between a caller and a real server, which tells each exchange to a listener.

Nothing is changed on the way, except what belongs to one connection (RFC 9110 §7.6.1), the host,
and two header fields. `Accept-Encoding` loses the codings that cannot be read here: an answer in
one of them could not be judged. A `Location` at the real server becomes one at the proxy, so that a
caller who follows it is still recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx2
from anyio import to_thread

from bothends.record.exchange import Exchange, Headers
from bothends.runtime.server.asgi import Message, Receive, Scope, Send

MOST_BYTES = 32 * 1024 * 1024
"""Of a body, so much is kept and judged; the rest is handed on all the same."""
# RFC 9110 §7.6.1: these are for one connection, and a proxy must not hand them on.
_HOP_BY_HOP = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)
# The client and the server set these for their own connections.
_OWN_OF_REQUEST = _HOP_BY_HOP | {"host", "content-length"}
_OWN_OF_ANSWER = _HOP_BY_HOP | {"content-length"}
_READABLE = frozenset(("gzip", "deflate", "identity"))
# What is kept is inflated.
_OWN_OF_RECORD = _OWN_OF_ANSWER | {"content-encoding"}


class Recorder:
    """An ASGI app that answers as the server at `url` does.

    Args:
        url: The base URL of the real server; the path of a request is joined to it.
        listener: Is called with each exchange, after the caller has its answer.
        timeout: Seconds that the real server may take for a piece of its answer.
    """

    def __init__(self, url: str, listener: Callable[[Exchange], None], timeout: float = 60) -> None:
        self._url, self._listener = url.rstrip("/"), listener
        # A redirect that is followed here would be missing from the recording.
        self._client = httpx2.AsyncClient(timeout=timeout, follow_redirects=False)
        # The real server gets what the caller sends, and nothing of ours.
        self._client.headers.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand one request on, and its answer back."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return

        started = datetime.now(UTC).isoformat()
        pieces: list[bytes] = []
        message: Message = {"more_body": True}
        while message.get("more_body", False):
            message = await receive()
            pieces.append(message.get("body", b""))
        body = b"".join(pieces)

        # `path` is decoded, and an encoded slash in it would become a separator.
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        target = raw_path.decode("latin-1")
        # Joined to the URL, `@another.example/` would send the caller's secrets to another host.
        if not target.startswith("/"):
            await _send_text(send, 400, "the target of the request is not a path")
            return
        if scope.get("query_string"):
            target += "?" + scope["query_string"].decode("latin-1")

        headers = _text_pairs(scope["headers"])
        exchange = Exchange(
            scope["method"].upper(),
            self._url + target,
            headers,
            body[:MOST_BYTES],
            0,
            (),
            b"",
            started,
            is_request_cut=len(body) > MOST_BYTES,
        )
        exchange = await self._hand_on(scope, send, exchange, body)
        # In a thread: a listener judges and writes files, which would block other callers.
        await to_thread.run_sync(self._listener, exchange)

    async def _hand_on(self, scope: Scope, send: Send, exchange: Exchange, body: bytes) -> Exchange:
        request = self._client.build_request(
            exchange.method,
            exchange.url,
            headers=[
                (name.encode("latin-1"), value.encode("latin-1"))
                for name, value in _readable_codings(exchange.request_headers)
                if name not in _OWN_OF_REQUEST
            ],
            content=body,
        )
        try:
            answer = await self._client.send(request, stream=True)
            if not 200 <= answer.status_code <= 599:
                await answer.aclose()
                raise httpx2.RemoteProtocolError(f"no status of HTTP: {answer.status_code}")
        except httpx2.HTTPError as error:
            # RFC 9110 §15.6.3, with the reason for whoever set the proxy up.
            reason = f"no answer from {self._url}: {type(error).__name__}: {error}"
            await _send_text(send, 502, reason)
            return exchange

        raw = bytearray()
        headers = _text_pairs(answer.headers.raw)
        start = {"status": answer.status_code, "headers": self._answer_headers(scope, headers)}
        await send({"type": "http.response.start", **start})

        is_broken = False
        async with aclosing(answer):
            try:
                # Piece by piece, because an event stream may never end; and as they came, because
                # the caller may know a content coding that we do not.
                async for piece in answer.aiter_raw():
                    raw += piece[: MOST_BYTES + 1 - len(raw)]
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            except httpx2.HTTPError:
                is_broken = True
        if not is_broken:
            await send({"type": "http.response.body", "body": b""})

        is_whole = not is_broken and len(raw) <= MOST_BYTES
        content = _inflated(headers, bytes(raw)) if is_whole else None
        return replace(
            exchange,
            status=answer.status_code,
            answer_headers=tuple(pair for pair in headers if pair[0].lower() not in _OWN_OF_RECORD),
            answer_body=content or b"",
            is_answer_cut=content is None,
        )

    def _answer_headers(self, scope: Scope, headers: Headers) -> list[tuple[bytes, bytes]]:
        host = next((value for name, value in scope["headers"] if name == b"host"), b"")
        origin = f"http://{host.decode('latin-1')}"
        lines: list[tuple[bytes, bytes]] = []
        for name, value in headers:
            if name.lower() not in _OWN_OF_ANSWER:
                is_location = name.lower() == "location"
                text = self._location(value, origin) if is_location else value
                lines.append((name.lower().encode("latin-1"), text.encode("latin-1")))
        return lines

    def _location(self, url: str, origin: str) -> str:
        """A URL at the real server as one at the proxy; any other as it is."""
        base = urlsplit(self._url)
        for start in (self._url, f"{base.scheme}://{base.netloc}"):
            if url.startswith(start) and url[len(start) : len(start) + 1] in ("", "/", "?", "#"):
                return origin + url.removeprefix(start)
        return url

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._client.aclose()
        await send({"type": "lifespan.shutdown.complete"})


def _readable_codings(headers: Headers) -> Headers:
    """The headers of a request, of whose `Accept-Encoding` only what can be read here is left."""
    lines: list[tuple[str, str]] = []
    is_limited = False
    for name, value in headers:
        if name.lower() != "accept-encoding":
            lines.append((name, value))
            continue

        # `*` goes as well: it may be any coding.
        kept: list[str] = []
        for item in value.split(","):
            coding = item.partition(";")[0].strip().lower()
            if coding in _READABLE:
                kept.append(item.strip())

        if kept:
            lines.append((name, ", ".join(kept)))
        is_limited = True

    # Without the field any coding would be welcome (RFC 9110 §12.5.3).
    if is_limited and all(name.lower() != "accept-encoding" for name, _ in lines):
        lines.append(("accept-encoding", "identity"))
    return tuple(lines)


def _inflated(headers: Headers, raw: bytes) -> bytes | None:
    """The content of an answer without its content coding.

    None where it cannot be read, or is longer than is kept: a few bytes may inflate to any length.
    """
    codings = [text for name, text in headers if name.lower() == "content-encoding"]
    names = {name.strip().lower() for text in codings for name in text.split(",")}
    if names - _READABLE:
        return None

    # Its other headers may be in any charset, and the library takes ASCII alone.
    lines = [("content-encoding", text) for text in codings]
    response = httpx2.Response(200, headers=lines, stream=httpx2.ByteStream(raw))
    content = bytearray()
    try:
        for piece in response.iter_bytes():
            content += piece
            if len(content) > MOST_BYTES:
                return None
    except httpx2.HTTPError:
        return None
    return bytes(content)


def _text_pairs(raw: list[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)


async def _send_text(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"bothends record: {text}\n".encode()})
