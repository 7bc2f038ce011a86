"""Bytes that are too many to hold: uploaded and downloaded piece by piece, sync and async."""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import threading
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.packages import Package, handler

from bothends.runtime import (
    File,
    NoAnswer,
    NoAnswerInTime,
    RequestError,
    Response,
    Timeout,
    UnexpectedAnswer,
)

CHARTS = """
paths:
  /charts:
    put:
      operationId: putChart
      requestBody:
        required: true
        content: {application/octet-stream: {schema: {type: string, format: binary, minLength: 1, maxLength: 9000000}}}
      responses: {'204': {description: Kept.}}
    post:
      operationId: addChart
      requestBody: {required: true, content: {application/octet-stream: {}}}
      responses: {'204': {description: Added.}}
    get:
      operationId: getChart
      parameters: [{name: part, in: query, schema: {type: string}}]
      responses:
        '200':
          description: The chart.
          headers: {X-Pages: {schema: {type: integer}}}
          content: {application/octet-stream: {schema: {type: string, format: binary, maxLength: 9000000}}}
        '404': {description: No such chart., content: {application/json: {schema: {type: object}}}}
  /pattern:
    put:
      operationId: putWord
      requestBody:
        required: true
        content: {application/octet-stream: {schema: {type: string, format: binary, pattern: '^[a-z]+$'}}}
      responses: {'204': {description: Kept.}}
  /gzip:
    put:
      operationId: putZipped
      parameters: [{name: Content-Encoding, in: header, schema: {const: gzip}}]
      requestBody: {required: true, content: {application/octet-stream: {}}}
      responses: {'204': {description: Kept.}}
  /forms:
    post:
      operationId: addForm
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              additionalProperties: false
              required: [name]
              properties:
                name: {type: string}
                chart: {type: string, format: binary, minLength: 2, maxLength: 300000}
                pages: {type: array, maxItems: 2, items: {type: string, format: binary}}
      responses: {'204': {description: Added.}}
"""
CONTENT = os.urandom(200_000)


@pytest.fixture(scope="module")
def made(made_once: Callable[[str], Package]) -> Package:
    return made_once(CHARTS)


class Ends:
    """One client, called from code that need not know which it is."""

    def __init__(self, package: Package, is_async: bool) -> None:
        self.package, self.is_async = package, is_async

    def call(
        self,
        name: str,
        *arguments: Any,
        answers: Any,
        _options: dict[str, Any] | None = None,
        **named: Any,
    ) -> Any:
        made, options = handler(**{name: answers}), _options or {}
        if not self.is_async:
            with self.package.client(made) as client:
                return getattr(client.with_options(**options), name)(*arguments, **named)

        async def main() -> Any:
            async with self.package.async_client(made) as client:
                return await getattr(client.with_options(**options), name)(*arguments, **named)

        return asyncio.run(main())

    def sent(self, name: str, *arguments: Any, **options: Any) -> Any:
        """What the handler gets."""
        seen: list[Any] = []
        self.call(name, *arguments, answers=lambda body, **_: seen.append(body), _options=options)
        return seen[0]


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def ends(request: Any, made: Package) -> Ends:
    return Ends(made, request.param)


def pieces(content: bytes = CONTENT) -> Iterator[bytes]:
    for start in range(0, len(content), 30_000):
        yield content[start : start + 30_000]


async def async_pieces(content: bytes = CONTENT) -> AsyncIterator[bytes]:
    for piece in pieces(content):
        yield piece


class Unseekable(io.BytesIO):
    def seekable(self) -> bool:
        return False


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "chart.bin"
    path.write_bytes(CONTENT)
    return path


