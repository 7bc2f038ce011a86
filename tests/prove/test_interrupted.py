"""Evidence survives: Ctrl-C, a crash inside one operation, and contracts that the engine cannot make values of."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bothends.cli import main
from bothends.cli.evidence import summarise_evidence
from bothends.prove import Budget, Evidence, prove_package, write_json_evidence
from bothends.prove.fuzz.run import FuzzRun
from tests.packages import HEAD

from .packages import make_package

pytestmark = pytest.mark.filterwarnings("ignore")
OPERATIONS = """
paths:
  /first: {get: {operationId: first, responses: {'200': &tide {description: One., content: {application/json: {schema: {type: integer}}}}}}}
  /second: {get: {operationId: second, responses: {'200': *tide}}}
"""
STAND_IN = """
import os
import signal

class StandIn:
    def first(self):
        return 1

    def second(self):
        os.kill(os.getpid(), signal.SIGINT)
        return 2
"""
ODD = """
paths:
  /number: {get: {operationId: noNumber, parameters: [{name: n, in: query, required: true, schema: {type: integer, minimum: 5, maximum: 3}}], responses: &fine {'200': {description: Fine.}, '400': {description: No.}}}}
  /endless: {post: {operationId: endless, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Endless'}}}}, responses: *fine}}
  /unique: {post: {operationId: manyUnique, requestBody: {required: true, content: {application/json: {schema: {type: array, uniqueItems: true, minItems: 4, items: {enum: [1, 2, 3]}}}}}, responses: *fine}}
  /nothing: {post: {operationId: nothing, requestBody: {required: true, content: {application/json: {schema: {not: {}}}}}, responses: *fine}}
  /long: {post: {operationId: longText, requestBody: {required: true, content: {application/json: {schema: {type: string, minLength: 20000}}}}, responses: *fine}}
  /names: {post: {operationId: manyNames, requestBody: {required: true, content: {application/json: {schema: {type: object, minProperties: 30, propertyNames: {pattern: '^[a-z]{2}$'}}}}}, responses: *fine}}
  /plain: {get: {operationId: plain, responses: *fine}}
components: {schemas: {Endless: {type: object, required: [child], properties: {child: {$ref: '#/components/schemas/Endless'}}}}}
"""


def test_interrupted_run_leaves_report_and_evidence(tmp_path: Path) -> None:
    contract = tmp_path / "contract.yaml"
    contract.write_text(HEAD + OPERATIONS, "utf-8")
    make_package(tmp_path / "generated", "inlet", contract)
    (tmp_path / "generated" / "specs").rename(tmp_path / "specs")
    (tmp_path / "specs" / "inlet" / "stand_in.py").write_text(STAND_IN, "utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.bothends]\n", "utf-8")

    command = [sys.executable, "-m", "bothends", "prove", "inlet", "--json", "evidence.json"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        check=False,
    )
    evidence = json.loads((tmp_path / "evidence.json").read_text("utf-8"))

    assert done.returncode == 1
    assert "the run did not come to its end: it was interrupted" in done.stdout
    assert evidence["interrupted"] == "it was interrupted"
    assert {group["operation"] for group in evidence["checks"]} >= {"first"}
    assert "Traceback" not in done.stdout + done.stderr


def test_crash_inside_one_operation_costs_that_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    contract = tmp_path / "contract.yaml"
    contract.write_text(HEAD + OPERATIONS, "utf-8")
    package = make_package(tmp_path, "sound", contract)

    def crash(context: Any) -> Any:
        if context.operation.id == "first":
            raise RuntimeError("a fault of ours")
        return ()

    monkeypatch.setattr("bothends.prove.probes.families.paths.probes", crash)
    evidence = prove_package(package, Budget(1, 0))

    assert evidence.failures == []
    assert [text for _, _, text in evidence.untried if text.startswith("first, wire probes")]
    assert {key[2] for key in evidence.tallies} >= {"first", "second"}
    assert (
        "first, wire probes of paths: this is a fault of bothends: RuntimeError: a fault of ours"
        in {text for _, _, text in evidence.untried}
    )
    assert (evidence.has_fault, evidence.is_proved) == (True, False)

    file = tmp_path / "evidence.json"
    file.write_text(write_json_evidence(evidence), "utf-8")
    assert main(["prove", "--merge", str(file)]) == 70
    printed = capsys.readouterr().out
    assert "not proved: a fault of bothends ended a part of it" in printed


def test_crash_inside_the_fuzzer_costs_the_operation_in_which_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = tmp_path / "contract.yaml"
    third = "  /third: {get: {operationId: third, responses: {'200': *tide}}}\n"
    contract.write_text(HEAD + OPERATIONS + third, "utf-8")
    package = make_package(tmp_path, "engine", contract)

    def crash(self: FuzzRun, event: Any) -> None:
        if getattr(event, "label", None) == "GET /second":
            raise RuntimeError("a fault of the engine")
        take(self, event)

    take = FuzzRun.take
    monkeypatch.setattr(FuzzRun, "take", crash)
    evidence = prove_package(package, Budget(1, 2))

    assert {text for _, _, text in evidence.untried} == {
        "second, by the fuzzer: this is a fault of bothends: RuntimeError: a fault of the engine"
    }
    floors = {key[2] for key in evidence.tallies if key[3:] == ("conformance", "excuses")}
    assert floors == {"first", "third"}


UNREAD = """
paths:
  /tides:
    get:
      operationId: tides
      responses:
        '200':
          description: They.
          content: {application/json: {schema: {anyOf: [{type: [string, integer]}, {type: object}]}}}
  /tides/{id}:
    get:
      operationId: tide
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: One.}}
"""


def test_schemas_whose_dependencies_the_fuzzer_cannot_read_are_fuzzed(tmp_path: Path) -> None:
    contract = tmp_path / "contract.yaml"
    contract.write_text(HEAD + UNREAD, "utf-8")
    evidence = prove_package(make_package(tmp_path, "unread", contract), Budget(1, 5))

    assert evidence.is_proved
    assert {key[2] for key in evidence.tallies if key[3] == "conformance"} >= {"tides", "tide"}
    [reason] = {text for _, _, text in evidence.untried}
    assert reason.startswith("sequences of requests that the fuzzer infers from schemas: ")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    folder = tmp_path_factory.mktemp("odd")
    contract = folder / "contract.yaml"
    contract.write_text(HEAD + ODD, "utf-8")
    return prove_package(make_package(folder, "odd", contract), Budget(1, 2))


def test_values_that_nobody_can_make_are_named_not_failed(odd: Evidence) -> None:
    assert odd.failures == []
    assert not odd.has_fault
    without = {text.partition(",")[0].partition(":")[0] for _, _, text in odd.untried}
    assert without >= {"noNumber", "endless", "manyUnique", "nothing"}
    assert "an example in the contract would help" in summarise_evidence(odd)


def test_long_and_many_named_values_are_tried(odd: Evidence) -> None:
    tried = {key[2] for key in odd.tallies if key[3] == "wire probes"}
    assert tried >= {"longText", "manyNames", "plain"}


WILD = """
paths:
  /upgrade: {get: {operationId: upgrade, responses: {'101': {description: Another protocol.}}}}
  /null: {get: {operationId: noReply, responses: {'200': {description: One., content: {application/json: {schema: {type: string, enum: [null]}}}}}}}
  /type: {post: {operationId: noType, requestBody: {required: true, content: {open/api/client: {schema: {type: string}}}}, responses: {'200': {description: Fine.}}}}
  /deep:
    get:
      operationId: deep
      parameters:
        - {name: flat, in: query, style: form, schema: &level {type: object, properties: {a: {type: integer}}}}
        - {name: deep, in: query, style: deepObject, schema: *level}
      responses: {'200': {description: Fine.}}
  /long/{p}: {get: {operationId: long, parameters: [{name: p, in: path, required: true, schema: {type: string, minLength: 1, maxLength: 152133}}], responses: {'200': {description: Fine.}}}}
  /plain: {get: {operationId: plain, responses: {'200': {description: Fine.}}}}
"""


def test_contracts_in_the_wild_raise_no_false_alarm(tmp_path: Path) -> None:
    contract = tmp_path / "contract.yaml"
    contract.write_text(HEAD + WILD, "utf-8")
    evidence = prove_package(make_package(tmp_path, "wild", contract), Budget(1, 2))
    untried = {text.partition(",")[0].partition(":")[0] for _, _, text in evidence.untried}

    assert evidence.failures == []
    assert untried >= {"upgrade", "noReply"}
    assert {key[2] for key in evidence.tallies} >= {"deep", "long", "plain"}
