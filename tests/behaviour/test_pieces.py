"""Replies that are sent piece by piece: files, iterators, what is compressed, and what breaks off."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.packages import handler, send
from typing_extensions import override

from bothends.runtime import File, Response

FILES = """
paths:
  /free:
    get:
      operationId: fetchFree
      responses:
        '200':
          description: Any bytes.
          headers: {Content-Encoding: {schema: {type: string}}}
          content: {application/pdf: {schema: {type: string, format: binary, title: A file}}}
  /short:
    get:
      operationId: fetchShort
      responses: {'200': {description: Few bytes., content: {application/pdf: {schema: {type: string, maxLength: 4}}}}}
  /even:
    get:
      operationId: fetchEven
      responses: {'200': {description: Judged whole., content: {application/pdf: {schema: {type: string, pattern: '^..$'}}}}}
  /form:
    get:
      operationId: fetchForm
      responses:
        '200':
          description: Files.
          headers: {X-Pages: {required: true, schema: {type: integer}}}
          content: {multipart/form-data: {schema: {type: object, properties: {one: {type: string, format: binary}, some: {type: array, items: {type: string, format: binary}}}}}}
  /lines:
    get:
      operationId: listTides
      responses:
        '200':
          description: A tide per line.
          content: {application/x-ndjson: {schema: {type: object, properties: {height: {type: number, maximum: 9}}}}}
