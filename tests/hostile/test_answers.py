"""What a server may answer to harm its caller: a value comes out, or an error of ours."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bothends.runtime import BothendsError, Retries, Timeout
from tests.packages import Package, import_files, make
from tests.runtime.faulty_server import FaultyServer, sends_and_closes

CONTRACT = """
components:
  securitySchemes: {key: {type: apiKey, in: header, name: Api-Key}}
security: [{key: []}]
paths:
  /piers:
    get:
      operationId: listPiers
      x-pagination: {items: $response.body, link: next}
      parameters: [{name: page, in: query, schema: {type: integer}}]
      responses:
        '200':
          description: Piers.
          headers: {Count: {schema: {type: integer}}, Link: {schema: {type: string}}}
          content: {application/json: {schema: {type: array, items: {type: object}}}}
        '429': {description: Later., content: {application/problem+json: {schema: {type: object}}}}
  /piers/events:
    get:
      operationId: watchPiers
      responses: {'200': {description: Events., content: {text/event-stream: {itemSchema: {type: object}}}}}
  /piers/lines:
    get:
      operationId: readPiers
      responses: {'200': {description: Lines., content: {application/jsonl: {itemSchema: {type: object}}}}}
  /piers/parts:
    get:
      operationId: fetchPiers
      responses:
        '200':
          description: Parts.
          content:
            multipart/form-data: {schema: {type: object, properties: {a: {type: string}}}}
            application/x-www-form-urlencoded: {schema: {type: object}}
