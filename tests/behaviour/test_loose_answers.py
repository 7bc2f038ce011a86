"""JSON that a strict reader refuses: an answer in it is read as most readers take it, and the caller is warned."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from tests.packages import Package

from bothends.runtime import NotFoundError, UnexpectedAnswer

LEVELS = """
components:
  schemas:
    Level: {type: object, properties: {metres: {type: number}, no: {type: integer}}}
paths:
  /level:
    get:
      operationId: getLevel
      responses:
        '200': {description: A level., content: {application/json: {schema: {$ref: '#/components/schemas/Level'}}}}
        '404': {description: None., content: {application/json: {schema: {$ref: '#/components/schemas/Level'}}}}
"""
MANY_DIGITS = b'{"metres": 12345678901234567890.123456789, "no": 99999999999999999999}'
TWICE = b'{"no": 1, "no": 2}'


@pytest.fixture(scope="module")
def levels(made_once: Callable[[str], Package]) -> Package:
    return made_once(LEVELS)


def answering(levels: Package, content: bytes, responses: str, status: int = 200) -> Any:
    headers = {"content-type": "application/json"}
    transport = httpx2.MockTransport(
        lambda _: httpx2.Response(status, headers=headers, content=content)
    )
    return levels.module.MadeClient(
        base_url="https://made.test", transport=transport, responses=responses
    )


@pytest.mark.parametrize("responses", ["warn", "off"])
@pytest.mark.parametrize("status", [200, 201])
def test_answer_is_read_as_most_readers_take_it(
    levels: Package, responses: str, status: int
) -> None:
    def read(content: bytes) -> Any:
        return answering(levels, content, responses, status).get_level()

    level = levels.models.Level
    assert read(MANY_DIGITS) == level(
        metres=12345678901234567890.123456789, no=99999999999999999999
    )
    assert read(TWICE) == level(no=2)
    assert math.isnan(read(b'{"metres": NaN, "no": 1}').metres)
    assert read(b'\xef\xbb\xbf{"no": 1, "no": 2}') == level(no=2)
    assert read(b'{"no": 1,') == '{"no": 1,'
    assert read(b'{"no": 1, "a": "\\ud800"}') == '{"no": 1, "a": "\\ud800"}'


def test_error_has_its_body_all_the_same(levels: Package) -> None:
    with pytest.raises(NotFoundError) as found:
        answering(levels, TWICE, "warn", 404).get_level()
    error: Any = found.value
    assert error.body == levels.models.Level(no=2)


def test_warning_says_what_was_wrong(levels: Package, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        answering(levels, MANY_DIGITS, "off").get_level()
        assert caplog.text == ""
        answering(levels, MANY_DIGITS, "warn").get_level()
    assert "holds a number with more digits than a double can hold" in caplog.text


def test_strict_refuses_it(levels: Package) -> None:
    for content in (MANY_DIGITS, TWICE):
        with pytest.raises(UnexpectedAnswer):
            answering(levels, content, "strict").get_level()