"""


@pytest.fixture(scope="module")
def files(made_once):
    return made_once(FILES)


def get(app: Any, path: str, *, method: str = "GET", leave_after: int = 0) -> list[dict[str, Any]]:
    """What the app sends; the caller goes away after so many messages, if at all."""
    sent: list[dict[str, Any]] = []

    async def call() -> None:
        gone = asyncio.Event()

        async def receive() -> dict[str, Any]:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def take(message: dict[str, Any]) -> None:
            sent.append(message)
            if len(sent) == leave_after:
                gone.set()
            await asyncio.sleep(0)

        await app({"type": "http", "method": method, "path": path, "headers": []}, receive, take)

    asyncio.run(call())
    return sent


def headers(sent: list[dict[str, Any]]) -> dict[bytes, bytes]:
    return dict(sent[0]["headers"])


@pytest.mark.parametrize("source", ["path", "file", "memory"])
def test_a_file_is_sent_from_where_it_stands(files, tmp_path: Path, source: str):
    content = bytes(range(256)) * 4000
    (tmp_path / "tide.pdf").write_bytes(content)
    made: Any = tmp_path / "tide.pdf"

    if source != "path":
        made = made.open("rb") if source == "file" else io.BytesIO(content)
        made.read(56)

    sent = get(files.app(handler(fetch_free=lambda: made)), "/free")
    assert (
        b"".join(part.get("body", b"") for part in sent) == content[0 if source == "path" else 56 :]
    )
    assert (
        headers(sent)[b"content-length"]
        == str(len(content) - (0 if source == "path" else 56)).encode()
    )
    assert len(sent) > 3
    assert source == "path" or made.closed


def test_missing_file_is_a_server_fault(files, tmp_path: Path, caplog):
    app = files.app(handler(fetch_free=lambda: tmp_path / "none.pdf"))
    assert send(app, "GET", "/free").status_code == 500
    assert f"the file {tmp_path / 'none.pdf'} cannot be read: No such file" in caplog.text


def test_bounded_file_is_judged_before_sending(files, caplog):
    assert (
        send(files.app(handler(fetch_short=lambda: io.BytesIO(b"1234"))), "GET", "/short").content
        == b"1234"
    )
    assert (
        send(
            files.app(handler(fetch_short=lambda: io.BytesIO(b"12345"))), "GET", "/short"
        ).status_code
        == 500
    )
    unchecked = files.app(handler(fetch_short=lambda: io.BytesIO(b"12345")), check_replies=False)
    assert send(unchecked, "GET", "/short").content == b"12345"


def test_head_opens_a_file_and_reads_none_of_it(files, tmp_path: Path):
    (tmp_path / "tide.pdf").write_bytes(b"tide")
    file = (tmp_path / "tide.pdf").open("rb")
    sent = get(files.app(handler(fetch_free=lambda: file)), "/free", method="HEAD")
    assert headers(sent)[b"content-length"] == b"4"
    assert [part.get("body") for part in sent[1:]] == [b""]
    assert file.closed


class Worn(io.BytesIO):
    """A file that fails in the middle."""

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > 0:
            raise OSError("worn")
        return super().read(4)


class TestFilesAreClosed:
    @pytest.mark.parametrize("pages", [{"X-Pages": 2}, {}])
    def test_those_of_a_form(self, files, pages: dict[str, object]):
        opened = [io.BytesIO(b"tide"), io.BytesIO(b"moon"), io.BytesIO(b"sun")]
        answer = {"one": File(opened[0]), "some": [File(opened[1]), File(opened[2])]}
        reply = send(
            files.app(handler(fetch_form=lambda: Response(answer, headers=pages))), "GET", "/form"
        )
        assert reply.status_code == (200 if pages else 500)
        assert (b"moon" in reply.content) is bool(pages)
        assert all(file.closed for file in opened)

    @pytest.mark.parametrize(
        ("name", "content", "status"),
        [("short", b"12345", 500), ("even", b"1", 500), ("even", b"12", 200), ("form", b"1", 500)],
    )
    def test_those_of_an_answer_that_is_not_sent_from_them(
        self, files, name: str, content: bytes, status: int
    ):
        file = io.BytesIO(content)
        app = files.app(handler(**{f"fetch_{name}": lambda: file}))
        assert send(app, "GET", f"/{name}").status_code == status
        assert file.closed

    def test_one_that_fails_as_it_is_sent(self, files):
        file = Worn(b"tides and moons")
        with pytest.raises(OSError, match="worn"):
            get(files.app(handler(fetch_free=lambda: file)), "/free")
        assert file.closed


def test_pieces_that_are_said_to_be_compressed_are(files):
    def give() -> Iterator[bytes]:
        yield b"one"
        yield b"two"

    app = files.app(handler(fetch_free=lambda: Response(give(), 200, {"Content-Encoding": "gzip"})))
    parts = [part["body"] for part in get(app, "/free")[1:]]
    reading = zlib.decompressobj(wbits=31)
    assert [reading.decompress(part) for part in parts[:2]] == [b"one", b"two"], (
        "each can be read when it has come"
    )
    assert reading.decompress(b"".join(parts[2:])) == b""
    assert reading.eof


@pytest.mark.parametrize("kind", ["async", "plain"])
def test_who_leaves_lets_the_iterator_end_as_it_likes(files, kind: str):
    ended: list[str] = []

    async def give() -> AsyncIterator[dict[str, int]]:
        try:
            while True:
                yield {"height": 1}
                await asyncio.sleep(0.001)
        finally:
            await asyncio.sleep(0.01)
            await asyncio.sleep(0.01)
            ended.append("async")

    def give_plainly() -> Iterator[dict[str, int]]:
        try:
            while True:
                yield {"height": 1}
        finally:
            ended.append("plain")

    app = files.app(handler(list_tides=give if kind == "async" else give_plainly))
    get(app, "/lines", leave_after=3)
    assert ended == [kind]


def test_an_iterator_that_will_not_end_is_not_listened_to(files):
    given: list[int] = []

    class Stubborn:
        def __aiter__(self) -> Stubborn:
            return self

        async def __anext__(self) -> dict[str, int]:
            given.append(1)
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0.01)
            return {"height": 1}

    async def give() -> Stubborn:
        return Stubborn()

    get(files.app(handler(list_tides=give)), "/lines", leave_after=2)
    assert len(given) < 4


def test_wrong_item_ends_stream_and_iterator(files, caplog):
    ended: list[bool] = []

    async def give() -> AsyncIterator[dict[str, int]]:
        try:
            for height in (1, 10, 2):
                yield {"height": height}
        finally:
            ended.append(True)

    caplog.set_level(logging.ERROR)
    with pytest.raises(Exception, match="/height: must be at most 9"):
        get(files.app(handler(list_tides=give)), "/lines")

    assert ended == [True]
    assert "the stream broke off" in caplog.text