"""
JSON = b"content-type: application/json\r\n"
SECRET = "s3cret-of-piers"


def answer(headers: bytes = JSON, body: bytes = b"[]", line: bytes = b"200 OK") -> bytes:
    length = b"content-length: %d\r\nconnection: close\r\n\r\n" % len(body)
    return b"HTTP/1.1 " + line + b"\r\n" + headers + length + body


def coded(coding: bytes, body: bytes) -> bytes:
    return answer(JSON + b"content-encoding: " + coding + b"\r\n", body)


def chunked(text: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + JSON + b"transfer-encoding: chunked\r\n\r\n" + text


def bomb(wraps: int) -> bytes:
    content = bytes(50_000_000)
    for _ in range(wraps):
        content = gzip.compress(content, 9)
    return content


ANSWERS: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no HTTP": lambda: b"SSH-2.0-OpenSSH\r\n",
    "zeros": lambda: bytes(100_000),
    "status of letters": lambda: answer(line=b"abc OK"),
    "status 999": lambda: answer(line=b"999 OK"),
    "status 000": lambda: answer(line=b"000 OK"),
    "status 101": lambda: answer(b"upgrade: a\r\n", line=b"101 Switch"),
    "many interim": lambda: b"HTTP/1.1 103 Hints\r\n\r\n" * 2_000 + answer(),
    "reason of bytes": lambda: answer(line=b"200 \xff\x1b[31m"),
    "header flood": lambda: answer(JSON + b"a: b\r\n" * 50_000),
    "long header": lambda: answer(JSON + b"a: " + b"b" * 2_000_000 + b"\r\n"),
    "header of bytes": lambda: answer(JSON + b"count: \xff\xfe\r\n"),
    "header of digits": lambda: answer(JSON + b"count: " + b"9" * 9_000 + b"\r\n"),
    "header of controls": lambda: answer(JSON + b"count: a\x00b\r\n"),
    "two lengths": lambda: answer(JSON + b"content-length: 1\r\n"),
    "negative length": lambda: b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
    "too long": lambda: b"HTTP/1.1 200 OK\r\n" + JSON + b"content-length: 99\r\n\r\n[]",
    "no type": lambda: answer(b""),
    "type of junk": lambda: answer(b"content-type: ;;=\xff\r\n"),
    "two types": lambda: answer(JSON + b"content-type: text/html\r\n"),
    "other type": lambda: answer(b"content-type: text/html\r\n", b"<script>"),
    "charset of junk": lambda: answer(b"content-type: application/json; charset=rot13\r\n"),
    "gzip that is none": lambda: coded(b"gzip", b"[]"),
    "gzip cut": lambda: coded(b"gzip", gzip.compress(b"[]")[:-9]),
    "gzip bomb": lambda: coded(b"gzip", bomb(1)),
    "gzip of gzip": lambda: coded(b"gzip, gzip", bomb(2)),
    "many codings": lambda: coded(b"gzip, " * 500 + b"gzip", b"[]"),
    "deflate bomb": lambda: coded(b"deflate", zlib.compress(bytes(50_000_000), 9)),
    "unknown coding": lambda: coded(b"\xff", b"[]"),
    "brotli that is none": lambda: coded(b"br", b"[]"),
    "zstd that is none": lambda: coded(b"zstd", b"[]"),
    "chunk of letters": lambda: chunked(b"zz\r\n"),
    "chunk without end": lambda: chunked(b"ff\r\n[]"),
    "huge chunk": lambda: chunked(b"f" * 40 + b"\r\n[]"),
    "chunk extension": lambda: chunked(b"2;" + b"a" * 1_000_000 + b"\r\n[]\r\n0\r\n\r\n"),
    "trailers": lambda: chunked(b"2\r\n[]\r\n0\r\n" + b"a: b\r\n" * 50_000 + b"\r\n"),
    "empty": lambda: answer(body=b""),
    "deep JSON": lambda: answer(body=b"[" * 500_000),
    "digits": lambda: answer(body=b"[" + b"9" * 100_000 + b"]"),
    "exponent": lambda: answer(body=b"[1e999999999]"),
    "not a number": lambda: answer(body=b"[NaN]"),
    "bytes": lambda: answer(body=b'["\xff\xed\xa0\x80"]'),
    "surrogate": lambda: answer(body=b'[{"a": "\\ud800"}]'),
    "same names": lambda: answer(body=b'[{"a": 1, "a": 2}]'),
    "too much": lambda: answer(body=b"[" + b"{}," * 1_000_000 + b"{}]"),
    "cookies": lambda: answer(
        JSON + b"set-cookie: a=\xff; domain=.; max-age=" + b"9" * 5_000 + b"\r\n"
    ),
    "cookie flood": lambda: answer(JSON + b"set-cookie: a=b\r\n" * 5_000),
    "redirect to itself": lambda: answer(b"location: /piers\r\n", b"", b"302 Found"),
    "redirect to a file": lambda: answer(b"location: file:///etc/passwd\r\n", b"", b"302 Found"),
    "redirect to junk": lambda: answer(b"location: http://[::\xff\r\n", b"", b"302 Found"),
    "redirect to a port": lambda: answer(b"location: http://a:99999/\r\n", b"", b"307 Found"),
    "redirect to nothing": lambda: answer(b"", b"", b"308 Found"),
    "link to a file": lambda: answer(JSON + b"link: <file:///etc/passwd>; rel=next\r\n", b"[{}]"),
    "link to another": lambda: answer(
        JSON + b'link: <http://127.0.0.1:9/>; rel="next"\r\n', b"[{}]"
    ),
    "link to itself": lambda: answer(JSON + b"link: </piers>; rel=next\r\n", b"[{}]"),
    "link of junk": lambda: answer(JSON + b"link: <//[\xff>; rel=next\r\n", b"[{}]"),
    "retry of junk": lambda: answer(b"retry-after: \xff\r\n", b"", b"429 Later"),
    "retry of digits": lambda: answer(b"retry-after: " + b"9" * 5_000 + b"\r\n", b"", b"429 Later"),
    "retry of dates": lambda: answer(
        b"retry-after: Mon, 01 Jan 99999999999999999999 00:00:00 GMT\r\n", b"", b"429 Later"
    ),
    "retry of zones": lambda: answer(
        b"retry-after: Mon, 01 Jan 0001 00:00:00 +9999\r\n", b"", b"503 Later"
    ),
    "problem of junk": lambda: answer(
        b"content-type: application/problem+json\r\n", b'{"title": "\x1b[31m\\u0000"}', b"429 Later"
    ),
    "events of junk": lambda: answer(
        b"content-type: text/event-stream\r\n", b"data\xff: \xfe\nretry: 9999\nid: \x00\n\n" * 50
    ),
    "retry of an event": lambda: answer(
        b"content-type: text/event-stream\r\n", b"retry: " + b"9" * 5_000 + b"\n\n"
    ),
    "event without end": lambda: answer(
        b"content-type: text/event-stream\r\n", b"data: " + b"a" * 3_000_000
    ),
    "lines of junk": lambda: answer(b"content-type: application/jsonl\r\n", b"[[[\n\xff\n{}\n"),
    "line without end": lambda: answer(b"content-type: application/jsonl\r\n", b"[" * 3_000_000),
    "parts of junk": lambda: answer(
        b"content-type: multipart/form-data; boundary=x\r\n", b"--x\r\n\xff: \r\n\r\n--x"
    ),
    "no boundary": lambda: answer(b"content-type: multipart/form-data\r\n", b"--x--"),
    "form of junk": lambda: answer(
        b"content-type: application/x-www-form-urlencoded\r\n", b"a=%ff&%&=&" * 1_000
    ),
}


@pytest.fixture(scope="module")
def piers(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("piers")
    made = make(folder, CONTRACT)
    return Package(import_files(folder, made.files), made)


def options(server: FaultyServer) -> dict[str, Any]:
    return {
        "base_url": server.url,
        "key": SECRET,
        "max_answer": 1_000_000,
        "retries": Retries(2, base=0),
        "timeout": Timeout(total=5),
        "responses": "strict",
    }


def call(client: Any, name: str) -> None:
    found = getattr(client, name)()
    if name != "fetch_piers":
        for number, _ in enumerate(found):
            assert number < 100


async def call_async(client: Any, name: str) -> None:
    found = getattr(client, name)()
    if name == "fetch_piers":
        await found
        return
    number = 0
    async for _ in found:
        number += 1
        assert number < 100


def test_an_honest_answer_is_a_value(piers: Package) -> None:
    """Else the next test would hold of a client that takes nothing at all."""
    with (
        FaultyServer(sends_and_closes(answer(body=b"[{}]"))) as server,
        piers.module.MadeClient(**options(server)) as client,
    ):
        assert len(list(client.iterate_piers())) == 1


@pytest.mark.parametrize("name", ANSWERS)
def test_any_answer_is_a_value_or_an_error(piers: Package, name: str) -> None:
    with FaultyServer(sends_and_closes(ANSWERS[name]())) as server:
        for operation in ("iterate_piers", "watch_piers", "read_piers", "fetch_piers"):
            with piers.module.MadeClient(**options(server)) as client, own_errors():
                call(client, operation)

        async def run() -> None:
            async with piers.module.AsyncMadeClient(**options(server)) as client:
                await call_async(client, "iterate_piers")

        with own_errors():
            asyncio.run(run())


@contextmanager
def own_errors() -> Iterator[None]:
    try:
        yield
    except BothendsError as error:
        text = f"{error} {error!r}"
        assert SECRET not in text
        assert "\x1b" not in text
        assert len(text) < 20_000
