"""Callers who mean harm cost themselves: bytes, time and connections of a server are bounded."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import unquote

import pytest

from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.media.accept import parse_accept
from bothends.runtime.media.events import EventReader
from bothends.runtime.media.json_lines import LineReader
from bothends.runtime.media_type import parse_content_type
from bothends.runtime.parameters.style import StyleError, percent_decode
from bothends.runtime.schema.contract import Contract
from bothends.runtime.server.asgi import ASGIApp
from bothends.serve.bounds import Bounded, Bounds
from bothends.serve.listen import _server, address, listen
from tests.growth import growth


class TestUniqueItems:
    """`uniqueItems` takes time that grows with the array, whatever its items are, and judges as JSON Schema does."""

    contract = Contract({"components": {"schemas": {"A": {"uniqueItems": True}}}})

    def judge(self, items: list[Any]) -> bool:
        return self.contract.accepts("/components/schemas/A", items)

    @pytest.mark.parametrize(
        "wrap", [lambda n: 2**63 + n, lambda n: [2**70 + n], lambda n: {"a": -(2**64) - n}]
    )
    def test_large_integers_are_judged_in_linear_time(self, wrap: Callable[[int], Any]) -> None:
        items = [wrap(number) for number in range(20_000)]
        assert growth(lambda size: self.judge(items[:size]), 5_000, 20_000) < 10

    @pytest.mark.parametrize(
        ("items", "is_unique"),
        [
            ([1, 1.0], False),
            ([1, True], True),
            ([0, False], True),
            ([{"a": 1, "b": [2]}, {"b": [2], "a": 1}], False),
            ([[1], [True]], True),
            ([2**64, 2**64 + 1], True),
            ([2**64, 2**64], False),
            (["a", "a"], False),
            ([None, None], False),
            ([["a"], "a", {"a": None}, {}], True),
            ([{}, []], True),
        ],
    )
    def test_equal_items_are_those_of_json_schema(self, items: list[Any], is_unique: bool) -> None:
        assert self.judge(items) is is_unique

    def test_a_fault_names_the_keyword(self) -> None:
        fault = self.contract.fault("/components/schemas/A", [2**64, 2**64])
        assert fault is not None
        assert (fault.keyword, fault.rule) == ("uniqueItems", "must not hold the same item twice")


class TestReaders:
    """Every reader of text takes time that grows with the text."""

    @pytest.mark.parametrize(
        ("read", "part"),
        [
            (percent_decode, "%41"),
            (lambda text: percent_decode(text, plus=True), "+%C3%A9"),
            (parse_accept, "text/a;q=0.5,"),
            (lambda text: parse_content_type("text/plain" + text), ';a="b\\""'),
            (lambda text: read_json(b"[" + text.encode() + b"1]"), "12345678901234567890,"),
            (lambda text: read_json(b'["' + text.encode() + b'"]'), '\\" : {'),
        ],
    )
    def test_reading_grows_with_the_text(self, read: Callable[[str], Any], part: str) -> None:
        assert growth(lambda size: read(part * size), 10_000, 40_000) < 10

    def test_escapes_mean_what_they_mean_elsewhere(self) -> None:
        pieces = (
            "%",
            "%4",
            "%41",
            "%c3%A9",
            "%zz",
            "3D",
            "=",
            "==",
            "=\n",
            "\r\n",
            " ",
            "\t",
            "_",
            "é",
            "\0",
        )
        draw = Random(1)
        for _ in range(5_000):
            raw = "".join(draw.choice(pieces) for _ in range(draw.randint(0, 9)))
            assert percent_decode(raw) == unquote(raw)

    def test_signs_that_encode_nothing_are_bounded(self) -> None:
        assert percent_decode("%" * 1_000_000) == "%" * 1_000_000
        with pytest.raises(StyleError, match="percent signs that encode nothing"):
            percent_decode("%z" * 1_000_001)

    @pytest.mark.parametrize("digits", [4_301, 100_000])
    def test_integers_have_bounded_digits(self, digits: int) -> None:
        with pytest.raises(JsonTextError, match="digits"):
            read_json(b"9" * digits)


class TestStreams:
    """A line or an event without end is searched once."""

    @pytest.mark.parametrize("kind", ["events", "lines"])
    def test_a_line_without_end_grows_linearly(self, kind: str) -> None:
        def feed(size: int) -> None:
            reader = (
                EventReader(is_event=False, is_plain=True) if kind == "events" else LineReader(b"")
            )
            for _ in range(size):
                assert reader.feed(b"x" * 1_000) == []

        assert growth(feed, 2_500, 10_000) < 10

    def test_events_are_the_same_in_any_pieces(self) -> None:
        text = "\ufeffdata: a\r\ndata: b\r\n\r\n:x\rdata:c\r\rid: 7\ndata\n\n".encode()
        expected = [{"data": "a\nb"}, {"data": "c"}, {"id": "7", "data": ""}]
        for size in range(1, len(text) + 1):
            reader = EventReader(is_event=True, is_plain=True)
            items = [
                item
                for start in range(0, len(text), size)
                for item in reader.feed(text[start : start + size])
            ]
            assert items == expected, size

    def test_retry_of_thousands_of_digits_is_refused(self) -> None:
        reader = EventReader(is_event=True, is_plain=True)
        with pytest.raises(ValueError, match="digits"):
            reader.feed(b"retry: " + b"9" * 5_000 + b"\ndata: x\n\n")


async def echo(scope: Any, receive: Any, send: Any) -> None:
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    body = json.dumps(size).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def talk(bounds: Bounds, *said: bytes, app: ASGIApp = echo) -> list[bytes]:
    """What a server with these bounds answers on connections that say this and no more."""

    async def scenario() -> list[bytes]:
        with listen("127.0.0.1", 0) as listening:
            server = _server(app, bounds)
            running = asyncio.create_task(server.serve(sockets=[listening]))
            while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
                await asyncio.sleep(0.01)

            _, _, port = address(listening).rpartition(":")
            answers = await asyncio.gather(*(one(int(port), text) for text in said))
            server.should_exit = True
            await running
            return list(answers)

    async def one(port: int, text: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(text)
        try:
            return await reader.read()
        finally:
            writer.close()

    return asyncio.run(scenario())


POST = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\nconnection: close\r\n\r\n"


@pytest.mark.parametrize("said", [b"", b"GET", b"GET / HTTP/1.1\r\nhost: a\r\nx: "])
def test_half_a_request_is_closed(said: bytes) -> None:
    assert talk(Bounds(header_seconds=0.2), said) == [b""]


def test_a_slow_body_is_answered_with_408() -> None:
    (answer,) = talk(Bounds(body_seconds=0.2), POST + b"12345")
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_whole_request_is_served() -> None:
    (answer,) = talk(Bounds(header_seconds=5, body_seconds=5), POST + b"1234567890")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"10")


def test_bodies_in_flight_are_bounded() -> None:
    (answer,) = talk(Bounds(bytes_in_flight=5), POST + b"1234567890")
    assert answer.startswith(b"HTTP/1.1 503 ")


def test_bytes_are_counted_down_again() -> None:
    bounded = Bounded(echo, Bounds(bytes_in_flight=15))

    async def call() -> int:
        sent: list[Any] = []
        messages = iter([{"type": "http.request", "body": b"x" * 10, "more_body": False}])

        async def receive() -> Any:
            return next(messages)

        async def send(message: Any) -> None:
            sent.append(message)

        await bounded({"type": "http", "method": "POST"}, receive, send)
        status: int = sent[0]["status"]
        return status

    assert [asyncio.run(call()) for _ in range(3)] == [200, 200, 200]
