"""Streams of items: what the handler yields, the caller gets, one by one and typed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from tests.packages import handler

from bothends.runtime import NoAnswer

STREAMS = """
paths:
  /lines:
    get:
      operationId: listTides
      responses:
        '200':
          description: A tide per line.
          content: {application/x-ndjson: {schema: {type: array, items: {$ref: '#/components/schemas/Tide'}}}}
  /events:
    get:
      operationId: watchTides
      responses:
        '200':
          description: A tide per event.
          content: {text/event-stream: {schema: {$ref: '#/components/schemas/Tide'}}}
components:
  schemas:
    Tide: {type: object, required: [height], properties: {height: {type: number, maximum: 9}}}
"""


@pytest.fixture(scope="module")
def streams(made_once):
    return made_once(STREAMS)


def three(streams) -> list[Any]:
    return [streams.models.Tide(height=height) for height in (1.5, 2.5, 3.5)]


@pytest.mark.parametrize("name", ["list_tides", "watch_tides"])
def test_an_async_handler_streams_to_both_clients(streams, name):
    async def give(**_: Any) -> AsyncIterator[Any]:
        for tide in three(streams):
            yield tide

    made = handler(**{name: give})
    assert list(getattr(streams.client(made), name)()) == three(streams)

    async def read() -> list[Any]:
        return [tide async for tide in await getattr(streams.async_client(made), name)()]

    assert asyncio.run(read()) == three(streams)


@pytest.mark.parametrize("name", ["list_tides", "watch_tides"])
def test_a_plain_handler_streams_too(streams, name):
    def give(**_: Any) -> Iterator[Any]:
        yield from three(streams)

    assert list(getattr(streams.client(handler(**{name: give})), name)()) == three(streams)


def test_no_items_are_an_empty_stream(streams):
    def give(**_: Any) -> Iterator[Any]:
        return iter(())

    assert list(streams.client(handler(list_tides=give)).list_tides()) == []


@pytest.mark.parametrize("name", ["list_tides", "watch_tides"])
def test_items_stream_and_handlers_learn_of_disconnects(streams, name):
    told: list[str] = []

    async def give(**_: Any) -> AsyncIterator[Any]:
        try:
            for tide in three(streams):
                told.append("given")
                yield tide
                await asyncio.sleep(0 if len(told) < 2 else 3600)
        finally:
            told.append("left")

    with streams.client(handler(**{name: give})) as client, getattr(client, name)() as tides:
        assert [next(tides), next(tides)] == three(streams)[:2]
        assert told == ["given", "given"]

    assert told == ["given", "given", "left"]


def test_a_stream_that_breaks_off_is_no_answer(streams):
    def give(**_: Any) -> Iterator[Any]:
        yield from three(streams)[:1]
        raise ZeroDivisionError

    with streams.client(handler(list_tides=give)) as client, client.list_tides() as tides:
        assert next(tides) == three(streams)[0]
        with pytest.raises(NoAnswer):
            next(tides)
