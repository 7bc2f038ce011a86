"""Several media types for one body or reply: the Python type, `content_type` or `Accept` chooses."""

from __future__ import annotations

from typing import Any

import pytest
from tests.packages import handler, send

from bothends.runtime.stand_in import DefaultStandIn


def keeper(seen: list[Any]) -> Any:
    def keep(body: Any) -> None:
        seen.append(body)

    return keep


SEVERAL = """
paths:
  /note:
    post:
      operationId: addNote
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/Note'}}
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Note'}}
      responses:
        '200':
          description: The same, as text or JSON.
          content:
            application/json: {schema: {$ref: '#/components/schemas/Note'}}
            text/plain: {schema: {type: string}}
    put:
      operationId: setNote
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}, application/pdf: {}, text/plain: {}}
      responses: {'204': {description: Set.}}
components:
  schemas:
    Note: {type: object, required: [text], properties: {text: {type: string}}}
"""


@pytest.fixture(scope="module")
def several(made_once):
    return made_once(SEVERAL)


@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
def test_the_caller_chooses_where_the_type_does_not_tell(several, content_type):
    seen: list[Any] = []

    def add(body, *, content_type):
        seen.append((body, content_type))
        return body

    note = several.models.Note(text="a b")
    assert several.client(handler(add_note=add)).add_note(note, content_type=content_type) == note
    assert seen == [(note, content_type)]


@pytest.mark.parametrize(
    "make", [lambda models: models.Note(text="a"), lambda _: b"\x00", lambda _: "text"]
)
def test_the_type_tells(several, make):
    seen: list[Any] = []
    value = make(several.models)
    several.client(handler(set_note=keeper(seen))).set_note(value)
    assert seen == [value]


@pytest.mark.parametrize(
    ("accept", "status", "content_type"),
    [
        (None, 200, "application/json"),
        ("*/*", 200, "application/json"),
        ("text/plain", 200, "text/plain"),
        ("text/*;q=0.5, application/json;q=0.1", 200, "text/plain"),
        ("application/json;q=0, */*", 200, "text/plain"),
        ("image/png", 200, "application/json"),
        ("application/vnd.made.v3+json", 200, "application/json"),
        ("application/vnd.made+json, text/plain;q=0.5", 200, "application/json"),
        ("nonsense", 200, "application/json"),
    ],
)
def test_accept_chooses_the_reply(several, accept, status, content_type):
    def add(body, **_):
        return body.text if content_type == "text/plain" else body

    headers = {"content-type": "application/json", **({"accept": accept} if accept else {})}
    app = several.app(handler(add_note=add))
    got = send(app, "POST", "/note", content=b'{"text":"a"}', headers=headers)
    assert (got.status_code, got.headers["content-type"]) == (status, content_type)


VERSIONS = """
paths:
  /tide:
    get:
      operationId: getTide
      responses:
        '200':
          description: It.
          content:
            application/vnd.made.v1+json: {schema: {$ref: '#/components/schemas/One'}}
            application/vnd.made.v2+json: {schema: {$ref: '#/components/schemas/Two'}}
components:
  schemas:
    One: {type: object, required: [one], properties: {one: {type: string}}}
    Two: {type: object, required: [two], properties: {two: {type: string}}}
"""


@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        (None, "application/vnd.made.v1+json"),
        ("application/vnd.made.v1+json", "application/vnd.made.v1+json"),
        # The handler's value has no form in it: Accept is no reason to fail.
        ("application/vnd.made.v2+json", "application/vnd.made.v1+json"),
    ],
)
def test_what_is_preferred_must_fit_the_value(package, accept, sent):
    made = package(VERSIONS)
    app = made.app(handler(get_tide=lambda: made.models.One(one="a")))
    got = send(app, "GET", "/tide", headers={"accept": accept} if accept else {})
    assert (got.status_code, got.headers["content-type"]) == (200, sent)
    assert got.json() == {"one": "a"}


