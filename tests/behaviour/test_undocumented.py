"""Answers that the contract does not document: a success is never lost and never an error, except in strict."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from tests.packages import Package

from bothends.runtime import UndocumentedStatus, UnexpectedAnswer

TIDES = """
components:
  schemas:
    Tide: {type: object, required: [id], properties: {id: {type: integer}, level: {type: string}}}
    Problem: {type: object, properties: {title: {type: string}}}
paths:
  /tides:
    post:
      operationId: addTide
      responses:
        '200': {description: Added., content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}}
        default: {description: Failed., content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
  /any:
    get:
      operationId: any
      responses: {'200': {description: Whatever., content: {application/json: {schema: {}}}}}
  /chart:
    get:
      operationId: chart
      responses:
        '200': {description: A chart., content: {image/png: {}}}
        default: {description: Failed., content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
  /only-default:
    get:
      operationId: onlyDefault
      responses:
        default: {description: A tide., content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}}
  /quiet:
    put:
      operationId: setQuiet
      responses: {'200': {description: Set.}, '409': {description: Not set.}}
"""
JSON = "application/json"


@pytest.fixture(scope="module")
def tides(made_once: Callable[[str], Package]) -> Package:
    return made_once(TIDES)


def answering(
    tides: Package, status: int, media_type: str | None, content: bytes, **options: Any
) -> Any:
    headers = {"content-type": media_type} if media_type else {}

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, headers=headers, content=content)

    return tides.module.MadeClient(
        base_url="https://tides.test", transport=httpx2.MockTransport(answer), **options
    )


@pytest.mark.parametrize("responses", ["warn", "off"])
class TestSuccesses:
    def test_read_by_the_nearest_documented_one(self, tides: Package, responses: str) -> None:
        client = answering(tides, 201, JSON, b'{"id":1}', responses=responses)
        assert client.add_tide() == tides.models.Tide(id=1)

    def test_one_without_a_body_is_nothing(self, tides: Package, responses: str) -> None:
        for status in (200, 202, 204):
            assert answering(tides, status, None, b"", responses=responses).add_tide() is None

    @pytest.mark.parametrize(
        ("media_type", "content", "value"),
        [
            ("text/csv", b"a,b\n1,2\n", "a,b\n1,2\n"),
            ("text/csv", b"1", "1"),
            ("text/plain; charset=iso-8859-1", b"\xe9", "\xe9"),
            ("text/plain", b"done", "done"),
            ("text/plain", b"5", "5"),
            ("application/xml", b"<a/>", "<a/>"),
            ("image/png", b"\x89PNG", b"\x89PNG"),
            ("application/octet-stream", b"\xff", b"\xff"),
            ("text/plain", b'{"id":1}', {"id": 1}),
            ("application/x-json", b"[1]", [1]),
            ("application/vnd.tide.json", b"[1]", [1]),
            (JSON, b"not JSON", "not JSON"),
            (JSON, b"\xff", b"\xff"),
            (None, b"", None),
        ],
    )
    def test_read_by_its_own_type(
        self, tides: Package, responses: str, media_type: str | None, content: bytes, value: object
    ) -> None:
        assert answering(tides, 200, media_type, content, responses=responses).any() == value

    def test_an_undocumented_one_in_another_type(self, tides: Package, responses: str) -> None:
        assert answering(tides, 201, "text/csv", b"a", responses=responses).add_tide() == "a"
        assert answering(tides, 201, "image/gif", b"a", responses=responses).add_tide() == b"a"
        client = answering(tides, 201, "application/vnd.x+json", b"[1]", responses=responses)
        assert client.add_tide() == [1]

    def test_a_stream_of_bytes_with_another_status(self, tides: Package, responses: str) -> None:
        client = answering(tides, 206, "image/png", b"png", responses=responses)
        assert client.chart() == b"png"
        with client.with_streaming_response.chart() as chart:
            assert (chart.status, chart.read()) == (206, b"png")

    def test_a_body_where_none_is_described(self, tides: Package, responses: str) -> None:
        for media_type, content, value in (
            (JSON, b'{"id":1}', {"id": 1}),
            ("text/plain", b"set", "set"),
            (None, b"", None),
        ):
            client = answering(tides, 200, media_type, content, responses=responses)
            assert client.set_quiet() == value

    def test_its_raw_response(self, tides: Package, responses: str) -> None:
        raw = answering(tides, 201, JSON, b'{"id":1}', responses=responses).with_raw_response
        answer = raw.add_tide()
        assert (answer.status, answer.body) == (201, tides.models.Tide(id=1))


def test_warn_says_so_and_off_is_quiet(tides: Package, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        answering(tides, 201, JSON, b'{"id":1}', responses="off").add_tide()
        assert caplog.text == ""
        answering(tides, 201, JSON, b'{"id":1}').add_tide()
    assert "status 201 breaks the contract: its status is not documented" in caplog.text


def test_strict_raises_with_the_answer_in_hand(tides: Package) -> None:
    with pytest.raises(UndocumentedStatus) as caught:
        answering(tides, 201, JSON, b'{"id":1}', responses="strict").add_tide()
    assert caught.value.response is not None
    assert caught.value.response.content == b'{"id":1}'

    with pytest.raises(UnexpectedAnswer) as broken:
        answering(tides, 200, "text/csv", b"a", responses="strict").any()
    assert broken.value.response is not None
    assert broken.value.response.content == b"a"

    with pytest.raises(UnexpectedAnswer, match="describes none") as undescribed:
        answering(tides, 200, "text/plain", b"set", responses="strict").set_quiet()
    assert undescribed.value.response is not None
    assert undescribed.value.response.content == b"set"
    assert answering(tides, 200, None, b"", responses="strict").set_quiet() is None


def test_default_alone_documents_successes_too(tides: Package) -> None:
    client = answering(tides, 203, JSON, b'{"id":1}', responses="strict")
    assert client.only_default() == tides.models.Tide(id=1)


def test_default_beside_a_success_documents_errors(tides: Package) -> None:
    with pytest.raises(tides.errors.AddTideDefaultError) as caught:
        answering(tides, 418, JSON, b'{"title":"tea"}').add_tide()
    assert (caught.value.status, caught.value.body.title) == (418, "tea")
