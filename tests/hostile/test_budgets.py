"""How many values a body may have: small ones cost a hundred times their bytes, in time and in memory."""

from __future__ import annotations

import gc
import gzip
import json
import tracemalloc
from typing import Any

import httpx2
import pytest

from bothends.runtime import UnexpectedAnswer
from bothends.runtime.json.budget import (
    CHOICES,
    COLLECTIONS,
    DIGITS,
    MAX_ANSWER,
    MAX_BODY,
    VALUES,
    excess,
    reading,
)
from bothends.runtime.json.text import JsonTextError, read_json, read_strictly
from tests.growth import growth

from .served import Sheds, app_of, package_of, post

CONTRACT = """\
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


def filled(item: bytes) -> bytes:
    return b"[" + item * (SIZE // len(item)) + b"1]"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("sheds")
    return package_of(folder, CONTRACT)


@pytest.fixture(scope="module")
def app(package: Any) -> Any:
    return package.create_app(Sheds())


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
    body = b"[" + b"{}," * (COLLECTIONS - 2) + b"{}]"
    assert post(app, "application/json", body) == 204
    assert post(app, "application/json", body[:-1] + b",{}]") == 400
    assert gc.isenabled()


def test_whoever_takes_larger_bodies_takes_more_values(package: Any) -> None:
    body = b"[" + b"{}," * COLLECTIONS + b"{}]"
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
    with reading(text, SIZE, MAX_BODY):
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
    with reading(text, 0, MAX_BODY), pytest.raises(JsonTextError, match="arrays and objects"):
        read_json(text)


@pytest.mark.parametrize("item", [b'"[",', b"[],", b'"\\"",', b'"\\\\",{},', b"1,"])
def test_counting_grows_with_the_text(item: bytes) -> None:
    texts = {size: item * size for size in (1_100_000, 4_400_000)}

    def count(size: int) -> None:
        with reading(texts[size], SIZE, MAX_BODY):
            excess(texts[size])

    assert growth(count, 1_100_000, 4_400_000) < 10


def test_an_answer_has_a_budget_too(package: Any) -> None:
    body = b"[" + b"{}," * 300_000 + b"{}]"
    headers = {"content-type": "application/json"}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, headers=headers, content=body))
    with package.MadeClient(base_url="http://a", transport=transport, responses="strict") as client:
        with pytest.raises(
            UnexpectedAnswer, match=f"{COLLECTIONS} arrays and objects; a larger max_answer"
        ):
            client.all_sheds()
        larger = client.with_options(max_answer=MAX_ANSWER.usual * 3)
        assert len(larger.all_sheds()) == 300_001
        assert len(client.with_options(max_answer=None).all_sheds()) == 300_001


SHEDS = b"[" + b"{}," * 1_000 + b"{}]"
MANY = COLLECTIONS // 1_000 + 1
# Each of the texts is small, and all together are too many.
PIECES = {
    "parts": (
        "multipart/form-data; boundary=x",
        b"".join(
            b"--x\r\nContent-Disposition: form-data; name=b\r\n\r\n%s\r\n" % SHEDS
            for _ in range(MANY)
        )
        + b"--x--",
    ),
    "fields": ("application/x-www-form-urlencoded", b"&".join([b"b=" + SHEDS] * MANY)),
    # A quote in a comment is none of JSON's.
    "events": ("text/event-stream", b': "\n' + b"data: %s\n\n" % SHEDS * MANY),
    "lines": ("application/jsonl", (SHEDS + b"\n") * MANY),
}
PIECEMEAL = """\
paths:
  /sheds:
    post:
      operationId: putSheds
      requestBody:
        content:
          application/jsonl: {itemSchema: {}}
          text/event-stream:
            itemSchema: {type: object, properties: {data: {contentMediaType: application/json, contentSchema: {}}}}
          multipart/form-data: &form
            schema: {type: object, properties: {b: {type: array, items: {}}}}
            encoding: {b: {contentType: application/json}}
          application/x-www-form-urlencoded: *form
      responses: {'204': {description: Put.}, '400': {description: Wrong.}}
