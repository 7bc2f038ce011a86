"""What the stand-in without code answers: values that read well, pages that end, links to itself, reasons in words."""

from __future__ import annotations

from typing import Any

import pytest
from tests.packages import send

from bothends.runtime.stand_in import DefaultStandIn

CONTRACT = """
servers: [{url: 'https://api.tides.example/v1'}]
paths:
  /tides:
    get:
      operationId: listTides
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: starting_after, in: query, schema: {type: string}}
        - {name: after, in: query, schema: {type: string, format: date}}
      responses: {'200': {description: Tides., content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}}}
  /chat:
    post:
      operationId: chat
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, properties: {stream: {type: boolean}}}}}
      responses:
        '200':
          description: Words.
          content:
            application/json: {schema: {type: object, properties: {words: {type: string}}}}
            text/event-stream: {schema: {type: object, properties: {words: {type: string}}}}
  /links:
    get:
      operationId: getLinks
      responses: {'200': {description: Links., content: {application/json: {schema: {$ref: '#/components/schemas/Links'}}}}}
  /never:
    get:
      operationId: never
      responses: {'200': {description: None., content: {application/json: {schema: {type: object, required: [x], properties: {x: {not: {}}}}}}}}
  /closed:
    post:
      operationId: close
      responses: {'405': {description: Never.}}
    get:
      operationId: seeClosed
      responses:
        '400': {description: Wrong., content: {application/json: {schema: {type: object, required: [code], properties: {code: {type: string}}}}}}
        '404': {description: None.}
  /upgraded:
    get:
      operationId: upgrade
      responses: {'101': {description: WebSocket.}, 4XX: {description: Refused.}}
  /moved:
    get:
      operationId: move
      responses:
        '302':
          description: Elsewhere.
          headers:
            Location: {required: true, schema: {type: string}, example: 'https://api.tides.example/v1/tides'}
            Link: {required: true, schema: {type: string}, example: '<https://api.tides.example/v1/tides?page=2>; rel="next", <https://tides.example/>; rel="help"'}
  /xml:
    get:
      operationId: getXml
      responses:
        '200': {description: XML., content: {application/xml: {schema: {$ref: '#/components/schemas/Tide'}, example: {id: t}}}}
components:
  schemas:
    Links:
      type: object
      properties:
        data: {type: array, items: {type: integer}}
        next: {type: [string, 'null'], format: uri}
        _links: {type: object, properties: {self: {$ref: '#/components/schemas/Link'}, next: {$ref: '#/components/schemas/Link'}}}
    Link: {type: object, properties: {href: {type: string, format: uri}}}
    Page:
      type: object
      required: [data, has_more, next_url]
      properties:
        data: {type: array, items: {$ref: '#/components/schemas/Tide'}}
        has_more: {type: boolean, example: true}
        next_url: {type: [string, 'null'], example: 'https://api.tides.example/v1/tides?page=2'}
        other: {type: string, example: 'https://api.tides.example.org/'}
    Tide:
      type: object
      required: [id]
      properties: {id: {type: string}, harbourName: {type: string}, level: {type: number}}
"""


@pytest.fixture(scope="module")
def app(made_once):
    operations = made_once(CONTRACT).part("operations")
    return DefaultStandIn(operations.API, operations.OPERATIONS).app()


def answer(app: Any, path: str) -> Any:
    return send(app, "GET", path).json()


def test_texts_come_from_the_names(app):
    [tide] = answer(app, "/tides")["data"]
    assert tide == {"id": "id-1", "harbourName": "harbour name", "level": 0}


def test_links_lead_to_the_stand_in(app):
    page = answer(app, "/tides")
    assert page["next_url"] == "https://made.test/v1/tides?page=2"
    assert page["other"] == "https://api.tides.example.org/"


def test_headers_with_addresses_lead_to_the_stand_in(app):
    moved = send(app, "GET", "/moved", follow_redirects=False)
    assert moved.headers["location"] == "https://made.test/v1/tides"
    assert moved.headers["link"] == (
        '<https://made.test/v1/tides?page=2>; rel="next", <https://tides.example/>; rel="help"'
    )


def test_an_option_keeps_the_origin(made_once):
    operations = made_once(CONTRACT).part("operations")
    kept = DefaultStandIn(operations.API, operations.OPERATIONS, keep_origin=True).app()
    assert answer(kept, "/tides")["next_url"] == "https://api.tides.example/v1/tides?page=2"


def test_no_link_to_a_next_page_is_made_up(app):
    assert answer(app, "/links") == {
        "data": [0],
        "next": None,
        "_links": {"self": {"href": "https://example.com/"}},
    }


@pytest.mark.parametrize("query", ["page=2", "starting_after=id-1"])
def test_the_page_after_the_first_is_empty(app, query):
    page = answer(app, f"/tides?{query}")
    assert (page["data"], page["has_more"], page["next_url"]) == ([], False, None)


@pytest.mark.parametrize("query", ["", "page=1", "after=2020-01-01"])
def test_the_first_page_has_items(app, query):
    assert answer(app, f"/tides?{query}")["data"]


@pytest.mark.parametrize(
    ("stream", "kind"), [("true", "text/event-stream"), ("false", "application/json")]
)
def test_stream_in_the_body_chooses_the_events(app, stream, kind):
    headers = {"content-type": "application/json", "accept": "application/json"}
    body = f'{{"stream": {stream}}}'.encode()
    reply = send(app, "POST", "/chat", content=body, headers=headers)
    assert (reply.status_code, reply.headers["content-type"].partition(";")[0]) == (200, kind)


def test_no_value_is_a_501_with_the_reason(app):
    reply = send(app, "GET", "/never")
    assert reply.status_code == 501
    assert "no value can be made from its schema" in reply.json()["detail"]


def test_an_error_documented_alone_is_the_answer(app):
    assert send(app, "POST", "/closed").status_code == 405
    reply = send(app, "GET", "/closed")
    assert (reply.status_code, reply.json()) == (400, {"code": "code-1"})


def test_an_interim_status_is_no_answer(app):
    """A server answers a request with a final status (RFC 9110 §15.2)."""
    assert send(app, "GET", "/upgraded").status_code == 400


def test_an_unread_media_type_is_answered_as_text(app):
    reply = send(app, "GET", "/xml")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/xml")
