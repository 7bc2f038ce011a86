"""How a stream ends: `[DONE]` is no item of it, and a fault costs nothing that came before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from tests.packages import Package, handler, send

from bothends.prove.oracle.answers import faults
from bothends.prove.wire.message import Answer
from bothends.runtime import UnexpectedAnswer

TIDES = """
components:
  schemas:
    Tide: {type: object, required: [id], properties: {id: {type: integer}}}
    Event: {type: object, properties: {event: {type: string}, data: {$ref: '#/components/schemas/Tide'}}}
paths:
  /tides:
    get:
      operationId: listTides
      responses: {'200': {description: T., content: {text/event-stream: {schema: {$ref: '#/components/schemas/Tide'}}}}}
    post:
      operationId: addTides
      requestBody: {required: true, content: {text/event-stream: {schema: {$ref: '#/components/schemas/Tide'}}}}
      responses: {'204': {description: Added.}, '400': {description: No.}}
  /events:
    get:
      operationId: listEvents
      responses: {'200': {description: T., content: {text/event-stream: {schema: {$ref: '#/components/schemas/Event'}}}}}
  /words:
    get:
      operationId: listWords
      responses: {'200': {description: T., content: {text/event-stream: {schema: {type: string}}}}}
  /lines:
    get:
      operationId: listLines
      responses: {'200': {description: T., content: {application/x-ndjson: {schema: {$ref: '#/components/schemas/Tide'}}}}}
"""
ONE_AND_TWO = b'data: {"id": 1}\n\ndata: {"id": 2}\n\n'
DONE = b"data: [DONE]\n\n"


@pytest.fixture(scope="module")
def tides(made_once: Callable[[str], Package]) -> Package:
    return made_once(TIDES)


def stream(
    tides: Package, name: str, content: bytes, *, cut: bool = False, responses: str = "strict"
) -> Iterator[Any]:
    """Iterate over the items of an answer, whole or byte by byte."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        kind = b"application/x-ndjson" if name == "list_lines" else b"text/event-stream"
        headers = [(b"content-type", kind)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for piece in (bytes([byte]) for byte in content) if cut else [content]:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})

    with (
        tides.module.MadeClient(app=app, responses=responses) as client,
        getattr(client, name)() as items,
    ):
        yield from items


@pytest.mark.parametrize("responses", ["strict", "warn", "off"])
@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize(
    "end", [DONE, b"event: end\nid: 7\ndata:[DONE]\r\n\r\n", DONE + b": bye\n\n", b"data: [DONE]\n"]
)
def test_done_ends_a_stream_of_json(tides: Package, end: bytes, cut: bool, responses: str) -> None:
    items = stream(tides, "list_tides", ONE_AND_TWO + end, cut=cut, responses=responses)
    assert [tide.id for tide in items] == [1, 2]


def test_done_ends_a_stream_of_whole_events(tides: Package) -> None:
    events = list(stream(tides, "list_events", b'event: tide\ndata: {"id": 1}\n\n' + DONE))
    assert [(event.event, event.data.id) for event in events] == [("tide", 1)]


def test_done_ends_an_asynchronous_stream(tides: Package) -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        headers = {"content-type": "text/event-stream"}
        return httpx2.Response(200, headers=headers, content=ONE_AND_TWO + DONE)

    async def read() -> list[int]:
        transport = httpx2.MockTransport(answer)
        async with tides.module.AsyncMadeClient(
            base_url="https://made.test", transport=transport
        ) as client:
            return [tide.id async for tide in await client.list_tides()]

    assert asyncio.run(read()) == [1, 2]


def test_done_is_a_value_where_data_is_text(tides: Package) -> None:
    assert list(stream(tides, "list_words", b"data: a\n\n" + DONE)) == ["a", "[DONE]"]


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize(
    "end",
    [
        DONE + b'data: {"id": 3}\n\n',  # it was not the end
        DONE + DONE,
        b"data: DONE\n\n",
        b"data: [DONE] \n\n",
        b"data: [done]\n\n",
        b'data: {"id": 3\n\n',
    ],
)
def test_what_is_no_json_is_an_error_after_what_came_before(
    tides: Package, end: bytes, cut: bool
) -> None:
    received: list[int] = []
    with pytest.raises(UnexpectedAnswer, match="the data of an event is not JSON"):
        received.extend(t.id for t in stream(tides, "list_tides", ONE_AND_TWO + end, cut=cut))
    assert received == [1, 2]


def test_lines_before_a_fault_arrive(tides: Package) -> None:
    lines = stream(tides, "list_lines", b'{"id": 1}\n{"id": 2}\n[DONE]\n{"id": 3}\n')
    assert [next(lines).id, next(lines).id] == [1, 2]
    with pytest.raises(UnexpectedAnswer, match="an item is not JSON"):
        next(lines)


def test_server_takes_no_sign_for_an_item(tides: Package) -> None:
    app = tides.app(handler(add_tides=lambda body: None))
    headers = {"content-type": "text/event-stream"}
    assert send(app, "POST", "/tides", headers=headers, content=ONE_AND_TWO).status_code == 204
    answer = send(app, "POST", "/tides", headers=headers, content=ONE_AND_TWO + DONE)
    assert answer.status_code == 400


def test_proofs_and_recordings_judge_it_alike(tides: Package) -> None:
    operation = tides.part("operations").LIST_TIDES
    headers = (("Content-Type", "text/event-stream"),)
    assert list(faults(operation, Answer(200, headers, ONE_AND_TWO + DONE))) == []
    (fault,) = faults(operation, Answer(200, headers, DONE + ONE_AND_TWO))
    assert "the data of an event is not JSON" in fault