"""


@pytest.mark.parametrize("name", PIECES)
def test_the_pieces_of_a_body_are_counted_together(tmp_path: Any, name: str) -> None:
    app = app_of(tmp_path, PIECEMEAL)
    kind, body = PIECES[name]
    assert post(app, kind, body) == 400
    fewer = body.replace(SHEDS, b"[1]", MANY // 2)
    assert post(app, kind, fewer) == 204


UNION = """\
paths:
  /sheds:
    post:
      operationId: putSheds
      requestBody: {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Any'}}}}}
      responses: {'204': {description: Put.}, '400': {description: Wrong.}}
  /sheds/all:
    get:
      operationId: allSheds
      responses:
        '200': {description: Sheds., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Any'}}}}}
components:
  schemas:
    Any: {anyOf: [MEMBERS]}
    A: {type: object, properties: {a: {type: string}}}
"""


def test_members_of_unions_have_a_budget(tmp_path: Any) -> None:
    members = [f"{{type: object, required: [m{n}], properties: {{m{n}: {{}}}}}}" for n in range(60)]
    contract = UNION.replace("MEMBERS", ", ".join([*members, "{$ref: '#/components/schemas/A'}"]))
    package = package_of(tmp_path, contract)
    few, many = b'{"a":"b"},' * (CHOICES // 61 - 2), b'{"a":"b"},' * (CHOICES // 61 + 2)
    app = package.create_app(Sheds())
    assert post(app, "application/json", b"[" + few + b"{}]") == 204
    assert post(app, "application/json", b"[" + many + b"{}]") == 400
    larger = package.create_app(Sheds(), max_body=SIZE * 2)
    assert post(larger, "application/json", b"[" + many + b"{}]") == 204

    answer = httpx2.Response(200, json=[{"a": "b"}] * (CHOICES // 61 + 2))
    transport = httpx2.MockTransport(lambda _: answer)
    with package.MadeClient(base_url="http://a", transport=transport) as client:
        with pytest.raises(UnexpectedAnswer, match="members of unions; a larger max_answer"):
            client.all_sheds()
        unbounded = client.with_options(max_answer=None)
        assert len(unbounded.all_sheds()) == CHOICES // 61 + 2


TREE = """{anyOf: [
  {type: object, required: [other], properties: {left: {$ref: '#/components/schemas/Any'}}},
  {type: object, properties: {left: {$ref: '#/components/schemas/Any'}, note: {type: string}}}]}"""


def test_parts_of_deep_values_are_choices_too(tmp_path: Any) -> None:
    package = package_of(tmp_path, UNION.replace("{anyOf: [MEMBERS]}", TREE))
    app = package.create_app(Sheds())
    tree = b'{"left":' * 180 + b"{}" + b"}" * 180
    assert post(app, "application/json", b"[" + b",".join([tree] * 40) + b"]") == 204
    many = b"[" + b",".join([tree] * 400) + b"]"
    assert post(app, "application/json", many) == 400
    larger = package.create_app(Sheds(), max_body=SIZE * 16)
    assert post(larger, "application/json", many) == 204


@pytest.mark.parametrize("number", [b"9" * 25, b"9" * 4_300, b"0.5" + b"0" * 600])
def test_digits_of_long_numbers_have_a_budget(number: bytes) -> None:
    enough = DIGITS // len(number)
    texts = [b"[" + b",".join([number] * count) + b"]" for count in (enough, enough + 1)]
    with reading(texts[0], 0, MAX_BODY):
        assert excess(texts[0]) is None
    with reading(texts[1], 0, MAX_BODY):
        assert "digits" in str(excess(texts[1]))
    in_texts = texts[1].replace(b",", b'","').replace(b"[", b'[" [').replace(b"]", b'"]')
    with reading(in_texts, 0, MAX_BODY):
        assert excess(in_texts) is None


@pytest.mark.parametrize("spelling", ["9.1e-05", "1.10", "1E5"])
def test_rows_of_doubles_are_not_read_twice(spelling: str) -> None:
    doubles = [0.1 + number / 7_000_001 for number in range(VALUES * 2 // 3)]
    text = (json.dumps(doubles)[:-1] + f", {spelling}]").encode()
    with reading(text, 0, MAX_BODY):
        assert read_json(text) == [*doubles, float(spelling)]


@pytest.mark.parametrize(
    "text",
    [
        b'["\\u000E,1"]',
        b'{"a":1,"a":"\\u002c"}',
        b'["a:1.50,1.50"]',
        b"[1.0000000000000001,1.5]",
        b'{"a":1.10,"a":2}',
        b'["\\u0031.50,2"]',
    ],
)
def test_spellings_hide_nothing(text: bytes) -> None:
    def outcome(read: Any) -> object:
        try:
            return read(text)
        except JsonTextError as error:
            return str(error)

    assert outcome(read_json) == outcome(read_strictly)