SOURCES: dict[str, Callable[[Path], Any]] = {
    "bytes": lambda path: path.read_bytes(),
    "path": lambda path: path,
    "file": lambda path: path.open("rb"),
    "memory": lambda path: io.BytesIO(path.read_bytes()),
    "pipe": lambda path: Unseekable(path.read_bytes()),
    "iterator": lambda path: pieces(path.read_bytes()),
    "list": lambda path: list(pieces(path.read_bytes())),
}
KNOWN = {"bytes", "path", "file", "memory"}


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("name", ["put_chart", "add_chart"])
def test_bytes_are_taken_from_anywhere(ends: Ends, path: Path, kind: str, name: str) -> None:
    told: list[tuple[int, int | None]] = []
    source = SOURCES[kind](path)
    assert ends.sent(name, source, on_progress=lambda *count: told.append(count)) == CONTENT
    total = len(CONTENT) if kind in KNOWN else None
    assert told[-1] == (len(CONTENT), total)
    assert len(told) > 3
    assert [sent for sent, _ in told] == sorted(sent for sent, _ in told)
    if hasattr(source, "close"):
        source.close()


def test_only_an_async_client_sends_what_is_iterated_over_asynchronously(made: Package) -> None:
    assert Ends(made, is_async=True).sent("put_chart", async_pieces()) == CONTENT
    with pytest.raises(RequestError, match="async client"):
        Ends(made, is_async=False).sent("put_chart", async_pieces())


def test_an_open_file_is_read_from_where_it_stands(ends: Ends) -> None:
    file = io.BytesIO(CONTENT)
    file.seek(100)
    assert ends.sent("put_chart", file) == CONTENT[100:]


