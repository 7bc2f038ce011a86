"""Server-sent events are read as the WHATWG's standard says (HTML, §9.2), however the network cuts them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.packages import Package

CONTRACT = """
paths:
  /events:
    get:
      operationId: watch
      responses:
        '200':
          description: Events.
          content:
            text/event-stream:
              schema:
                type: object
                properties: {data: {type: string}, event: {type: string}, id: {type: string}, retry: {type: integer}}
"""

STREAMS: dict[str, tuple[bytes, list[dict[str, Any]]]] = {
    "nothing": (b"", []),
    "one": (b"data: a\n\n", [{"data": "a"}]),
    "a mark before it": (b"\xef\xbb\xbfdata: a\n\n", [{"data": "a"}]),
    "a mark within": (b"data: a\n\n\xef\xbb\xbfdata: b\n\n", [{"data": "a"}]),
    "a mark after empty lines": (b"\n\n\xef\xbb\xbfdata: b\n\n", []),
    "carriage returns": (b"data: a\r\rdata: b\r\r", [{"data": "a"}, {"data": "b"}]),
    "both": (b"data: a\r\n\r\ndata: b\r\n\r\n", [{"data": "a"}, {"data": "b"}]),
    "mixed": (b"data: a\r\ndata: b\rdata: c\n\r\n", [{"data": "a\nb\nc"}]),
    "a return, then an empty line": (b"data: a\r\n\ndata: b\n\r", [{"data": "a"}, {"data": "b"}]),
    "comments": (b": hello\n:\ndata: a\n: no\n\n", [{"data": "a"}]),
    "several lines": (b"data: a\ndata\ndata: b\n\n", [{"data": "a\n\nb"}]),
    "one space is taken off": (b"data:a\n\ndata:  b\n\n", [{"data": "a"}, {"data": " b"}]),
    "a colon in it": (b"data: a: b\n\n", [{"data": "a: b"}]),
    "empty data": (b"data\n\n", [{"data": ""}]),
    "no data": (b"event: x\nid: 1\n\ndata: a\n\n", [{"data": "a"}]),
    "all fields": (
        b"event: x\nid: 7\nretry: 100\ndata: a\n\n",
        [{"event": "x", "id": "7", "retry": 100, "data": "a"}],
    ),
    "an id with a null is no id": (b"id: 1\x002\ndata: a\n\n", [{"data": "a"}]),
    "retry is digits": (
        b"retry: 1e3\ndata: a\n\nretry: -1\ndata: b\n\n",
        [{"data": "a"}, {"data": "b"}],
    ),
    "unknown fields": (b"data: a\nDATA: b\nfoo: bar\n\n", [{"data": "a"}]),
    "no empty line at the end": (b"data: a\n\ndata: b\n", [{"data": "a"}]),
    "no end of line at the end": (b"data: a\n\ndata: b", [{"data": "a"}]),
}


@pytest.fixture(scope="module")
def package(made_once: Callable[[str], Package]) -> Package:
    return made_once(CONTRACT)


def read(package: Package, *pieces: bytes) -> list[dict[str, Any]]:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})

    with package.module.MadeClient(app=app, responses="strict") as client, client.watch() as events:
        return [event.model_dump(exclude_unset=True, by_alias=True) for event in events]


@pytest.mark.parametrize(("stream", "events"), STREAMS.values(), ids=STREAMS)
def test_a_stream_is_read_as_the_standard_says(
    package: Package, stream: bytes, events: list[Any]
) -> None:
    assert read(package, stream) == events
    assert read(package, *(bytes([byte]) for byte in stream)) == events


def test_an_event_is_there_when_its_last_line_is(package: Package) -> None:
    """Also where lines end in a carriage return, after which a line feed might come."""
    reader = package.part("operations").WATCH

    from bothends.runtime.media import reply_media
    from bothends.runtime.media.stream import StreamCodec

    (codec,) = reply_media(reader, "200")
    assert isinstance(codec, StreamCodec)
    events = codec.reader()
    assert events.feed(b"data: a\r\r") == [{"data": "a"}]
    assert events.feed(b"\ndata: b\r\n\r") == [{"data": "b"}]
