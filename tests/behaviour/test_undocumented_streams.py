"""Answers where only a stream is documented: a caller iterates over typed items, whatever JSON it is in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from tests.packages import Package

from bothends.runtime import UndocumentedStatus, UnexpectedAnswer

TIDES = """
components:
  schemas:
    Tide: {type: object, required: [id], properties: {id: {type: integer}}}
paths:
  /lines:
    get:
      operationId: listLines
      responses:
        '200':
          description: A tide per line.
          content: {application/x-ndjson: {schema: {$ref: '#/components/schemas/Tide'}}}
  /events:
    get:
      operationId: listEvents
      responses:
        '200':
          description: A tide per event.
          content: {text/event-stream: {schema: {$ref: '#/components/schemas/Tide'}}}
  /sequence:
    get:
      operationId: listSequence
      responses:
        '200':
          description: A tide per record.
          content: {application/json-seq: {schema: {$ref: '#/components/schemas/Tide'}}}
  /both:
    get:
      operationId: listBoth
      responses:
        '200':
          description: A tide per event, or any text.
          content:
            text/event-stream: {schema: {$ref: '#/components/schemas/Tide'}}
            text/plain: {schema: {type: string}}
"""
STREAMED = ("list_lines", "list_events", "list_sequence")


@pytest.fixture(scope="module")
def tides(made_once: Callable[[str], Package]) -> Package:
    return made_once(TIDES)


def transport(status: int, media_type: str, content: bytes) -> httpx2.MockTransport:
    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, headers={"content-type": media_type}, content=content)

    return httpx2.MockTransport(answer)


def answering(
    tides: Package, media_type: str, content: bytes, status: int = 200, **options: Any
) -> Any:
    made = transport(status, media_type, content)
    return tides.module.MadeClient(base_url="https://tides.test", transport=made, **options)


@pytest.mark.parametrize("responses", ["warn", "off"])
@pytest.mark.parametrize("name", STREAMED)
@pytest.mark.parametrize(
    ("media_type", "content", "ids"),
    [
        ("application/json", b'{\n "id": 1\n}', [1]),
        ("application/json; charset=utf-8", b'[{"id":1},{"id":2}]', [1, 2]),
        ("application/vnd.tide+json", b'{"id":1}', [1]),
        ("application/json", b"", []),
        ("application/jsonl", b'{"id":1}\n{"id":2}\n', [1, 2]),
        ("application/x-jsonlines", b'{"id":1}\n{"id":2}', [1, 2]),
    ],
)
def test_json_is_read_as_the_documented_stream(
    tides: Package, name: str, responses: str, media_type: str, content: bytes, ids: list[int]
) -> None:
    client = answering(tides, media_type, content, responses=responses)
    assert list(getattr(client, name)()) == [tides.models.Tide(id=number) for number in ids]


def test_an_async_client_iterates_too(tides: Package) -> None:
    made = transport(200, "application/json", b'[{"id":1},{"id":2}]')
    client = tides.module.AsyncMadeClient(base_url="https://tides.test", transport=made)

    async def read() -> list[Any]:
        return [tide async for tide in await client.list_events()]

    assert asyncio.run(read()) == [tides.models.Tide(id=1), tides.models.Tide(id=2)]


def test_another_status_is_read_by_the_nearest_stream(tides: Package) -> None:
    client = answering(tides, "application/x-ndjson", b'{"id":1}\n', 206)
    assert list(client.list_lines()) == [tides.models.Tide(id=1)]
    assert answering(tides, "text/plain", b"later", 202).list_lines() == "later"


def test_it_is_said_once_for_the_answer_and_for_each_item(
    tides: Package, caplog: pytest.LogCaptureFixture
) -> None:
    client = answering(tides, "application/json", b'[{"id":1},{"no":2}]')
    with caplog.at_level(logging.WARNING):
        first, second = client.list_lines()

    assert first == tides.models.Tide(id=1)
    assert second is not None
    assert "header Content-Type must be one of application/x-ndjson" in caplog.text
    assert "an item: property 'id' is required" in caplog.text


def test_what_is_not_json_is_an_error_of_the_call(tides: Package) -> None:
    stream = answering(tides, "application/json", b"<html>").list_lines()
    with pytest.raises(UnexpectedAnswer, match="not JSON"):
        next(stream)


def test_strict_raises(tides: Package) -> None:
    for name in STREAMED:
        client = answering(tides, "application/json", b'{"id":1}', responses="strict")
        with pytest.raises(UnexpectedAnswer, match="Content-Type must be one of"):
            getattr(client, name)()

    other = answering(tides, "application/x-ndjson", b'{"id":1}', 201, responses="strict")
    with pytest.raises(UndocumentedStatus):
        other.list_lines()


def test_a_media_type_beside_the_stream_keeps_its_own_reading(tides: Package) -> None:
    assert answering(tides, "text/plain", b"none").list_both() == "none"
    assert answering(tides, "application/json", b'{"id":1}').list_both() == {"id": 1}
