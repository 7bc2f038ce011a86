"""Evidence: written and read back, parts joined, a split that covers everything once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bothends.cli import main
from bothends.cli.evidence import summarise_evidence
from bothends.prove import (
    Budget,
    Evidence,
    Failure,
    Shard,
    merge_evidence,
    prove_package,
    read_evidence,
    write_json_evidence,
    write_junit,
    write_page,
)
from bothends.prove.evidence.record import Sides, Tally
from tests.junit_schema import junit_faults
from tests.packages import HEAD

from .packages import make_package


def evidence(tried: int = 1) -> Evidence:
    made = Evidence(seeds=[1], promises={"harbour": ["GET /tides (listTides)"]})
    for _ in range(tried):
        made.count(("harbour", "server", "listTides", "probes", "paths"))
    return made


def test_table_names_operations_while_few() -> None:
    few = summarise_evidence(evidence())
    assert "probes  listTides" in few

    many = evidence()
    for name in ("addTide", "getTide", "removeTide"):
        many.count(("harbour", "server", name, "probes", "paths"), failed=name == "getTide")
    assert "probes  4 operations               4      4       1" in summarise_evidence(many)
    rows = summarise_evidence(many, verbose=True).splitlines()
    assert [row.split()[3] for row in rows[1:5]] == [
        "addTide",
        "getTide",
        "listTides",
        "removeTide",
    ]
    assert rows[2].split()[-2:] == ["1", "1"]


def test_keywords_that_were_not_met_are_named() -> None:
    found = evidence()
    for number in range(7):
        place = ("harbour", "request", f"/components/schemas/Tide/{number}")
        found.keywords[place] = Sides(kept=1, broken=int(number == 0))

    lines = summarise_evidence(found).splitlines()
    assert "harbour: 1 of 7 request keywords kept and broken" in lines
    assert "  never broken: /components/schemas/Tide/1" in lines
    assert "  and 1 more: --verbose has all" in lines
    assert "Tide/6" in summarise_evidence(found, verbose=True)


def test_reason_of_operations_named_by_sentences_is_one_line() -> None:
    found = Evidence(promises={"harbour": ["GET /a (Get, or list: a tide)", "GET /b (Get a wave)"]})
    found.skip("harbour", "server", "Get, or list: a tide, by the fuzzer: it has only a few values")
    found.skip("harbour", "server", "Get a wave, by the fuzzer: it has only a few values")
    lines = summarise_evidence(found).splitlines()
    assert (
        "  harbour (server): Get a wave, Get, or list: a tide: by the fuzzer: it has only a few values"
        in lines
    )


def test_what_is_not_applicable_is_no_gap() -> None:
    found = evidence()
    for server in ("default", "server"):
        found.exempt("harbour", server, "check of memory: not applicable to a server without")

    report = summarise_evidence(found)
    assert "harbour (default, server): check of memory: not applicable to a server" in report
    assert "tried:" not in report
    assert "check of memory" in write_page(found)
    assert "check of memory" in write_junit(found)
    assert not junit_faults(write_junit(found))


def wrong(curl: str) -> Failure:
    return Failure("harbour", "server", "listTides", "probes", "paths", "<404> expected", curl)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    made = evidence()
    made.fail(wrong("curl x"))
    made.exempt("harbour", "server", "check of memory: not applicable")
    file = tmp_path / "part.json"
    file.write_text(write_json_evidence(made))
    assert read_evidence(file) == made


def test_evidence_of_a_large_run_comes_back(tmp_path: Path) -> None:
    """A form of sixty fields is tried with thousands of bodies: 260,000 checks were 38 MB."""
    made = Evidence()
    for number in range(260_000):
        operation = f"FetchAccountOfCustomer{number // 1_000}"
        check = f"forms: Parameter{number}.Value is '1 '"
        made.tallies["proved", "default", operation, "wire probes", check] = Tally(1)

    file = tmp_path / "part.json"
    file.write_text(write_json_evidence(made))
    assert file.stat().st_size < 16_000_000
    assert read_evidence(file) == made


@pytest.mark.parametrize("checks", ["[1]", "[{}]", '[{"checks": [1]}]', "1"])
def test_checks_of_another_shape_are_no_evidence(tmp_path: Path, checks: str) -> None:
    file = tmp_path / "part.json"
    written = write_json_evidence(evidence())
    data = json.loads(written) | {"checks": json.loads(checks)}
    file.write_text(json.dumps(data))
    with pytest.raises(ValueError, match="is not the evidence of a run"):
        read_evidence(file)


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
    assert junit_faults(write_junit(made)) == []
    root = ET.fromstring(write_junit(made))
    assert [node.get("message") for node in root.iter("failure")] == ["<404> expected"]
    assert "<script>" not in write_page(made)


def test_reports_hold_no_control_characters() -> None:
    made = evidence()
    made.fail(wrong("curl '\x9b2J\u202e\x1b[31m\x85\ud800'"))
    for text in (write_junit(made), write_page(made)):
        assert not set("\x9b\u202e\x1b\x85\ud800") & {*text}
    assert "\\x9b2J\\u202e" in write_junit(made)


@pytest.mark.parametrize("total", [1, 2, 5])
def test_a_split_covers_each_operation_once(total: int) -> None:
    things: list[Any] = list(range(7))
    parts = [Shard(index, total).choose(things) for index in range(1, total + 1)]
    assert sorted([*sum(parts, ())], key=things.index) == things


def test_merged_evidence_decides_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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


@pytest.mark.parametrize(
    "words", [["--shard", "3/2"], ["--shard", "x"], ["--url", "ftp://x", "zuora"]]
)
def test_misuse_is_told(
    words: list[str], repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    assert main(["prove", *words]) == 2


PARTS = """
components:
  schemas: {Tide: {type: object, required: [level], properties: {level: {type: string, maxLength: 3}, n: {type: integer}}}}
