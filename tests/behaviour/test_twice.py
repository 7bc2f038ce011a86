"""What is there twice: refused, or one list; never the first, the last, or whichever a parser likes."""

from __future__ import annotations

from typing import Any

import pytest
from tests.packages import handler, send

TWICE = """
paths:
  /tides:
    post:
      operationId: addTide
      parameters:
        - {name: X-Level, in: header, schema: {type: integer}}
        - {name: X-Tags, in: header, schema: {type: array, maxItems: 3, items: {type: string}}}
        - {name: level, in: query, schema: {type: integer}}
        - {name: tags, in: query, schema: {type: array, items: {type: string}}}
        - {name: flat, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - {name: crumb, in: cookie, schema: {type: string}}
        - {name: crumbs, in: cookie, schema: {type: array, items: {type: string}}}
      requestBody: {content: {application/json: {schema: {type: integer}}}}
      responses:
        '200': {description: What was read., content: {application/json: {schema: {type: object}}}}
        '400': {description: Malformed., content: {application/json: {schema: {$ref: '#/components/schemas/Wrong'}}}}
        '422': {description: Wrong., content: {application/json: {schema: {$ref: '#/components/schemas/Wrong'}}}}
components:
  schemas: {Wrong: {type: object, required: [detail], properties: {detail: {type: string}}}}
"""
JSON = ("content-type", "application/json")


@pytest.fixture(scope="module")
def twice(made_once):
    return made_once(TWICE)


def ask(twice, headers: list[tuple[str, str]], query: str = "") -> Any:
    def answer(body: object = None, **given: Any) -> dict[str, Any]:
        return {
            name: list(value) if isinstance(value, list) else value
            for name, value in given.items()
            if value
        }

    return send(
        twice.app(handler(add_tide=answer)), "POST", f"/tides{query}", headers=headers, content=b"1"
    )


@pytest.mark.parametrize(
    ("headers", "query", "status", "told"),
    [
        (
            [("x-level", "1"), ("x-level", "1")],
            "",
            422,
            "header parameter X-Level: must be given once",
        ),
        ([("x-level", "1, 1")], "", 422, "header parameter X-Level"),
        ([("x-tags", "a,b"), ("x-tags", "c,d")], "", 422, "header parameter X-Tags"),
        ([("cookie", "crumb=a; crumb=a")], "", 422, "cookie parameter crumb: must be given once"),
        (
            [("cookie", "crumb=a"), ("cookie", "crumb=b")],
            "",
            422,
            "cookie parameter crumb: must be given once",
        ),
        ([], "?level=1&level=1", 422, "query parameter level: must be given once"),
        ([], "?flat=a&flat=b", 422, "query parameter flat: must be given once"),
        ([JSON], "", 400, "header Content-Type: must be given once"),
        (
            [("host", "a.example"), ("host", "b.example")],
            "",
            400,
            "header Host: must be given once",
        ),
        (
            [("content-length", "1"), ("content-length", "1")],
            "",
            400,
            "header Content-Length: must be given once",
        ),
    ],
)
def test_what_is_no_list_is_refused(twice, headers, query, status, told):
    answer = ask(twice, [JSON, *headers], query)
    assert (answer.status_code, answer.json()["detail"].startswith(told)) == (status, True), (
        answer.json()
    )


@pytest.mark.parametrize(
    ("headers", "query", "read"),
    [
        ([("x-tags", "a,b"), ("x-tags", "c")], "", {"x_tags": ["a", "b", "c"]}),
        ([("cookie", "crumbs=a; crumb=z; crumbs=b")], "", {"crumbs": ["a", "b"], "crumb": "z"}),
        ([("cookie", "crumbs=a"), ("cookie", "crumbs=b")], "", {"crumbs": ["a", "b"]}),
        ([], "?tags=a&level=3&tags=b", {"tags": ["a", "b"], "level": 3}),
    ],
)
def test_a_list_is_one_in_the_order_of_its_parts(twice, headers, query, read):
    answer = ask(twice, [JSON, *headers], query)
    assert (answer.status_code, answer.json()) == (200, read)


def test_malformed_request_gets_the_documented_refusal(made_once):
    made = made_once("""
    x-on-invalid: {status: 400, example: broken}
    paths:
      /tides:
        post:
          operationId: addTide
          requestBody: {content: {application/json: {schema: {type: integer}}}}
          responses:
            '204': {description: Added.}
            '400':
              description: Busy, or broken.
              content:
                application/json:
                  schema: {type: object, required: [code], properties: {code: {type: string}}}
                  examples: {busy: {value: {code: busy}}, broken: {value: {code: broken}}}
    """)
    app = made.app(handler(add_tide=lambda body: None))
    got = send(app, "POST", "/tides", content=b"1", headers=[JSON, ("content-type", "text/plain")])
    assert (got.status_code, got.json()["code"]) == (400, "broken")
