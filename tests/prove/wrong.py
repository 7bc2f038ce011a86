"""Middleware that makes a good server wrong: it rewrites what goes in, or what comes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bothends.runtime.json.text import read_json, write_json

Headers = list[tuple[bytes, bytes]]
Incoming = Callable[[dict[str, Any], bytes], bytes]
Outgoing = Callable[[dict[str, Any], dict[str, Any], bytes], bytes]


def incoming(change: Incoming) -> Callable[[Any], Any]:
    """Rewrites requests: the function may change the scope, and gives the body."""

    def wrap(app: Any) -> Any:
        async def wrong(scope: Any, receive: Any, send: Any) -> None:
            # A body that is announced and never sent is for the server to refuse.
            if scope["type"] != "http" or len(header(scope, "content-length")) > 7:
                await app(scope, receive, send)
                return
            body = change(scope, await _read(receive))
            await app(scope, _once(body, receive), send)

        return wrong

    return wrap


def outgoing(change: Outgoing) -> Callable[[Any], Any]:
    """Rewrites answers: the function may change the start message, and gives the body."""

    def wrap(app: Any) -> Any:
        async def wrong(scope: Any, receive: Any, send: Any) -> None:
            start: dict[str, Any] = {}
            parts: list[bytes] = []

            async def take(message: Any) -> None:
                if message["type"] == "http.response.start":
                    start.update(message)
                else:
                    parts.append(message.get("body", b""))

            if scope["type"] != "http":
                await app(scope, receive, send)
                return

            await app(scope, receive, take)
            body = change(scope, start, b"".join(parts))
            start["headers"] = [line for line in start["headers"] if line[0] != b"content-length"]
            if start["status"] not in (204, 304):
                start["headers"].append((b"content-length", str(len(body)).encode()))

            await send(start)
            await send(
                {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body}
            )

        return wrong

    return wrap


async def _read(receive: Any) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _once(body: bytes, receive: Any) -> Any:
    """Gives the body; from then on what the caller does, such as leaving."""
    given: list[bytes] = []

    async def receive_once() -> Any:
        if given:
            return await receive()
        given.append(body)
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_once


def header(scope: dict[str, Any], name: str) -> str:
    return next(
        (
            value.decode("latin-1")
            for key, value in scope["headers"]
            if key.decode().lower() == name
        ),
        "",
    )


def set_header(holder: dict[str, Any], name: str, value: str | None) -> None:
    kept = [line for line in holder["headers"] if line[0].lower() != name.encode()]
    holder["headers"] = kept if value is None else [*kept, (name.encode(), value.encode("latin-1"))]


def lenient(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A server that makes another value of what it has read, and is strict in all other ways."""

    def rewrite(_: dict[str, Any], body: bytes) -> bytes:
        try:
            return write_json(change(read_json(body))) if body else body
        except ValueError:
            return body

    return incoming(rewrite)


def forgiving(fault: str, read: Callable[[bytes], Any]) -> Callable[[Any], Any]:
    """A server that reads JSON with this one fault, as the strict reader names it, by another reader."""

    def rewrite(_: dict[str, Any], body: bytes) -> bytes:
        try:
            read_json(body)
        except ValueError as error:
            return write_json(read(body)) if fault in str(error) else body
        return body

    return incoming(rewrite)


def of_success(change: Callable[[dict[str, Any]], object]) -> Callable[[Any], Any]:
    """A server whose successes have a wrong body."""

    def rewrite(_: dict[str, Any], start: dict[str, Any], body: bytes) -> bytes:
        if start["status"] not in (200, 201) or not body:
            return body
        value = json.loads(body)
        change(value)
        return json.dumps(value).encode()

    return outgoing(rewrite)


def status(of: int, to: int) -> Callable[[Any], Any]:
    """A server that says one status for another."""

    def rewrite(_: dict[str, Any], start: dict[str, Any], body: bytes) -> bytes:
        if start["status"] == of:
            start["status"] = to
        return body

    return outgoing(rewrite)
