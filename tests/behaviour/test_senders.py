"""Requests as other senders write them: a plus that is not encoded, brackets of lists, a list as one JSON text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.packages import Package, handler, send

TIDES = """
components:
  schemas:
    Berth: {type: object, properties: {no: {type: integer}, since: {type: string, format: date-time}, note: {type: string}}}
    Tide:
      type: object
      properties:
        at: {type: string, format: date-time}
        note: {type: string}
        levels: {type: array, items: {type: integer}}
        names: {type: array, items: {type: string}}
        comma: {type: array, items: {type: string}}
        berths: {type: array, items: {$ref: '#/components/schemas/Berth'}}
paths:
  /tides:
    get:
      operationId: listTides
      parameters:
      - {name: at, in: query, schema: {type: string, format: date-time}}
      - {name: days, in: query, schema: {type: array, items: {type: string, format: date-time}}}
      - {name: phone, in: query, schema: {type: string, pattern: '^\\+[0-9]+$'}}
      - {name: note, in: query, schema: {type: string}}
      - {name: level, in: query, schema: {type: number}}
      - {name: comma, in: query, explode: false, schema: {type: array, items: {type: string}}}
      - {name: pipe, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: integer}}}
      - {name: berth, in: query, style: deepObject, schema: {$ref: '#/components/schemas/Berth'}}
      - {name: json, in: query, content: {application/json: {schema: {$ref: '#/components/schemas/Berth'}}}}
      responses: {'204': {description: Done.}, '400': {description: Refused.}}
    post:
      operationId: addTide
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: {$ref: '#/components/schemas/Tide'}
            encoding: {comma: {explode: false}}
          multipart/form-data:
            schema: {$ref: '#/components/schemas/Tide'}
      responses: {'204': {description: Done.}, '400': {description: Refused.}, '415': {description: Refused.}}
"""
AT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
RAW = "2026-01-02T03:04:05+00:00"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def tides(made_once: Callable[[str], Package]) -> Package:
    return made_once(TIDES)


def queried(tides: Package, query: str) -> dict[str, Any] | int:
    """The arguments that the handler has, or the status of the refusal."""
    found: list[dict[str, Any]] = []

    def list_tides(**arguments: Any) -> None:
        found.append({name: item for name, item in arguments.items() if item is not None})

    response = send(tides.app(handler(list_tides=list_tides)), "GET", f"/tides?{query}")
    return found[0] if found else response.status_code


def added(tides: Package, media_type: str, content: bytes) -> Any:
    """The body that the handler has, as JSON, or the status of the refusal."""
    found: list[Any] = []

    def add_tide(body: Any, **_: Any) -> None:
        found.append(body.model_dump())

    headers = {"content-type": media_type}
    app = tides.app(handler(add_tide=add_tide))
    response = send(app, "POST", "/tides", headers=headers, content=content)
    return found[0] if found else response.status_code


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        (f"at={RAW}", {"at": AT}),
        (f"at={RAW.replace('+', '%2B')}", {"at": AT}),
        (f"days={RAW}&days=2026-01-02T03:04:05Z", {"days": [AT, AT]}),
        ("phone=+49123", {"phone": "+49123"}),
        ("note=a+b", {"note": "a b"}),
        ("level=1e+3", {"level": 1000.0}),
        (f"at={RAW}&note=a+b", {"at": AT, "note": "a b"}),
        (f"at={RAW.replace('+', '%20')}", 400),
        ("phone=49+123", 400),
    ],
)
def test_plus_is_a_space_unless_the_schema_refuses_it(
    tides: Package, query: str, arguments: object
) -> None:
    assert queried(tides, query) == arguments


def test_plus_inside_of_an_object(tides: Package) -> None:
    berth = tides.models.Berth(since=AT, note="a b")
    assert queried(tides, f"berth[since]={RAW}&berth[note]=a+b") == {"berth": berth}
    assert queried(tides, 'json={"no":+5}') == {"json": tides.models.Berth(no=5)}
    text = f'{{"since":"{RAW}"}}'
    assert queried(tides, f"json={text}") == {"json": tides.models.Berth(since=AT)}


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("comma[]=a&comma[]=b", {"comma": ["a", "b"]}),
        ("comma[1]=b&comma[0]=a", {"comma": ["a", "b"]}),
        ("pipe%5B%5D=1&pipe%5B%5D=2", {"pipe": [1, 2]}),
        ("comma=a,b", {"comma": ["a", "b"]}),
        ("comma=a&comma[]=b", 400),
        ("pipe[]=x", 400),
    ],
)
def test_delimited_list_in_brackets_is_not_lost(
    tides: Package, query: str, arguments: object
) -> None:
    assert queried(tides, query) == arguments


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("levels=%5B1%2C2%5D", {"levels": [1, 2]}),
        ("levels=[1,2]", {"levels": [1, 2]}),
        ("names=[1]", {"names": ["[1]"]}),
        ("comma[]=a&comma[]=b", {"comma": ["a", "b"]}),
        ('berths[0]={"no":1}&berths[1][no]=2', {"berths": [{"no": 1}, {"no": 2}]}),
        ('berths[]={"no":1}', {"berths": [{"no": 1}]}),
        (f"at={RAW}&note=a+b", {"at": "2026-01-02T03:04:05Z", "note": "a b"}),
        ("levels=[1,", 400),
        ('levels=["x"]', 400),
    ],
)
def test_form_is_read_as_it_is_meant(tides: Package, form: str, body: object) -> None:
    assert added(tides, FORM, form.encode()) == body


@pytest.mark.parametrize(
    ("head", "content", "body"),
    [
        ('"levels"\r\nContent-Type: application/json', "[1,2]", {"levels": [1, 2]}),
        ('"levels"', "[1, 2]", {"levels": [1, 2]}),
        ('"berths"', '[{"no":1},{"no":2}]', {"berths": [{"no": 1}, {"no": 2}]}),
        ('"berths"', '{"no":1}', {"berths": [{"no": 1}]}),
        ('"names"', '["a"]', {"names": ['["a"]']}),
        ('"names"\r\nContent-Type: application/json', '["a"]', {"names": ["a"]}),
        ('"levels"', '["x"]', 400),
        ('"levels"\r\nContent-Type: application/xml', "[1]", 415),
    ],
)
def test_part_with_the_json_of_a_list(
    tides: Package, head: str, content: str, body: object
) -> None:
    text = f"--x\r\nContent-Disposition: form-data; name={head}\r\n\r\n{content}\r\n--x--\r\n"
    assert added(tides, "multipart/form-data; boundary=x", text.encode()) == body


def test_what_is_sent_arrives_as_it_was(tides: Package) -> None:
    received: list[object] = []

    def list_tides(**arguments: Any) -> None:
        received.append(arguments["note"])

    client = tides.client(handler(list_tides=list_tides))
    for note in ("a+b", "a b", "+", "[1]"):
        client.list_tides(note=note)
        assert received.pop() == note
