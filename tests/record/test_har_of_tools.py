"""HAR files as browsers and proxies write them: what they leave out is not held against anybody."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bothends.record import Exchange, Judge, read_har, write_har
from tests.record.tides import exchange

ANSWERED = exchange(answer={"height": 1})
POSTED = exchange("POST", "/tides", 204)
FORM = "application/x-www-form-urlencoded"


def read(
    seen: Exchange, request: dict[str, Any] | None = None, response: dict[str, Any] | None = None
) -> Exchange:
    """The exchange as it is read when members of its request and response are replaced."""
    document = json.loads(write_har([seen]))
    (entry,) = document["log"]["entries"]
    entry["request"] |= request or {}
    entry["response"] |= response or {}
    (found,) = read_har(json.dumps(document))
    return found


@pytest.mark.parametrize(
    "response",
    [
        {"content": {"size": 12, "mimeType": "application/json"}},
        {"content": {"size": 12, "mimeType": "application/json", "text": ""}},
        {"content": None, "bodySize": 12},
    ],
)
def test_answer_that_was_not_kept_is_not_judged(judge: Judge, response: dict[str, Any]) -> None:
    judged = judge.judge(read(ANSWERED, response=response))
    assert judged.exchange.is_answer_cut
    assert judged.is_right


def test_empty_answer_is_judged(judge: Judge) -> None:
    content = {"size": 0, "mimeType": "application/json", "text": ""}
    judged = judge.judge(read(ANSWERED, response={"content": content}))
    assert not judged.is_right


@pytest.mark.parametrize(
    "request_",
    [
        {"bodySize": 12},
        {"bodySize": -1, "headers": [{"name": "Content-Length", "value": "12"}]},
        {"postData": {"mimeType": "multipart/form-data", "params": [{"name": "f", "value": "1"}]}},
    ],
)
def test_request_that_was_not_kept_is_not_judged(judge: Judge, request_: dict[str, Any]) -> None:
    judged = judge.judge(read(POSTED, request_))
    assert judged.exchange.is_request_cut
    assert judged.is_right
    # What the server says to it is no refusal, and is judged.
    assert not judge.judge(read(replace(POSTED, status=202), request_)).is_right


def test_missing_request_is_judged(judge: Judge) -> None:
    assert not judge.judge(read(POSTED, {"bodySize": 0})).is_right


def test_size_of_a_request_without_body_tells_nothing() -> None:
    assert not read(ANSWERED, {"bodySize": 431}).is_request_cut


@pytest.mark.parametrize("text", [{}, {"text": ""}])
def test_form_is_read_from_its_fields(text: dict[str, str]) -> None:
    fields = [{"name": "a", "value": "b c&"}, {"name": "d"}]
    found = read(POSTED, {"postData": {"mimeType": FORM, "params": fields, **text}})
    assert found.request_body == b"a=b+c%26&d="
    assert not found.is_request_cut


@pytest.mark.parametrize("response", [{}, {"response": None}])
def test_entry_without_response_has_no_answer(response: dict[str, None]) -> None:
    document = json.loads(write_har([ANSWERED, ANSWERED]))
    entries = document["log"]["entries"]
    del entries[0]["response"]
    entries[0] |= response
    aborted, answered = read_har(json.dumps(document))
    assert (aborted.status, answered.status) == (0, 200)


def test_media_type_stands_in_for_headers_that_were_not_kept(judge: Judge) -> None:
    assert judge.judge(read(ANSWERED, {"headers": None}, {"headers": None})).is_right


def test_base64_may_be_broken_into_lines() -> None:
    content = {"size": 3, "mimeType": "image/png", "encoding": "base64", "text": "iVBO\r\nRw==\r\n"}
    assert read(ANSWERED, response={"content": content}).answer_body == b"\x89PNG"
