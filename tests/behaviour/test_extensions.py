"""What a contract says beyond OpenAPI: blank bodies, refusals in the vendor's words."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from tests.packages import handler, send

PAYMENTS = """
paths:
  /pay:
    post:
      operationId: pay
      x-on-invalid: {status: 422, example: notUnderstood}
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [amount], properties: {amount: {type: integer}}}}}
      responses:
        '202':
          description: Accepted; blank when no payee failed.
          x-empty-body: {failed: []}
          content:
            application/json:
              schema: {type: object, required: [failed], properties: {failed: {type: array, items: {type: string}}}}
        '422':
          description: Not understood.
          content:
            application/json:
              schema: {type: object, required: [code], properties: {code: {type: string}}}
              examples: {other: {value: {code: E0}}, notUnderstood: {value: {code: E1}}}
  /plain:
    post:
      operationId: plain
      requestBody: {required: true, content: {application/json: {schema: {type: integer}}}}
      responses: {'204': {description: Fine.}}
  /once:
    post:
      operationId: once
      parameters: [{name: Once, in: header, required: true, x-idempotency-key: true, schema: &text {type: string}}]
      responses: {'200': {description: The key., content: {application/json: {schema: *text}}}}
"""


def test_a_blank_body_stands_for_its_value(package):
    made = package(PAYMENTS)
    pay = made.models.PayRequest(amount=1)

    for failed in ([], ["ann"]):
        answer = made.models.Pay202(failed=failed)
        app = made.app(handler(pay=lambda body, answer=answer: answer))
        assert made.client(None, app=app).pay(pay) == answer
        raw = send(app, "POST", "/pay", json={"amount": 1})
        assert (raw.content == b"", "content-type" in raw.headers) == (not failed, bool(failed))


def test_bad_request_gets_the_documented_refusal(package):
    made = package(PAYMENTS)
    app = made.app(handler(pay=lambda body: pytest.fail("the handler was called")))

    cases: list[dict[str, Any]] = [
        {"json": {}},
        {"json": {"amount": "1"}},
        {"content": b"{"},
        {"json": []},
        {},
    ]
    for sent in cases:
        headers = {"content-type": "application/json"}
        raw = send(app, "POST", "/pay", headers=headers, **sent)
        assert (raw.status_code, raw.json()) == (422, {"code": "E1"}), sent


def test_a_contract_without_words_for_it_gets_a_problem(package):
    made = package(PAYMENTS)
    raw = send(made.app(handler(plain=lambda body: None)), "POST", "/plain", json="1")
    assert (raw.status_code, raw.headers["content-type"]) == (400, "application/problem+json")


def test_required_key_may_be_omitted_by_callers(package):
    made = package(PAYMENTS)
    client = made.client(handler(once=lambda once: once))
    first, second = client.once(), client.once(once=None)
    assert uuid.UUID(first) != uuid.UUID(second)
    assert client.once(once="mine") == "mine"
    assert send(made.app(handler()), "POST", "/once").status_code == 400