def test_uploads_are_never_whole_in_memory(made: Package) -> None:
    size, got = 8_000_000, 0

    def endless() -> Iterator[bytes]:
        for _ in range(size // 10_000):
            yield bytes(10_000)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal got
        while (message := await receive())["more_body"]:
            got += len(message["body"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    with made.module.MadeClient(app=app) as client:
        client.put_chart(b"x")
        tracemalloc.start()
        client.put_chart(endless())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert got == size
    assert peak < size / 4


def test_sizes_are_judged_before_or_while_sending(ends: Ends, tmp_path: Path) -> None:
    empty, large = tmp_path / "empty", tmp_path / "large"
    empty.write_bytes(b"")
    large.write_bytes(bytes(9_000_001))

    for source, rule in (
        (empty, "at least 1 bytes, got 0"),
        (large, "at most 9000000 bytes"),
        (iter(()), "at least 1"),
    ):
        with pytest.raises(RequestError, match=rule):
            ends.sent("put_chart", source)

    with pytest.raises(RequestError, match="at most 9000000 bytes"):
        ends.sent("put_chart", iter([bytes(5_000_000)] * 2))


def test_schema_judged_upload_is_read_first(ends: Ends) -> None:
    assert ends.sent("put_word", iter([b"ab", b"c"])) == b"abc"
    with pytest.raises(RequestError, match="pattern"):
        ends.sent("put_word", iter([b"ab", b"C"]))


@pytest.mark.parametrize(
    "source", ["text", 7, {"a": 1}, io.StringIO("text"), Path("/no/such/file"), ["text"]]
)
def test_what_is_no_bytes_is_told(ends: Ends, source: Any) -> None:
    with pytest.raises(RequestError):
        ends.sent("put_chart", source)


def test_the_fault_of_an_iterator_is_the_callers(ends: Ends) -> None:
    def broken() -> Iterator[bytes]:
        yield b"one"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ends.sent("put_chart", broken())


def test_uploads_are_compressed_on_the_way(ends: Ends, path: Path) -> None:
    for source in (path, pieces()):
        seen: list[Any] = []
        ends.call(
            "put_zipped",
            source,
            answers=lambda body, content_encoding, s=seen: s.append(body),
            content_encoding="gzip",
        )
        assert seen == [CONTENT]


@pytest.mark.parametrize("kind", SOURCES)
def test_transports_and_hooks_can_read_it(made: Package, path: Path, kind: str) -> None:
    received: list[Any] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        received.append((request.content, request.headers["host"]))
        return httpx2.Response(204)

    transport = httpx2.MockTransport(answer)
    source = SOURCES[kind](path)
    with made.module.MadeClient(base_url="https://made.test", transport=transport) as client:
        client.put_chart(source)
    assert received == [(CONTENT, "made.test")]
    if hasattr(source, "close"):
        source.close()


class TestForms:
    def form(self, made: Package, **fields: Any) -> Any:
        (model,) = (
            cls for cls in vars(made.models).values() if "pages" in getattr(cls, "model_fields", {})
        )
        return model(name="n", **fields)

    @pytest.mark.parametrize("kind", SOURCES)
    def test_files_are_taken_from_anywhere(self, ends: Ends, path: Path, kind: str) -> None:
        source = SOURCES[kind](path)
        form = self.form(
            ends.package, chart=File(source, "a.bin"), pages=[File(path), File(b"last")]
        )
        arrived = ends.sent("add_form", form)
        assert arrived.chart == File(CONTENT, "a.bin")
        assert [page.content for page in arrived.pages] == [CONTENT, b"last"]
        if hasattr(source, "close"):
            source.close()

    def test_a_path_names_its_file(self, ends: Ends, path: Path) -> None:
        arrived = ends.sent("add_form", self.form(ends.package, chart=File.of(path)))
        assert (arrived.chart.filename, arrived.chart.content) == ("chart.bin", CONTENT)

    def test_sizes_are_held_to_the_contract(self, ends: Ends, tmp_path: Path) -> None:
        short = tmp_path / "short"
        short.write_bytes(b"x")
        with pytest.raises(RequestError, match=r"at /chart.*at least 2 bytes"):
            ends.sent("add_form", self.form(ends.package, chart=File(short)))
        with pytest.raises(RequestError, match="at most 300000 bytes"):
            ends.sent("add_form", self.form(ends.package, chart=File(iter([CONTENT, CONTENT]))))


class TestDownloads:
    def taken(self, ends: Ends, answers: Any, take: Callable[[Any], Any], **options: Any) -> Any:
        """What `take` makes of a download; for the async client it gives a coroutine."""
        made = handler(get_chart=answers)
        if not ends.is_async:
            with (
                ends.package.client(made, **options) as client,
                client.with_streaming_response.get_chart(part="a") as answer,
            ):
                return take(answer)

        async def main() -> Any:
            async with (
                ends.package.async_client(made, **options) as client,
                client.with_streaming_response.get_chart(part="a") as answer,
            ):
                return await take(answer)

        return asyncio.run(main())

    def read(self, ends: Ends, answers: Any, **options: Any) -> Any:
        return self.taken(ends, answers, lambda answer: answer.read(), **options)

    @pytest.mark.parametrize("kind", SOURCES)
    def test_a_handler_answers_from_anywhere(self, ends: Ends, path: Path, kind: str) -> None:
        assert self.read(ends, lambda part: SOURCES[kind](path)) == CONTENT
        assert ends.call("get_chart", answers=lambda part: SOURCES[kind](path)) == CONTENT

    @pytest.mark.parametrize("again", ["read", "save"])
    def test_it_is_read_once(self, ends: Ends, tmp_path: Path, again: str) -> None:
        path = tmp_path / "chart"

        def twice(answer: Any) -> Any:
            read = answer.read if again == "read" else lambda: answer.save(path)

            async def later() -> None:
                await answer.save(path)
                await read()

            return later() if ends.is_async else (answer.save(path), read())

        with pytest.raises(RuntimeError, match="the body of this answer is gone"):
            self.taken(ends, lambda part: CONTENT, twice)
        assert [file.read_bytes() for file in tmp_path.iterdir()] == [CONTENT]

    def test_it_is_read_within_its_with(self, ends: Ends, tmp_path: Path) -> None:
        def first(answer: Any) -> Any:
            async def later() -> Any:
                await anext(aiter(answer))
                return answer

            return later() if ends.is_async else (next(iter(answer)), answer)[1]

        answer = self.taken(ends, lambda part: CONTENT, first)

        async def save() -> None:
            await answer.save(tmp_path / "chart")

        with pytest.raises(RuntimeError, match="the body of this answer is gone"):
            asyncio.run(save()) if ends.is_async else answer.save(tmp_path / "chart")
        assert list(tmp_path.iterdir()) == []

    def test_what_is_known_before_the_body(self, ends: Ends) -> None:
        def look(answer: Any) -> Any:
            seen = (answer.status, answer.headers["x-pages"], answer.header_values, answer.length)

            async def later() -> Any:
                return seen

            return later() if ends.is_async else seen

        seen = self.taken(ends, lambda part: Response(CONTENT, headers={"X-Pages": 7}), look)
        assert seen == (200, "7", {"x_pages": 7}, len(CONTENT))

    def test_pieces_arrive_as_they_are_given(self, ends: Ends) -> None:
        given = threading.Semaphore(1)

        def give(part: str) -> Iterator[bytes]:
            for piece in (b"one", b"two"):
                assert given.acquire(timeout=10)
                yield piece

        def take(answer: Any) -> Any:
            async def later() -> Any:
                got = []
                async for piece in answer:
                    got.append(piece)
                    given.release()
                return got

            def now() -> Any:
                got = []
                for piece in answer:
                    got.append(piece)
                    given.release()
                return got

            return later() if ends.is_async else now()

        assert self.taken(ends, give, take) == [b"one", b"two"]

    def test_a_file_is_saved_whole_or_not_at_all(self, ends: Ends, tmp_path: Path) -> None:
        told: list[tuple[int, int | None]] = []
        target = tmp_path / "saved.bin"

        def broken(part: str) -> Iterator[bytes]:
            yield CONTENT
            raise ZeroDivisionError

        save = lambda answer: answer.save(target, on_progress=lambda *count: told.append(count))  # noqa: E731
        with pytest.raises(NoAnswer):
            self.taken(ends, broken, save)

        assert list(tmp_path.iterdir()) == []
        assert self.taken(ends, lambda part: CONTENT, save) == len(CONTENT)
        assert target.read_bytes() == CONTENT
        assert told[-1] == (len(CONTENT), len(CONTENT))

    def test_errors_are_raised_as_ever(self, ends: Ends) -> None:
        def none(part: str) -> Any:
            raise ends.package.errors.GetChartNotFound({})

        with pytest.raises(ends.package.errors.GetChartNotFound):
            self.read(ends, none)

    def test_an_answer_that_is_too_long(self, ends: Ends) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            headers = [(b"content-type", b"application/octet-stream")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            while True:
                await send(
                    {"type": "http.response.body", "body": bytes(1_000_000), "more_body": True}
                )

        with pytest.raises(UnexpectedAnswer, match="at most 9000000"):
            self.read(ends, None, app=app)

    @pytest.mark.parametrize("cut", [0, 20])
    def test_a_coded_answer_is_read_to_its_end(self, ends: Ends, cut: int) -> None:
        zipped = gzip.compress(CONTENT[:1000] * 1000)

        async def app(scope: Any, receive: Any, send: Any) -> None:
            headers = [
                (b"content-type", b"application/octet-stream"),
                (b"content-encoding", b"gzip"),
            ]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": zipped[: len(zipped) - cut]})

        if cut:
            with pytest.raises(UnexpectedAnswer, match="content coding") as caught:
                self.read(ends, None, app=app)
            assert caught.value.request is not None
        else:
            assert self.read(ends, None, app=app) == CONTENT[:1000] * 1000

    def test_the_deadline_is_that_of_the_whole_body(self, ends: Ends) -> None:
        async def drip(part: str) -> AsyncIterator[bytes]:
            while True:
                yield b"x"
                await asyncio.sleep(0.02)

        with pytest.raises(NoAnswerInTime):
            self.read(ends, drip, timeout=Timeout(total=0.3))

    def test_only_bytes_can_be_streamed(self, ends: Ends) -> None:
        if not ends.is_async:
            with (
                ends.package.client(handler(put_chart=lambda body: None)) as client,
                pytest.raises(AttributeError, match="put_chart"),
                client.with_streaming_response.put_chart(b"x"),
            ):
                pass
