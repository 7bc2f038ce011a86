"""What an error of the stand-in says: the contract's words, and the name that a query nearly has."""

from __future__ import annotations

from typing import Any

import pytest
from tests.packages import send

from bothends.runtime.stand_in import DefaultStandIn

CONTRACT = """
security: [{key: []}]
paths:
  /tides/{tideId}:
    get:
      operationId: getTide
      parameters:
      - {name: tideId, in: path, required: true, schema: {type: string, minLength: 1}}
      - {name: limit, in: query, schema: {type: integer}}
      - {name: harbour, in: query, required: true, schema: {type: string}}
      responses:
        '204': {description: It is there.}
        '400': {description: Wrong., content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
        '404':
          description: |
            No tide
            has this id.

            Ask for another.
          content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}
        '409':
          description: There are two.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Problem'}
              example: {code: message, message: just as it is}
        '410': {description: It is gone., content: {application/json: {schema: {$ref: '#/components/schemas/Told'}}}}
        '424': {description: It is short., content: {application/json: {schema: {$ref: '#/components/schemas/Short'}}}}
        '423': {description: Locked by the harbour., content: {text/plain: {schema: {type: string}}}}
        '500': {description: It broke., content: {application/json: {schema: {$ref: '#/components/schemas/Nested'}}}}
        default: {description: Anything else., content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: query, name: api_key}
  schemas:
    Problem:
      type: object
      required: [code, message]
      properties: {code: {type: string}, message: {type: string, minLength: 9}, title: {type: string}}
    Told: {type: object, required: [message], properties: {message: {type: string, examples: [The tide went out.]}}}
    Short: {type: object, required: [message], properties: {message: {type: string, maxLength: 8, pattern: '^[a-z]+$'}}}
    Nested:
      type: object
      required: [errors]
      properties: {errors: {type: array, minItems: 1, items: {$ref: '#/components/schemas/Problem'}}}
"""
GOOD = "/tides/a?harbour=porto&api_key=k"
TITLE = "Internal Server Error"


@pytest.fixture(scope="module")
def app(made_once):
    operations = made_once(CONTRACT).part("operations")
    return DefaultStandIn(operations.API, operations.OPERATIONS).app()


def error(app: Any, status: int) -> Any:
    reply = send(app, "GET", GOOD, headers={"prefer": f"code={status}"})
    assert reply.status_code == status
    return reply.json() if "json" in reply.headers["content-type"] else reply.text


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {"code": "code-1", "message": "No tide has this id.", "title": "Not Found"}),
        # The code of `default` has a name in HTTP, which the description may not fit.
        (503, {"code": "code-1", "message": "Anything else.", "title": "Service Unavailable"}),
        (500, {"errors": [{"code": "code-1", "message": "It broke.", "title": TITLE}]}),
        (410, {"message": "The tide went out."}),
        (424, {"message": "a"}),
        (423, "Locked by the harbour."),
    ],
)
def test_error_says_what_the_contract_describes(app, status, body):
    assert error(app, status) == body


def test_example_of_an_error_stays(app):
    assert error(app, 409) == {"code": "message", "message": "just as it is"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("harbor=a&api_key=k", "harbour: is required (`harbor` is no query parameter; did you"),
        ("harbour=a&apikey=k", "(`apikey` is no query parameter; did you mean `api_key`?)"),
        ("secret=a&api_key=k", "query parameter harbour: is required"),
    ],
)
def test_refusal_names_the_parameter_that_is_nearly_there(app, query, said):
    reply = send(app, "GET", f"/tides/a?{query}")
    assert said in reply.text
    assert "secret" not in reply.text


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("limt=5", " (`limt` is no query parameter; did you mean `limit`?)"),
        ("Limit=5", " (`Limit` is no query parameter; did you mean `limit`?)"),
        ("limit=5&limits=6", ""),
        ("secret=5", ""),
        ("x[limit]=5", ""),
    ],
)
def test_log_names_the_parameter_that_is_nearly_there(app, query, note, caplog):
    caplog.set_level("INFO", "bothends")
    assert send(app, "GET", f"{GOOD}&{query}").status_code == 204
    [line] = [each.getMessage() for each in caplog.records if ": accepted" in each.getMessage()]
    assert line == f"GET /tides/{{tideId}}: accepted{note}, answered 204"
