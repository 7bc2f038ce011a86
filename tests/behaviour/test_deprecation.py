"""What the contract deprecates warns the caller, at the caller's own line."""

from __future__ import annotations

import asyncio
import inspect
import warnings

import pytest
from tests.packages import handler

SEARCH = """
paths:
  /old:
    get: {operationId: old, deprecated: true, responses: {'200': &text {description: Found., content: {application/json: {schema: {type: string}}}}}}
  /search:
    get:
      operationId: search
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: page, in: query, deprecated: true, schema: {type: integer}}
        - {name: mode, in: header, deprecated: true, required: true, schema: {type: string}}
      responses: {'200': *text}
"""
CHART = """
paths:
  /chart:
    get:
      operationId: chart
      deprecated: true
      parameters: [{name: scale, in: query, deprecated: true, schema: {type: integer}}]
      responses: {'200': {description: A chart., content: {application/octet-stream: {}}}}
"""
PAGES = """
paths:
  /tides:
    get:
      operationId: tides
      x-pagination: {items: '$response.body#/items', page: page}
      parameters:
        - {name: page, in: query, deprecated: true, schema: {type: integer}}
        - {name: near, in: query, deprecated: true, schema: {type: string}}
      responses:
        '200':
          description: A page.
          content: {application/json: {schema: {type: object, properties: {items: {type: array, items: {type: integer}}}}}}
"""
ANSWERS = handler(old=lambda: "old", search=lambda limit, page, mode: f"{limit} {page} {mode}")


def line() -> int:
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


def place(record: pytest.WarningsRecorder) -> tuple[str, int]:
    (found,) = record
    return found.filename, found.lineno


def test_a_deprecated_operation_warns_at_the_line_of_the_call(package):
    client = package(SEARCH).client(ANSWERS)
    with pytest.warns(DeprecationWarning, match=r"^the contract deprecates old$") as record:
        assert client.old() == "old"
    assert place(record) == (__file__, line() - 1)
    with pytest.warns(DeprecationWarning, match=r"^the contract deprecates old$") as record:
        assert client.with_raw_response.old().body == "old"
    assert place(record) == (__file__, line() - 1)


def test_a_deprecated_argument_warns_once_when_it_is_passed(package):
    client = package(SEARCH).client(ANSWERS)
    assert client.search(limit=1, mode="a") == "1 None a"  # warnings are errors in these tests
    for search in (client.search, client.with_raw_response.search):
        with pytest.warns(
            DeprecationWarning, match=r"^the contract deprecates `page` of search$"
        ) as record:
            search(page=2, mode="a")
        assert place(record) == (__file__, line() - 1)


def test_async_calls_warn_too(package):
    client = package(SEARCH).async_client(ANSWERS)

    async def calls():
        with warnings.catch_warnings(record=True) as record:
            warnings.simplefilter("always")
            await client.search(page=2, mode="a")
            await client.with_raw_response.search(page=2, mode="a")
            await asyncio.gather(client.old(), client.with_raw_response.old())
            end = line()
            places = [(str(found.message), found.filename) for found in record]
            return places, end, [w.lineno for w in record]

    told, end, lines = asyncio.run(calls())
    assert (
        told
        == [("the contract deprecates `page` of search", __file__)] * 2
        + [("the contract deprecates old", __file__)] * 2
    )
    assert lines == [end - 3, end - 2, end - 1, end - 1]


def test_a_stream_warns_where_it_begins(package):
    client = package(CHART).client(handler(chart=lambda scale: b"chart"))
    with pytest.warns(DeprecationWarning, match=r"^the contract deprecates chart$") as record:
        begin = client.with_streaming_response.chart(scale=2)
    assert place(record) == (__file__, line() - 1)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with begin as chart:
            assert chart.read() == b"chart"
        at = line() - 2
    (found,) = told
    assert (str(found.message), found.filename, found.lineno) == (
        "the contract deprecates `scale` of chart",
        __file__,
        at,
    )


def test_an_iteration_warns_once_at_the_line_where_it_begins(package):
    made = package(PAGES)
    tides = handler(tides=lambda page, near: {"items": [page] if page < 4 else []})
    for end in (made.client(tides), made.async_client(tides)):
        with pytest.warns(
            DeprecationWarning, match=r"^the contract deprecates `near` of tides$"
        ) as record:
            found = end.iterate_tides(near="porto")
        assert place(record) == (__file__, line() - 1)
        assert asyncio.run(collected(found)) == [1, 2, 3]  # warnings are errors in these tests
        assert asyncio.run(collected(end.iterate_tides())) == [1, 2, 3]


async def collected(items):
    return [item async for item in items] if hasattr(items, "__aiter__") else list(items)
