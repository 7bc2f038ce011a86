"""What a change does to Python callers: each kind of change, as `bothends diff` tells it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bothends.diff import Verdict, compare_surface
from bothends.diff.report import render_text
from bothends.diff.surface.python_types import narrows, overlaps
from bothends.emit.types import annotation
from bothends.pipeline import intermediate
from tests.packages import HEAD, write_contract

OLD = """
security: [{key: []}]
paths:
  /tides:
    get:
      operationId: tides
      parameters:
        - {name: day, in: query, schema: {type: string}}
        - {name: area, in: query, schema: {type: string, enum: [north, south]}}
        - {name: limit, in: query, schema: {type: integer}}
        - {name: page, in: query, schema: {type: integer}}
      responses:
        '200': {description: All., content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}}
        '404': {description: None., content: {application/json: {schema: {$ref: '#/components/schemas/Gone'}}}}
        '409': {description: Twice., content: {application/json: {schema: {type: string}}}}
  /harbours: {get: {operationId: harbours, responses: {'204': {description: None.}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Tide: {type: object, required: [low], properties: {low: {type: number}, high: {type: number}, at: {type: string}, by: {type: string}}}
    Gone: {type: object, properties: {why: {type: string}}}
"""
NEW = """
security: [{login: []}]
paths:
  /tides:
    get:
      operationId: tides
      parameters:
        - {name: area, in: query, schema: {type: string, enum: [north, south, west]}}
        - {name: limit, in: query, required: true, schema: {type: integer}}
        - {name: page, in: query, schema: {type: string}}
        - {name: year, in: query, schema: {type: integer}}
      responses:
        '200': {description: All., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Tide'}}}}}
        '409': {description: Twice., content: {application/json: {schema: {type: integer}}}}
  /piers: {get: {operationId: piers, responses: {'204': {description: None.}}}}
components:
  securitySchemes: {login: {type: http, scheme: basic}}
  schemas:
    Tide: {type: object, required: [low, high], properties: {low: {type: string}, high: {type: number}, at: {type: [string, 'null']}, note: {type: string}}}
"""
TOLD = """
breaking for Python callers:
  key: the client takes no `key` any more  [python-credentials-gone]
      openapi.yaml:20:26
  tides: `tides()` takes no `day` any more  [python-argument-gone]
      openapi.yaml:10:11
  tides: `limit` of `tides()` became required  [python-argument-required]
      openapi.yaml:12:11 → openapi.yaml:11:11
  tides: `page` of `tides()` has another type: `int` became `str`  [python-argument-type]
      openapi.yaml:13:11 → openapi.yaml:12:11
  tides: `tides()` gives another type: `Tide` became `list[Tide]`  [python-result-type]
      openapi.yaml:8:7 → openapi.yaml:8:7
  TidesConflict: `TidesConflict.body` has another type: `str` became `int`  [python-error-type]
      openapi.yaml:17:16 → openapi.yaml:16:16
  harbours: `harbours()` is gone  [python-method-gone]
      openapi.yaml:18:20
  Gone: class `Gone` is gone  [python-class-gone]
      openapi.yaml:23:11
  TidesNotFound: class `TidesNotFound` is gone  [python-class-gone]
      openapi.yaml:16:16
  Tide: `Tide.low` has another type: `float` became `str`  [python-field-type]
      openapi.yaml:22:61 → openapi.yaml:21:67
  Tide: `Tide.at` has another type: `str` became `str | None`  [python-field-type]
      openapi.yaml:22:103 → openapi.yaml:21:109
  Tide: `Tide.by` is gone  [python-field-gone]
      openapi.yaml:22:123

compatible for Python callers:
  login: the client takes `login`  [python-credentials-added]
      openapi.yaml:19:28
  tides: `area` of `tides()` has another type: `Literal['north', 'south']` became `Literal['north', 'south', 'west']`  [python-argument-type]
      openapi.yaml:11:11 → openapi.yaml:10:11
  tides: `tides()` takes `year`, optional  [python-argument-added]
      openapi.yaml:13:11
  piers: `piers()` is new  [python-method-added]
      openapi.yaml:17:17
  Tide: `Tide.high` became required  [python-field-type]
      openapi.yaml:22:83 → openapi.yaml:21:89
  Tide: `Tide.note` is new, optional  [python-field-added]
      openapi.yaml:21:141
"""


def test_each_change_of_surface_is_told(tmp_path: Path, repository: Path) -> None:
    specs = [
        write_contract(tmp_path / side, HEAD + text) for side, text in (("old", OLD), ("new", NEW))
    ]
    (old, before), (new, after) = map(intermediate, specs)
    found = compare_surface(before.api, after.api, annotation, (old, new))
    text = render_text(found)
    assert text.rpartition("\n\n")[0].strip() == TOLD.strip()

    program = (repository / "generator/bothends/diff/surface/comparison.py").read_text("utf-8")
    codes = {change.code for change in found} | SHOWN_BELOW
    assert set(re.findall(r'"(python-[a-z-]+)"', program)) == codes


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("str", "str | None", Verdict.COMPATIBLE),
        ("str | None", "str", Verdict.BREAKING),
        ("int", "float", Verdict.COMPATIBLE),
        ("float", "int", Verdict.BREAKING),
        ('Literal["a"]', "str", Verdict.COMPATIBLE),
        ('Literal["a | b", 1]', "int | str", Verdict.COMPATIBLE),
        ('Literal["a", "b"]', 'Literal["b", "c"]', Verdict.BREAKING),
        ("Literal[True]", "int", Verdict.COMPATIBLE),
        ("list[int]", "list[int | None]", Verdict.UNKNOWN),
        ("dict[str, list[int | str]]", "dict[str, list[str | int]]", Verdict.COMPATIBLE),
        ('list[Literal["b", "a"] | None]', 'list[None | Literal["a", "b"]]', Verdict.COMPATIBLE),
        ("list[int]", "dict[str, int]", Verdict.BREAKING),
        ("list[int | None] | None", "list[int | None] | None | Any", Verdict.COMPATIBLE),
        ("Tide", "Any", Verdict.COMPATIBLE),
    ],
)
def test_annotation_takes_what_another_does(old: str, new: str, verdict: Verdict) -> None:
    assert narrows([old], [new]) is verdict


def test_types_overlap_with_common_values() -> None:
    assert overlaps(["str | None"], ["int | None"])
    assert overlaps(["list[int]"], ["list[str]"])
    assert not overlaps(["str"], ["int | None"])


def test_the_same_type_in_another_media_type_is_no_change(tmp_path: Path) -> None:
    one = (
        "{/tide: {get: {operationId: tide, responses: {'200': {description: It., content: {%s}}}}}}"
    )
    text = "text/csv: {schema: {type: string}}"
    apis = [
        intermediate(write_contract(tmp_path / side, f"{HEAD}paths: {one % content}\n"))[1].api
        for side, content in (("old", text), ("new", f"{text}, {text.replace('csv', 'plain')}"))
    ]
    assert compare_surface(apis[0], apis[1], annotation) == []


SHOWN_BELOW = {"python-credentials-type", "python-argument-position", "python-argument-place"}
ONE = """
security: [{key: []}]
paths:
  /tides/{port}/{day}:
    put:
      operationId: putTide
      parameters:
        - {name: port, in: path, required: true, schema: {type: string}}
        - {name: day, in: path, required: true, schema: {type: string}}
        - {name: Key, in: header, required: true, x-idempotency-key: true, schema: {type: string}}
      requestBody: {required: true, content: {text/plain: {schema: {type: string}}, text/csv: {schema: {type: string}}}}
      responses: {default: {description: It., content: {text/plain: {schema: {type: string}}}}}
  /tides:
    get:
      operationId: tides
      x-pagination: {page: page, items: $response.body#/items}
      parameters: [{name: page, in: query, schema: {type: integer}}]
      responses:
        '200': {description: All., content: {application/json: {schema: {type: object, required: [items], properties: {items: {type: array, items: {type: string}}}}}}}
components: {securitySchemes: {key: {type: http, scheme: bearer}}}
"""


PORT = "        - {name: port, in: path, required: true, schema: {type: string}}\n"
DAY = PORT.replace("port", "day")


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        (
            PORT + DAY,
            DAY + PORT,
            "`put_tide()` takes `day`, `port`, `body` in this order, and took `port`, `day`, `body`",
        ),
        (
            "{port}/{day}",
            "{day}/{port}",
            "`put_tide()` writes `day`, `port` in this order into the path, and wrote `port`, `day`",
        ),
        (
            "requestBody: {required: true",
            "requestBody: {required: false",
            "`body` of `put_tide()` is passed by keyword alone",
        ),
        ("x-idempotency-key: true, ", "", "`key` of `put_tide()` became required"),
        (
            ", text/csv: {schema: {type: string}}",
            "",
            "`put_tide()` takes no `content_type` any more",
        ),
        (
            "default: {description: It., content: {text/plain: {schema: {type: string}}}}",
            "default: {description: It.}",
            "`put_tide()` gives another type: `str` became nothing",
        ),
        (
            "      x-pagination: {page: page, items: $response.body#/items}\n",
            "",
            "`iterate_tides()` is gone",
        ),
        (
            "items: {type: array, items: {type: string}}",
            "items: {type: array, items: {type: integer}}",
            "`iterate_tides()` gives items of another type: `str` became `int`",
        ),
        ("scheme: bearer", "scheme: basic", "`key` of the client was bearer, is basic"),
    ],
)
def test_each_way_to_call_is_compared(tmp_path: Path, was: str, now: str, message: str) -> None:
    assert was in ONE
    texts = (ONE, ONE.replace(was, now))
    specs = [write_contract(tmp_path / str(side), HEAD + text) for side, text in enumerate(texts)]
    (old, before), (new, after) = map(intermediate, specs)
    found = compare_surface(before.api, after.api, annotation, (old, new))
    breaking = [change.message for change in found if change.verdict is Verdict.BREAKING]
    assert message in breaking
    assert compare_surface(after.api, after.api, annotation) == []
