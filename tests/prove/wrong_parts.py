"""Middleware that makes a server lenient about forms and parts, and streams that go wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from .wrong import header, incoming, outgoing, set_header

Part = tuple[list[bytes], bytes]
"""The lines of a part's head, and its bytes."""


def name_of(part: Part) -> bytes:
    found = re.search(rb'[; ]name="([^"]*)"', b"\n".join(part[0]))
    return found[1] if found else b""


def boundary(scope: dict[str, Any]) -> bytes:
    found = re.search(r'boundary="?([^";]+)', header(scope, "content-type"))
    return found[1].encode() if found else b""


def split(body: bytes, mark: bytes) -> list[Part] | None:
    """The parts; None where they are badly framed."""
    parts: list[Part] = []
    for piece in (b"\r\n" + body).split(b"\r\n--" + mark)[1:-1]:
        head, end, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if not end:
            return None
        parts.append((head.split(b"\r\n"), content))

    return parts


def is_coded(scope: dict[str, Any]) -> bool:
    return bool(header(scope, "content-encoding"))


def join(parts: list[Part], mark: bytes) -> bytes:
    whole = b"".join(
        b"--" + mark + b"\r\n" + b"\r\n".join(head) + b"\r\n\r\n" + content + b"\r\n"
        for head, content in parts
    )
    return whole + b"--" + mark + b"--\r\n"


def parted(change: Callable[[list[Part]], list[Part]]) -> Callable[[Any], Any]:
    """A server that makes other parts of those that it has read."""

    def rewrite(scope: dict[str, Any], body: bytes) -> bytes:
        mark = boundary(scope)
        closing = b"--" + mark + b"--"
        # What is badly framed is left to the server, so that nothing else is forgiven by the way.
        if is_coded(scope) or not mark or not body.rstrip(b"\r\n").endswith(closing):
            return body

        parts = split(body, mark)
        return body if parts is None else join(change(parts), mark)

    return incoming(rewrite)


def each(change: Callable[[Part], Part]) -> Callable[[Any], Any]:
    """A server that reads each part in its own way."""
    return parted(lambda parts: [change(part) for part in parts])


def sniffed(scope: dict[str, Any], body: bytes) -> bytes:
    """Finds the boundary in the body where the header has none."""
    found = re.match(rb"--([^\r\n]+)\r\n", body)
    if found and header(scope, "content-type").rstrip() == "multipart/form-data":
        set_header(
            scope, "content-type", f"multipart/form-data; boundary={found[1].decode('latin-1')}"
        )
    return body


def closed(scope: dict[str, Any], body: bytes) -> bytes:
    """Adds a last boundary that is missing."""
    mark = boundary(scope)
    if mark and body.startswith(b"--" + mark) and not body.rstrip(b"\r\n").endswith(b"--"):
        return body.removesuffix(b"\r\n") + b"\r\n--" + mark + b"--\r\n"
    return body


def fields(
    change: Callable[[list[tuple[bytes, bytes]]], list[tuple[bytes, bytes]]],
) -> Callable[[Any], Any]:
    """A server that makes other fields of those of a form."""

    def rewrite(scope: dict[str, Any], body: bytes) -> bytes:
        if is_coded(scope) or not header(scope, "content-type").startswith(
            "application/x-www-form-urlencoded"
        ):
            return body
        pairs = [part.partition(b"=") for part in body.split(b"&") if part]
        return b"&".join(
            name + b"=" + raw for name, raw in change([(name, raw) for name, _, raw in pairs])
        )

    return incoming(rewrite)


def field(name: bytes, change: Callable[[bytes], bytes]) -> Callable[[Any], Any]:
    """A server that reads one field of a form in its own way."""
    return fields(
        lambda pairs: [
            (key, change(unquote_to_bytes(raw)) if key == name else raw) for key, raw in pairs
        ]
    )


def streamed(change: Callable[[bytes], bytes]) -> Callable[[Any], Any]:
    """A server whose streams hold something else."""

    def rewrite(_: dict[str, Any], start: dict[str, Any], body: bytes) -> bytes:
        kind = header(start, "content-type")
        return (
            change(body) if kind.startswith(("application/x-ndjson", "text/event-stream")) else body
        )

    return outgoing(rewrite)
