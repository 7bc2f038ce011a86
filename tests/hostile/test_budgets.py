"""How many values a body may have: small ones cost a hundred times their bytes, in time and in memory."""

from __future__ import annotations

import asyncio
import gc
import gzip
import tracemalloc
from typing import Any

import httpx2
import pytest

from bothends.runtime import UnexpectedAnswer
from bothends.runtime.json.budget import excess, reading
from bothends.runtime.json.text import JsonTextError, read_json
from tests.growth import growth
from tests.packages import import_files, make

CONTRACT = """\
openapi: 3.1.0
info: {title: Sheds, version: '1'}
paths:
  /sheds:
    post:
      operationId: putSheds
      requestBody:
        content:
          application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Shed'}}}
          application/jsonl: {itemSchema: {$ref: '#/components/schemas/Shed'}}
          text/event-stream: {itemSchema: {type: string}}
          multipart/form-data: {schema: {type: object, properties: {a: {}}}, encoding: {a: {contentType: application/json}}}
      responses: {'204': {description: Put.}, '400': {description: Wrong.}}
  /sheds/all:
    get:
      operationId: allSheds
      responses:
        '200': {description: Sheds., content: {application/json: {schema: {type: array, items: {type: object}}}}}
components: {schemas: {Shed: {type: object, properties: {name: {type: string}}}}}
"""
SIZE = 16 * 1024 * 1024 - 100
OBJECTS = 16 * 1024 * 1024 // 64


def filled(item: bytes) -> bytes:
    return b"[" + item * (SIZE // len(item)) + b"1]"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("sheds")
    return import_files(folder, make(folder, CONTRACT).files)


class Sheds:
    async def put_sheds(self, **_: object) -> None:
        return None


@pytest.fixture(scope="module")
def app(package: Any) -> Any:
    return package.create_app(Sheds())


def post(app: Any, kind: str, body: bytes, coding: str = "identity") -> int:
    async def call() -> int:
        transport = httpx2.ASGITransport(app)
        headers = {"content-type": kind, "content-encoding": coding}
        async with httpx2.AsyncClient(transport=transport, base_url="http://a") as client:
            answer = await client.post("/sheds", content=body, headers=headers)
        return int(answer.status_code)

    return asyncio.run(call())


BODIES = {
    "objects": ("application/json", lambda: filled(b"{},")),
    "lists": ("application/json", lambda: filled(b"[1],")),
    "numbers": ("application/json", lambda: filled(b"1,")),
    "names": ("application/json", lambda: b'{"a":1,' * 2 + b'"b":1,' * (SIZE // 6) + b'"a":1}}'),
    "lines": ("application/jsonl", lambda: b"{}\n" * (SIZE // 3)),
    "numbers in lines": ("application/jsonl", lambda: b"1\n" * (SIZE // 2)),
    "events": ("text/event-stream", lambda: b"data\n\n" * (SIZE // 6)),
    "events ended by returns": ("text/event-stream", lambda: b"data\r\r" * (SIZE // 6)),
    "a part": (
        "multipart/form-data; boundary=x",
        lambda: (
            b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n"
            + filled(b"{},")[:-200]
            + b"1]\r\n--x--"
        ),
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_many_small_values_are_refused_before_they_cost(app: Any, name: str) -> None:
    kind, body = BODIES[name]
    content = gzip.compress(body(), 1)
    assert post(app, kind, b"") < 500
    tracemalloc.start()
    try:
        assert post(app, kind, content, "gzip") == 400
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # The body as it was sent, inflated, and at most two copies of it.
    assert peak < 120_000_000


def test_as_many_as_the_budget_says_are_taken(app: Any) -> None:
    body = b"[" + b"{}," * (OBJECTS - 2) + b"{}]"
    assert post(app, "application/json", body) == 204
    assert post(app, "application/json", body[:-1] + b",{}]") == 400
    assert gc.isenabled()


def test_whoever_takes_larger_bodies_takes_more_values(package: Any) -> None:
    body = b"[" + b"{}," * OBJECTS + b"{}]"
    assert post(package.create_app(Sheds(), max_body=1_000), "application/json", b"[{}]") == 204
    assert post(package.create_app(Sheds(), max_body=SIZE * 2), "application/json", body) == 204


@pytest.mark.parametrize(
    "text",
    [
        b'["' + b"[" * 400_000 + b'"]',
        b'["' + b"{," * 1_200_000 + b'"]',
        b'["' + b'\\"[' * 400_000 + b'"]',
        b'["' + b"\\\\" * 3 + b'","' + b"[" * 400_000 + b'"]',
        b"[" + b'"[",' * 400_000 + b"1]",
        b'["' + b"\\u005b[" * 400_000 + b'"]',
    ],
)
def test_what_stands_in_texts_is_not_counted(text: bytes) -> None:
    with reading(text, SIZE):
        assert excess(text) is None
        assert isinstance(read_json(text), list)


@pytest.mark.parametrize(
    "text",
    [
        b'["' + b"\\\\" * 400_000 + b'"' + b",[]" * 300_000 + b"]",
        b"[" + b'"",[],' * 300_000 + b"1]",
        b"[" + b'"[",[],' * 300_000 + b"1]",
        b'[{"a":1}' + b',{"a":"["}' * 300_000 + b"]",
    ],
)
def test_what_stands_beside_texts_is_counted(text: bytes) -> None:
    with reading(text, 0), pytest.raises(JsonTextError, match="262144 arrays and objects"):
        read_json(text)


@pytest.mark.parametrize("item", [b'"[",', b"[],", b'"\\"",', b'"\\\\",{},', b"1,"])
def test_counting_grows_with_the_text(item: bytes) -> None:
    texts = {size: item * size for size in (1_100_000, 4_400_000)}

    def count(size: int) -> None:
        with reading(texts[size], SIZE):
            excess(texts[size])

    assert growth(count, 1_100_000, 4_400_000) < 10


def test_an_answer_has_a_budget_too(package: Any) -> None:
    body = b"[" + b"{}," * 300_000 + b"{}]"
    headers = {"content-type": "application/json"}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, headers=headers, content=body))
    with package.MadeClient(base_url="http://a", transport=transport, responses="strict") as client:
        assert len(client.all_sheds()) == 300_001
        small = client.with_options(max_answer=len(body))
        with pytest.raises(UnexpectedAnswer, match="262144 arrays and objects"):
            small.all_sheds()
        assert len(client.with_options(max_answer=None).all_sheds()) == 300_001
