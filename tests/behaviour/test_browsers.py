"""Pages in browsers that call a stand-in on another port than their own."""

from __future__ import annotations

import pytest
from tests.packages import handler, send

from bothends.serve.cors import Cors

TIDES = """
paths:
  /tides:
    get:
      operationId: tides
      responses: {'200': {description: Tides., content: {application/json: {schema: {type: integer}}}}}
"""
PREFLIGHT = {
    "access-control-request-method": "GET",
    "access-control-request-headers": "authorization",
}


@pytest.fixture(scope="module")
def app(made_once):
    return made_once(TIDES).app(handler(tides=lambda: 7))


@pytest.mark.parametrize(
    ("origin", "options", "is_allowed"),
    [
        ("http://localhost:3000", (), True),
        ("http://127.0.0.1:5173", (), True),
        ("http://[::1]:5173", (), True),
        ("https://shop.example", (), False),
        ("http://localhost.shop.example", (), False),
        ("https://shop.example", ("https://shop.example",), True),
        ("https://shop.example", ("*",), True),
    ],
)
def test_pages_of_allowed_origins_may_call(app, origin, options, is_allowed):
    served = Cors(app, options)
    asked = send(served, "OPTIONS", "/tides", headers={"origin": origin, **PREFLIGHT})
    answer = send(served, "GET", "/tides", headers={"origin": origin})
    allowed = origin if is_allowed else None
    assert answer.json() == 7
    assert asked.headers.get("access-control-allow-origin") == allowed
    assert answer.headers.get("access-control-allow-origin") == allowed
    assert (asked.headers.get("access-control-allow-headers") == "authorization") is is_allowed


def test_replies_to_others_stay_as_they_are(app):
    names = set(send(Cors(app), "GET", "/tides").headers)
    assert names == set(send(app, "GET", "/tides").headers)
