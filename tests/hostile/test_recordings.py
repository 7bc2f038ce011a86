"""Recordings that mean harm: each part of a HAR file replaced, and files that never end."""

from __future__ import annotations

import copy
import json
import os
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bothends.cli import main
from bothends.record import Exchange, HarError, Judge, read_har, suggestions, write_har

from .served import operations_of

CONTRACT = """
paths:
  /tides:
    get:
      operationId: listTides
      parameters: [{name: a, in: query, schema: {type: string}}]
      responses:
        '200': {description: All., content: {application/json: {schema: {type: array, items: {}}}}}
"""
JUNK: tuple[Any, ...] = (None, [], {}, "", "\ud800", [1], {"a": 1}, 10**30, -1, True, 1.5)
EXCHANGE = Exchange(
    method="POST",
    url="http://localhost/tides?a=1",
    request_headers=(("content-type", "application/json"),),
    request_body=b"\xff{}",
    status=200,
    answer_headers=(("content-type", "text/plain"), ("location", "/")),
    answer_body=b"a",
    started="2026-01-01T00:00:00Z",
    is_request_cut=True,
    is_answer_cut=True,
)


def places(value: Any, pointer: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*pointer, key)
            yield from places(item, (*pointer, key))


def test_parts_of_other_kinds_are_told() -> None:
    recording = json.loads(write_har([EXCHANGE]))
    count = 0
    for pointer in places(recording):
        for junk in JUNK:
            changed = copy.deepcopy(recording)
            holder = changed
            for key in pointer[:-1]:
                holder = holder[key]
            holder[pointer[-1]] = junk
            with suppress(HarError):
                for exchange in read_har(json.dumps(changed)):
                    write_har([exchange])
            count += 1

    assert count > 400


@pytest.mark.parametrize("text", ["[" * 100_000, "9" * 5_000, "", "null", '{"log": "\\ud800"}'])
def test_a_text_that_is_no_recording_is_told(text: str) -> None:
    with pytest.raises(HarError):
        list(read_har(text))


@pytest.mark.parametrize("item", ["{},", "[],", "0,", '{"":0},'])
def test_many_small_values_are_no_recording(item: str) -> None:
    text = '{"log": {"entries": [], "_": [' + item * (35_000_000 // len(item)) + "0]}}"
    tracemalloc.start()
    try:
        with pytest.raises(HarError, match="it holds more than"):
            list(read_har(text))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * len(text)


@pytest.mark.parametrize(
    "answer",
    [b"[" + b"{}," * 1_000_000 + b"0]", b"[" * 100_000, b'{"a":' * 900 + b"1" + b"}" * 900],
)
def test_a_costly_answer_is_told(tmp_path: Path, answer: bytes) -> None:
    operations = operations_of(tmp_path, CONTRACT)
    seen = replace(
        EXCHANGE, method="GET", request_headers=(), request_body=b"", is_request_cut=False
    )
    json_type = (("content-type", "application/json"),)
    seen = replace(seen, answer_headers=json_type, answer_body=answer, is_answer_cut=False)
    judge = Judge(operations.API, operations.OPERATIONS)
    tracemalloc.start()
    try:
        judgement = judge.judge(seen)
        found = suggestions([judgement])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "the body is not JSON: " in judgement.text
    assert found == []
    assert peak < 30_000_000


def test_an_address_that_is_none_is_told() -> None:
    recording = json.loads(write_har([EXCHANGE]))
    recording["log"]["entries"][0]["request"]["url"] = "http://[bad"
    with pytest.raises(HarError, match="entry 0: its URL is none"):
        list(read_har(json.dumps(recording)))


@pytest.mark.parametrize("part", ["method", "url", "name", "value"])
def test_half_a_surrogate_pair_is_told(part: str) -> None:
    recording = json.loads(write_har([EXCHANGE]))
    request = recording["log"]["entries"][0]["request"]
    holder = request if part in request else request["headers"][0]
    holder[part] += "\ud800"
    with pytest.raises(HarError, match=f"entry 0: `{part}` has half of a surrogate pair"):
        list(read_har(json.dumps(recording)))


@pytest.mark.parametrize("kind", ["fifo", "endless"])
def test_a_recording_without_end_is_misuse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    file = tmp_path / "a.har"
    if kind == "fifo":
        os.mkfifo(file)
    else:
        file.symlink_to("/dev/zero")

    package = Path(__file__).parents[2] / "generated/zuora"
    assert main(["check-exchanges", str(package), str(file)]) == 2
    assert "Traceback" not in "".join(capsys.readouterr())
