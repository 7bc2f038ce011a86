"""Recordings that mean harm: each part of a HAR file replaced, and files that never end."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bothends.cli import main
from bothends.record import Exchange, HarError, read_har, write_har

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


def test_an_address_that_is_none_is_told() -> None:
    recording = json.loads(write_har([EXCHANGE]))
    recording["log"]["entries"][0]["request"]["url"] = "http://[bad"
    with pytest.raises(HarError, match="entry 0: its URL is none"):
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
