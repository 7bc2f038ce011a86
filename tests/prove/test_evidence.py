"""Evidence: written and read back, parts joined, a split that covers everything once."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bothends.cli import main
from bothends.prove import (
    Evidence,
    Failure,
    Shard,
    merge_evidence,
    read_evidence,
    write_json_evidence,
    write_junit,
    write_page,
)


def evidence(tried: int = 1) -> Evidence:
    made = Evidence(seeds=[1], promises={"harbour": ["GET /tides (listTides)"]})
    for _ in range(tried):
        made.count(("harbour", "server", "listTides", "probes", "paths"))
    return made


def wrong(curl: str) -> Failure:
    return Failure("harbour", "server", "listTides", "probes", "paths", "<404> expected", curl)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    made = evidence()
    made.fail(wrong("curl x"))
    file = tmp_path / "part.json"
    file.write_text(write_json_evidence(made))
    assert read_evidence(file) == made


def test_parts_are_summed_and_the_smallest_request_is_kept() -> None:
    one, other = evidence(2), evidence(3)
    one.fail(wrong("curl --long x"))
    other.fail(wrong("curl x"))
    whole = merge_evidence([one, other])
    assert [(failure.curl, failure.count) for failure in whole.failures] == [("curl x", 2)]
    assert [(tally.tried, tally.failed) for tally in whole.tallies.values()] == [(7, 2)]
    assert not whole.is_proved


def test_nothing_tried_is_nothing_proved() -> None:
    assert not Evidence().is_proved
    assert evidence().is_proved


def test_reports_are_well_formed_and_escape_what_they_tell() -> None:
    made = evidence()
    made.fail(wrong("curl '\x00<script>'"))
    root = ET.fromstring(write_junit(made))
    assert [node.get("message") for node in root.iter("failure")] == ["<404> expected"]
    assert "<script>" not in write_page(made)


@pytest.mark.parametrize("total", [1, 2, 5])
def test_a_split_covers_each_operation_once(total: int) -> None:
    things: list[Any] = list(range(7))
    parts = [Shard(index, total).choose(things) for index in range(1, total + 1)]
    assert sorted([*sum(parts, ())], key=things.index) == things


def test_merged_evidence_decides_the_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(write_json_evidence(evidence()))
    failed = evidence()
    failed.fail(wrong("curl x"))
    bad.write_text(write_json_evidence(failed))
    assert main(["prove", "--merge", str(good)]) == 0
    assert main(["prove", "--merge", str(good), "--merge", str(bad)]) == 1
    assert "curl x" in capsys.readouterr().out
    good.write_text("{}")
    assert main(["prove", "--merge", str(good)]) == 2


@pytest.mark.parametrize("words", [["--shard", "3/2"], ["--shard", "x"], ["--url", "ftp://x", "zuora"]])
def test_misuse_is_told(words: list[str], repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    assert main(["prove", *words]) == 2