paths:
"""
OPERATION = """
  /tides{n}:
    post:
      operationId: add{n}
      parameters:
        - {{name: size, in: query, required: true, schema: {{type: integer, minimum: 1}}}}
        - {{name: X-Kind, in: header, schema: {{type: string, enum: [low, high]}}}}
      requestBody: {{content: {{application/x-www-form-urlencoded: {{schema: {{$ref: '#/components/schemas/Tide'}}}}}}}}
      responses:
        '200':
          description: Added.
          headers: {{X-Left: {{required: true, schema: {{type: integer, maximum: 9}}}}}}
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Tide'}}}}}}
        '400': {{description: Wrong.}}
"""


@pytest.fixture(scope="module")
def whole_and_parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Evidence, list[Evidence]]:
    folder = tmp_path_factory.mktemp("parts")
    contract = folder / "parts.yaml"
    contract.write_text(
        HEAD + PARTS + "".join(OPERATION.format(n=number) for number in range(3)), "utf-8"
    )
    package = make_package(folder, "parts", contract)
    budget = Budget(seed=1, max_examples=0)
    return prove_package(package, budget), [
        prove_package(package, budget, shard=Shard(n, 2)) for n in (1, 2)
    ]


@pytest.mark.filterwarnings("ignore")
def test_the_parts_of_a_split_run_are_the_whole(
    whole_and_parts: tuple[Evidence, list[Evidence]], tmp_path: Path
) -> None:
    whole, parts = whole_and_parts
    files = [tmp_path / f"part-{number}.json" for number in range(len(parts))]
    for file, part in zip(files, parts, strict=True):
        file.write_text(write_json_evidence(part), "utf-8")

    merged = merge_evidence(map(read_evidence, files))
    assert whole.is_proved
    assert merged.tallies == whole.tallies
    assert {name: sorted(told) for name, told in merged.promises.items()} == {
        "parts": sorted(whole.promises["parts"])
    }
    assert merged.keywords == whole.keywords
    assert (merged.failures, merged.untried) == (whole.failures, whole.untried)


def test_keywords_everywhere_are_counted_on_both_sides(
    whole_and_parts: tuple[Evidence, list[Evidence]],
) -> None:
    whole, _ = whole_and_parts
    operation, tide = "/paths/~1tides0/post", "/components/schemas/Tide"
    for pointer in (
        f"{operation}/parameters/0/required",
        f"{operation}/parameters/0/schema/type",
        f"{operation}/parameters/0/schema/minimum",
        f"{operation}/parameters/1/schema/enum",
        f"{tide}/required",
        f"{tide}/properties/level/maxLength",
    ):
        sides = whole.keywords["parts", "request", pointer]
        assert sides.kept and sides.broken, pointer

    for pointer in (
        f"{operation}/responses/200/headers/X-Left/schema/maximum",
        f"{tide}/properties/level/maxLength",
    ):
        sides = whole.keywords["parts", "reply", pointer]
        assert sides.kept and not sides.broken, pointer


def test_a_keyword_that_nothing_met_is_told() -> None:
    place = ("harbour", "request", "/components/schemas/Tide/maxLength")
    assert [
        Sides(kept, broken).gap(place) for kept, broken in ((0, 0), (2, 0), (0, 2), (2, 2))
    ] == [
        "never met",
        "never broken",
        "never kept",
        "",
    ]
    reply = (place[0], "reply", place[2])
    assert [Sides(kept, broken).gap(reply) for kept, broken in ((0, 0), (2, 0))] == [
        "never met",
        "",
    ]
    told = evidence()
    told.keywords[place] = Sides(2, 0)
    assert "never broken" in write_page(told)
    assert "kept 2, broken 0: never broken" in write_junit(told)
    assert junit_faults(write_junit(told)) == []


def test_promises_of_a_package_are_those_of_all_its_parts() -> None:
    one, other = (Evidence(promises={"harbour": [told]}) for told in ("GET /a (a)", "GET /b (b)"))
    assert merge_evidence([one, other]).promises == {"harbour": ["GET /a (a)", "GET /b (b)"]}