SILENT_VERSIONS = """
paths:
  /type:
    post:
      operationId: setType
      requestBody:
        required: true
        content:
          application/vnd.port.v1+json: {schema: {$ref: '#/components/schemas/First'}}
          application/vnd.port.v2+json: {schema: {$ref: '#/components/schemas/Second'}}
      responses:
        '200':
          description: The same.
          content:
            application/json;version=1: {schema: {$ref: '#/components/schemas/First'}}
            application/json;version=2: {schema: {$ref: '#/components/schemas/Second'}}
components:
  schemas:
    First: {type: object, required: [a], properties: {a: {type: string}}}
    Second: {type: object, required: [b], properties: {b: {type: integer}}}
"""


@pytest.fixture(scope="module")
def versions(made_once):
    return made_once(SILENT_VERSIONS)


def test_the_model_chooses_its_own_version(versions):
    client = versions.client(handler(set_type=lambda body, content_type: body))
    for value in (versions.models.First(a="x"), versions.models.Second(b=1)):
        assert client.set_type(value) == value


def test_an_answer_without_version_is_the_one_that_fits(versions):
    async def answer(scope, receive, send):
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"b": 2}'})

    client = versions.client(None, app=answer)
    assert client.set_type(versions.models.First(a="x")) == versions.models.Second(b=2)


NUMBERED = """
paths:
  /type:
    post:
      operationId: setType
      requestBody:
        required: true
        content:
          application/json;version=1: {schema: {type: object, required: [a]}}
          application/json;version=2: {schema: {type: object, required: [b]}}
      responses: {'200': {description: The same., content: {application/json: {schema: {type: object}}}}}
"""


@pytest.mark.parametrize("content_type", ["application/json", "application/json; version=3"])
def test_a_request_without_version_is_the_fitting_one(made_once, content_type):
    app = made_once(NUMBERED).app(handler(set_type=lambda body, content_type: body))
    for body in ({"a": "x"}, {"b": 2}):
        found = send(app, "POST", "/type", json=body, headers={"content-type": content_type})
        assert (found.status_code, found.json()) == (200, body)

    assert send(app, "POST", "/type", json={"c": 1}).status_code == 400
    headers = {"content-type": "application/json;version=1"}
    assert send(app, "POST", "/type", json={"b": 2}, headers=headers).status_code == 400


SUFFIXED = """
paths:
  /tide:
    get:
      operationId: getTide
      responses: {'200': {description: It., content: {application/*+json: {schema: {type: integer, const: 3}}}}}
"""


def test_the_stand_in_answers_a_suffix_range(package):
    operations = package(SUFFIXED).part("operations")
    app = DefaultStandIn(operations.API, operations.OPERATIONS).app()
    got = send(app, "GET", "/tide")
    assert (got.status_code, got.headers["content-type"], got.json()) == (
        200,
        "application/json",
        3,
    )


CHARSETS = """
paths:
  /note:
    post:
      operationId: addNote
      requestBody:
        required: true
        content:
          application/xml: {schema: {$ref: '#/components/schemas/Note'}}
          application/xml; charset=utf-8: {schema: {$ref: '#/components/schemas/Note'}}
          application/xml; charset=utf-16: {schema: {$ref: '#/components/schemas/Note'}}
      responses: {'204': {description: Added.}}
components:
  schemas:
    Note: {type: object, required: [text], properties: {text: {type: string}}}
"""


@pytest.mark.parametrize(
    "content_type",
    ["application/xml", "application/xml; charset=utf-8", "application/xml; charset=utf-16"],
)
def test_the_charset_chooses_where_several_are_documented(made_once, content_type):
    made = made_once(CHARSETS)
    seen: list[Any] = []

    def add(body, *, content_type):
        seen.append((body, content_type))

    note = made.models.Note(text="höher")
    made.client(handler(add_note=add)).add_note(note, content_type=content_type)
    assert seen == [(note, content_type)]
