"""Formats of text: asserted in requests, at most a warning in answers; formats of numbers always bound."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from tests.packages import handler, send

from bothends.runtime import RequestError, Response

PAGES = """
paths:
  /pages:
    post:
      operationId: pages
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}}
      responses:
        '200':
          description: A page.
          headers: {X-Last: {schema: {type: string, format: uri}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Page'}, example: {next: /pages?page=2}}}
        default: {description: No page., content: {application/json: {schema: {type: object}}}}
components:
  schemas:
    Page:
      type: object
      properties:
        next: {type: string, format: uri}
        size: {type: integer, format: int32}
        when: {oneOf: [{type: string, format: date}, {type: string, format: date-time}]}
"""
LOOSE = {"next": "/pages?page=2"}


@pytest.fixture(scope="module")
def pages(made_once):
    return made_once(PAGES)


@pytest.mark.parametrize("responses", ["strict", "warn"])
def test_answer_with_loose_format_arrives_with_a_warning(pages, caplog, responses):
    answer = pages.models.Page.model_validate(LOOSE)
    client = pages.client(handler(pages=lambda body: answer), responses=responses)
    with caplog.at_level(logging.WARNING):
        assert client.pages(pages.models.Page()) == answer
    assert [("sent" in text, "uri" in text) for text in caplog.messages] == [
        (True, True),
        (False, True),
    ]


@pytest.mark.parametrize("responses", ["strict", "warn"])
def test_header_with_loose_format_arrives_with_a_warning(pages, caplog, responses):
    answer = Response(pages.models.Page(), headers={"X-Last": "no uri"})
    client = pages.client(handler(pages=lambda body: answer), responses=responses)
    with caplog.at_level(logging.WARNING):
        client.pages(pages.models.Page())
    assert ["header X-Last: must be a valid uri" in text for text in caplog.messages] == [True] * 2


def test_request_with_loose_format_is_refused(pages):
    app = pages.app(handler(pages=lambda body: body))
    reply = send(app, "POST", "/pages", json=LOOSE)
    assert (reply.status_code, reply.json()) == (400, {})


def test_client_refuses_loose_format_in_requests(pages):
    client = pages.client(handler(pages=lambda body: body))
    with pytest.raises(RequestError, match="uri"):
        client.pages(pages.models.Page.model_validate(LOOSE))


@pytest.mark.parametrize("value", [{"size": 2**31}, {"next": 3}, {"when": "soon", "size": "1"}])
def test_answers_are_held_to_all_but_text_formats(pages, value):
    def answer(**_: Any) -> Any:
        return value

    app = pages.app(handler(pages=answer))
    assert send(app, "POST", "/pages", json={}).status_code == 500


def test_formats_still_choose_between_alternatives(pages):
    def answer(**_: Any) -> Any:
        return {"when": "2026-01-02"}

    app = pages.app(handler(pages=answer))
    assert send(app, "POST", "/pages", json={}).json() == {"when": "2026-01-02"}


def test_example_with_loose_format_is_used_and_said_once(pages):
    [finding] = [one for one in pages.made.findings if one.code == "example-format"]
    assert "uri" in finding.message


@pytest.mark.parametrize(
    ("setting", "request_status", "answer_status"),
    [
        ("{requests: false}", 200, 200),
        ("{answers: true}", 400, 500),
        ("{requests: false, answers: true}", 500, 500),
    ],
)
def test_contract_switches_either_side(package, setting, request_status, answer_status):
    text = PAGES.replace(
        "        default: {description: No page., content: {application/json: {schema: {type: object}}}}\n",
        "",
    )
    made = package(f"x-assert-formats: {setting}\n" + text.lstrip())
    echo = made.app(handler(pages=lambda body: body))
    fixed = made.app(handler(pages=lambda body: LOOSE))
    assert send(echo, "POST", "/pages", json=LOOSE).status_code == request_status
    assert send(fixed, "POST", "/pages", json={}).status_code == answer_status
