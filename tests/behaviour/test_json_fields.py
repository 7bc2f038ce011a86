"""Fields of a form that are JSON because the `contentType` of their encoding says so."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote

import pytest
from tests.packages import handler, send

from bothends.runtime.errors import RequestError

FORM = "application/x-www-form-urlencoded"
FIELDS = """openapi: VERSION
info: {title: Made, version: '1'}
paths:
  /tides:
    post:
      operationId: add
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              additionalProperties: false
              properties:
                words: {type: array, items: {type: string}}
                rows: {type: array, items: {type: array, items: {type: integer}}}
                days: {type: array, items: {type: object}}
                note: {type: string}
                either: {oneOf: [{type: array, items: {type: string}}, {type: string}]}
                anything: {}
                styled: {type: array, items: {type: string}}
                listed: {type: array, items: {type: object}}
            encoding:
              words: {contentType: application/json}
              rows: {contentType: application/json}
              days: {contentType: application/json; charset=utf-8}
              note: {contentType: application/json}
              either: {contentType: application/json}
              anything: {contentType: application/tide+json}
              styled: {contentType: application/json, explode: false}
      responses: {'204': {description: Added.}, '400': {description: Refused.}}
"""


@pytest.fixture(scope="module", params=["3.0.3", "3.1.0", "3.2.0"])
def version(request):
    return request.param


@pytest.fixture(scope="module")
def tides(made_once, version):
    return made_once(FIELDS.replace("VERSION", version))


def posted(tides, name, texts):
    """What the handler gets of a field that is sent by hand; the status of a refusal."""
    seen = []
    app = tides.app(handler(add=lambda body: seen.append(getattr(body, name))))
    pairs = "&".join(f"{quote(name)}={quote(text, safe=',')}" for text in texts)
    response = send(app, "POST", "/tides", content=pairs, headers={"content-type": FORM})
    return seen[0] if seen else response.status_code


@pytest.mark.parametrize(
    ("name", "texts", "expected"),
    [
        ("words", ['["a","b"]'], ["a", "b"]),
        ("words", ['"a"', '"b"'], ["a", "b"]),
        ("words", ['"a"'], ["a"]),
        ("words", ["[]"], []),
        ("words", ["a"], 400),
        ("words", ["a", "b"], 400),
        ("words", ["[1]"], 400),
        ("rows", ["[[1,2]]"], [[1, 2]]),
        ("rows", ["[1,2]"], [[1, 2]]),
        ("rows", ["[1]", "[2]"], [[1], [2]]),
        ("days", ['[{"a":1},{}]'], [{"a": 1}, {}]),
        ("days", ['{"a":1}'], [{"a": 1}]),
        ("note", ['"a"'], "a"),
        ("note", ["a"], 400),
        ("note", ['"a"', '"b"'], 400),
        ("either", ['"a"'], "a"),
        ("either", ['["a"]'], ["a"]),
        ("styled", ["a,b"], ["a", "b"]),
        ("listed", ['[{"a":1},{}]'], [{"a": 1}, {}]),
        ("listed", ['{"a":1}', "{}"], [{"a": 1}, {}]),
    ],
)
def test_json_field_is_read_by_its_schema(tides, name, texts, expected):
    assert posted(tides, name, texts) == expected


def test_brackets_are_no_words_in_json(tides):
    app = tides.app(handler(add=lambda body: None))
    response = send(app, "POST", "/tides", data={"words[]": "a"})
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("name", "value", "as_one", "by_item"),
    [
        ("words", ["a", "b"], ['["a","b"]'], ['"a"', '"b"']),
        ("words", [], ["[]"], None),
        ("rows", [[1, 2]], ["[[1,2]]"], ["[1,2]"]),
        ("days", [{"a": 1}, {}], ['[{"a":1},{}]'], ['{"a":1}', "{}"]),
        ("note", "a", ['"a"'], ['"a"']),
        ("either", "a", ['"a"'], ['"a"']),
        ("anything", "a", ['"a"'], ['"a"']),
        ("anything", [[1]], ["[[1]]"], None),
        ("listed", [{"a": 1}, {}], ['{"a":1}', "{}"], ['{"a":1}', "{}"]),
    ],
)
def test_json_field_arrives_as_its_version_writes_it(tides, version, name, value, as_one, by_item):
    expected = by_item if version == "3.2.0" else as_one
    seen = []
    texts: list[str] = []
    app = tides.app(handler(add=lambda body: seen.append(getattr(body, name))))

    async def recorded(scope, receive, answer):
        async def pass_on():
            message = await receive()
            texts.extend(text for _, text in parse_qsl(message.get("body", b"").decode()))
            return message

        await app(scope, pass_on, answer)

    with tides.client(None, app=recorded) as client:
        body = tides.models.AddRequest(**{name: value})
        if expected is None:
            with pytest.raises(RequestError, match="arrives unchanged"):
                client.add(body)
        else:
            client.add(body)
            assert (seen, texts) == ([value], expected)
