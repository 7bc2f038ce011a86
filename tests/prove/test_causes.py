"""What a proof tells of a bug: once, with the server's own reason, and how to see it again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bothends.cli import main
from bothends.prove import (
    Budget,
    Evidence,
    Package,
    causes,
    constants,
    prove_package,
)
from bothends.prove.evidence.record import Failure
from bothends.prove.target.server_log import listening
from bothends.prove.wire.message import Request, send
from bothends.runtime import App
from bothends.runtime.stand_in import load_stand_in
from bothends.serve.listen import running
from tests.packages import HEAD

from .packages import make_package

pytestmark = pytest.mark.filterwarnings("ignore")
_CONTRACT = """
paths:
  /tides/{n}:
    get:
      operationId: find
      parameters: [{name: n, in: path, required: true, schema: {type: integer, minimum: 0, maximum: 9}}]
      responses: {'200': &tide {description: One., content: {application/json: {schema: {type: object, required: [level], properties: {level: {type: integer}}}}}}, '400': {description: Wrong.}}
  /tides:
    post:
      operationId: add
      security: [{key: []}]
      requestBody: {required: true, content: {application/json: {schema: {type: array, maxItems: 3, items: {type: integer, minimum: 1}}}}}
      responses: {'200': *tide, '400': {description: Wrong.}, '401': {description: Who?}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
"""
_STAND_IN = """
from bothends.runtime import Response

def look_up(where, key):
    return where[key]

class StandIn:
    def find(self, n):
        return {"level": "high"} if n > 4 else {"level": n}

    def add(self, body):
        return {"level": look_up({}, sum(body))}
"""
_LINE = 1 + _STAND_IN.splitlines().index("    return where[key]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("causes")


@pytest.fixture(scope="module")
def package(folder: Path) -> Package:
    (folder / "contract.yaml").write_text(HEAD + _CONTRACT, "utf-8")
    made = make_package(folder / "generated", "shore", folder / "contract.yaml")
    (folder / "generated" / "specs").rename(folder / "specs")
    (folder / "specs" / "shore" / "stand_in.py").write_text(_STAND_IN, "utf-8")
    (folder / "pyproject.toml").write_text("[tool.bothends]\n", "utf-8")
    return made


@pytest.fixture(scope="module")
def evidence(folder: Path, package: Package) -> Evidence:
    file = folder / "specs" / "shore" / "stand_in.py"
    before = Path.cwd()
    os.chdir(folder)

    try:
        stand_in = load_stand_in(file, "shore")
        return prove_package(package, Budget(1, 5), stand_in=stand_in, constants=constants(file))
    finally:
        os.chdir(before)


def test_handler_bug_is_one_cause_with_location(
    evidence: Evidence,
) -> None:
    [bug] = [one for one in causes(evidence) if one.smallest.operation == "add"]
    assert bug.headline.startswith("add: the handler failed (KeyError: ")
    assert bug.headline.endswith(f" at specs/shore/stand_in.py:{_LINE}, in look_up)")
    assert bug.subjects == ("stand-in", "stand-in, replies unchecked")
    assert {part for part, _ in bug.checks} == {"conformance", "wire probes"}


def test_broken_answer_is_reported_as_the_log(evidence: Evidence) -> None:
    told = [one.headline for one in causes(evidence) if one.smallest.operation == "find"]
    assert (
        "find: the handler's answer breaks the contract: the body of status 200: /level: must be integer, got string"
        in told
    )


def test_nothing_that_was_counted_is_lost(evidence: Evidence) -> None:
    failed = sum(tally.failed for tally in evidence.tallies.values())
    assert (
        failed
        == sum(one.count for one in evidence.failures)
        == sum(one.count for one in causes(evidence))
    )


def test_the_reason_never_leaves_on_the_wire(package: Package, evidence: Evidence) -> None:
    class Broken:
        def find(self, **_: Any) -> Any:
            raise KeyError("canary")

    with (
        listening(package.api) as log,
        running(App(package.api, package.operations, Broken())) as address,
    ):
        answer = send(address, Request("GET", "/tides/1"))

    assert answer.status == 500
    assert "canary" not in f"{answer.headers} {answer.body!r}"
    assert "canary" in log.text


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_curl_lines_work_when_they_are_pasted(package: Package, evidence: Evidence) -> None:
    [bug] = [one for one in causes(evidence) if one.smallest.operation == "add"]
    assert "http://127.0.0.1:8000/tides" in bug.smallest.curl

    class Good:
        def add(self, body: list[int]) -> Any:
            return {"level": len(body)}

    app = App(
        package.api,
        package.operations,
        Good(),
        authenticate=lambda presented: bool(presented["key"].secret),
    )
    with running(app) as address:
        line = bug.smallest.curl.replace("http://127.0.0.1:8000", address)
        answer = subprocess.run(line, shell=True, capture_output=True, text=True, check=True)

    assert answer.stdout.startswith("HTTP/1.1 200"), answer


def _run(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.chdir(folder)
    return main(["prove", "shore", "--max-examples", "0", *words])


def test_first_screen_names_operation_fault_and_location(
    folder: Path,
    package: Package,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    reports = {kind: folder / f"evidence.{kind}" for kind in ("json", "junit", "html")}
    words = [word for kind, file in reports.items() for word in (f"--{kind}", str(file))]
    assert _run(folder, monkeypatch, *words) == 1
    said = capsys.readouterr()
    lines = said.out.splitlines()
    place = f"specs/shore/stand_in.py:{_LINE}, in look_up"
    assert any(place in line for line in lines[:24])
    assert any(line.startswith("shore add: ") for line in lines[:24])
    assert lines.count("  bothends serve shore --port 8000") == 1
    assert said.err == ""
    assert all(place in file.read_text("utf-8") for file in reports.values())
    stored = json.loads(reports["json"].read_text("utf-8"))
    assert {one["operation"] for one in stored["causes"]} == {"add", "find"}
    assert sum(one["count"] for one in stored["causes"]) == sum(
        one["count"] for one in stored["failures"]
    )
    suites = ET.parse(reports["junit"]).getroot()
    assert all(
        node.get("name", "").startswith(("add: ", "find: "))
        for node in suites.iter("testcase")
        if node.find("failure") is not None
    )


def test_two_causes_of_one_check_are_both_kept() -> None:
    made = Evidence()
    for cause, curl in (("a", "curl xx"), ("b", "curl x"), ("a", "curl x")):
        made.fail(
            Failure(
                "shore",
                "server",
                "add",
                "conformance",
                "status",
                "500",
                curl,
                cause=cause,
                reason=cause,
            )
        )

    assert [(one.headline, one.count, one.smallest.curl) for one in causes(made)] == [
        ("a", 2, "curl x"),
        ("b", 1, "curl x"),
    ]


def test_failures_without_log_are_one_cause() -> None:
    cause = "the server fails with status 500"
    made = Evidence()
    for check in ("json values: a", "paths: b"):
        made.fail(
            Failure(
                "shore",
                "http://shore",
                "add",
                "wire probes",
                check,
                "status 500",
                "curl x",
                cause=cause,
            )
        )
    made.fail(
        Failure(
            "shore",
            "http://shore",
            "add",
            "wire probes",
            "paths: c",
            "404 expected, got 200",
            "curl y",
        )
    )
    assert [(one.headline, one.count) for one in causes(made)] == [
        (cause, 2),
        ("404 expected, got 200", 1),
    ]


def test_progress_names_operation_and_total(package: Package) -> None:
    said: list[str] = []
    prove_package(package, Budget(1, 1), say=said.append)

    for line in (
        "shore, default, wire probes: 1 of 2 operations, find",
        "shore, default, conformance: coverage, 2 of 2 operations, add",
        "shore, default, replies unchecked, conformance: fuzzing, 1 of 2 operations, find",
        "shore, both ends, examples: 2 of 2 operations, add",
        "shore, both ends, agreement: 2 of 2 operations, add",
    ):
        assert line in said, said


def test_progress_is_for_terminals_only(folder: Path, package: Package) -> None:
    command = [
        sys.executable,
        "-m",
        "bothends",
        "prove",
        "shore",
        "--default",
        "--max-examples",
        "0",
    ]
    ours, theirs = os.openpty()
    told: list[bytes] = []

    def read() -> None:
        with suppress(OSError):  # which is how a terminal says that nobody is left at its other end
            while piece := os.read(ours, 4096):
                told.append(piece)

    reader = threading.Thread(target=read)
    reader.start()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=theirs, env=environment, check=True
    )
    os.close(theirs)
    reader.join()
    os.close(ours)
    assert b"shore, default, wire probes: 1 of 2" in b"".join(told)
    assert b"1 of 2" not in done.stdout
    assert subprocess.run(command, cwd=folder, capture_output=True, check=True).stderr == b""
