"""Handlers that read a binary body while it arrives; what breaks the contract is refused all the same."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.packages import Package, handler

from bothends.runtime import BodyStream, Response, streamed

CHARTS = """
paths:
  /charts/{name}:
    put:
      operationId: putChart
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      requestBody:
        required: true
        content: {application/octet-stream: {schema: {type: string, format: binary, minLength: 2, maxLength: 30000000}}}
      responses:
        '200': {description: How many bytes., content: {application/json: {schema: {type: integer}}}}
        '400': {description: Not as it must be., content: {application/json: {schema: {type: object}}}}
        '409': {description: It is there., content: {application/json: {schema: {type: object}}}}
    post:
      operationId: addWord
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      requestBody:
        content: {application/octet-stream: {schema: {type: string, format: binary, pattern: '^[a-z]*$'}}}
      responses:
        '200': {description: How many bytes., content: {application/json: {schema: {type: integer}}}}
        '400': {description: Not as it must be., content: {application/json: {schema: {type: object}}}}
"""


@pytest.fixture(scope="module")
def package(made_once: Callable[[str], Package]) -> Package:
    return made_once(CHARTS)


@streamed
async def counted(name: str, body: BodyStream | None) -> int:
    return sum([len(piece) async for piece in body]) if body is not None else -1


@streamed
def counted_in_a_thread(name: str, body: BodyStream | None) -> int:
    return sum(len(piece) for piece in body) if body is not None else -1


@streamed
async def swallowing(name: str, body: BodyStream) -> int:
    try:
        return sum([len(piece) async for piece in body])
    except Exception:  # noqa: BLE001  such handlers exist
        return 7


@streamed
async def leaving(name: str, body: BodyStream) -> int:
    return 7


EVERY = pytest.mark.parametrize("method", [counted, counted_in_a_thread, swallowing, leaving])


def ask(
    app: Any, *pieces: bytes, method: str = "PUT", gone: bool = False, **headers: str
) -> tuple[int, bytes, int]:
    """Status and body of the answer to a body in pieces, and how many of them were taken."""
    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": method,
        "path": "/charts/a",
        "query_string": b"",
        "headers": [(b"content-type", b"application/octet-stream"), *lines],
    }
    waiting, sent = list(pieces), list[Any]()

    async def receive() -> Any:
        if not waiting and gone:
            return {"type": "http.disconnect"}
        piece = waiting.pop(0) if waiting else b""
        return {"type": "http.request", "body": piece, "more_body": bool(waiting) or gone}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    if not sent:
        return 0, b"", len(pieces) - len(waiting)

    return sent[0]["status"], sent[1]["body"], len(pieces) - len(waiting)


@pytest.mark.parametrize("method", [counted, counted_in_a_thread])
def test_a_body_is_more_than_fits_into_memory(package: Package, method: Any) -> None:
    """More than `max_body`, that is."""

    def pieces() -> Iterator[bytes]:
        for _ in range(300):
            yield bytes(70_000)

    with package.client(handler(put_chart=method)) as client:
        assert client.put_chart("a", pieces()) == 21_000_000


def test_pieces_are_there_as_they_arrive(package: Package) -> None:
    seen: list[bytes] = []

    def pieces() -> Iterator[bytes]:
        for number in range(4):
            assert len(seen) >= number - 2
            yield b"%d" % number * 2

    @streamed
    async def seeing(name: str, body: BodyStream) -> int:
        async for piece in body:
            seen.append(piece)
        return len(seen)

    with package.client(handler(put_chart=seeing)) as client:
        assert client.put_chart("a", pieces()) == 4

    assert seen == [b"00", b"11", b"22", b"33"]


@EVERY
def test_what_is_too_short_or_too_long_is_refused(package: Package, method: Any) -> None:
    app = package.app(handler(put_chart=method))
    assert ask(app, b"x")[0] == 400
    assert ask(app)[0] == 400
    assert ask(app, *[bytes(10_000_000)] * 5)[0] == 400
    assert ask(app, b"xy")[:2] == (200, b"7" if method is leaving else b"2")


@EVERY
def test_declared_length_is_judged_before_the_handler(package: Package, method: Any) -> None:
    status, _, taken = ask(
        package.app(handler(put_chart=method)), b"xy", b"z", content_length="30000001"
    )
    assert (status, taken) == (400, 0)


def test_a_caller_who_leaves_is_no_failure(
    package: Package, caplog: pytest.LogCaptureFixture
) -> None:
    assert ask(package.app(handler(put_chart=counted)), b"xy", gone=True)[0] == 0
    assert "failed" not in caplog.text


def test_an_error_needs_no_body(package: Package) -> None:
    @streamed
    async def refusing(name: str, body: BodyStream) -> Any:
        raise package.errors.PutChartConflict({})

    @streamed
    async def answering(name: str, body: BodyStream) -> Any:
        return Response({}, 409)

    for method in (refusing, answering):
        status, _, taken = ask(package.app(handler(put_chart=method)), b"xy", b"z", b"z")
        assert (status, taken) == (409, 0)


@pytest.mark.parametrize("method", [counted, counted_in_a_thread])
def test_schema_judged_body_is_read_first(package: Package, method: Any) -> None:
    app = package.app(handler(add_word=method))
    assert ask(app, b"ab", b"c", method="POST")[:2] == (200, b"3")
    assert ask(app, b"ab", b"C", method="POST")[0] == 400
    assert ask(app, gzip.compress(b"abcd"), method="POST", content_encoding="gzip")[:2] == (
        200,
        b"4",
    )


def test_compressed_bodies_are_bounded_and_inflated(package: Package) -> None:
    app = package.app(handler(put_chart=counted))
    assert ask(app, gzip.compress(bytes(1000)), content_encoding="gzip")[:2] == (200, b"1000")
    assert ask(app, gzip.compress(b"x"), content_encoding="gzip")[0] == 400
    assert ask(app, gzip.compress(bytes(20_000_000)), content_encoding="gzip")[0] == 400  # max_body


def test_the_fault_of_a_handler_is_a_500(package: Package) -> None:
    @streamed
    async def failing(name: str, body: BodyStream) -> Any:
        raise ZeroDivisionError

    assert ask(package.app(handler(put_chart=failing)), b"xy")[0] == 500
