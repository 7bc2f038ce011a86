"""Recorded exchanges become named examples, and the stand-in answers with them."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
import yaml

from bothends.cli.app import run
from bothends.record import write_har
from bothends.runtime.stand_in import DefaultStandIn
from tests.packages import import_files, send
from tests.record.tides import CONTRACT, exchange


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Path:
    """A generated project. Its package has the name of the test: a process imports a name once."""
    contract = tmp_path / "specs" / request.node.originalname / "openapi.yaml"
    contract.parent.mkdir(parents=True)
    contract.write_text("openapi: 3.1.0\ninfo: {title: T, version: '1'}" + CONTRACT, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["generate"]) == 0
    return tmp_path


def test_recordings_become_examples_of_the_stand_in(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "test_recordings_become_examples_of_the_stand_in"
    recorded = [
        exchange(target="/tides/7", answer={"height": 1}),
        exchange(target="/tides/7?day=mon", answer={"height": 2}),
        exchange(target="/tides/8?day=tue", answer={"height": 3}),
        exchange(target="/tides/8?day=long", answer={"height": 4}),  # not allowed
        exchange(target="/tides/9", answer={"depth": 5}),  # not documented
        exchange("POST", "/tides", 204, body={"height": 1}),  # a reply without a value
    ]
    (project / "seen.har").write_text(write_har(recorded), "utf-8")
    overlay = f"specs/{name}/overlay.yaml"
    run(["check-exchanges", name, "seen.har", "--examples", overlay])
    assert f"3 examples written to {overlay}" in capsys.readouterr().out

    assert run(["validate"]) == 0
    checked = capsys.readouterr().out
    assert "[example" not in checked
    assert run(["generate"]) == 0
    folder = project / "generated" / name
    files = {
        file.relative_to(folder).as_posix(): file.read_text("utf-8")
        for file in folder.rglob("*.*")
        if file.suffix in (".py", ".json")
    }
    again = import_files(project / "again", files)
    operations = import_module(f"{again.__name__}.operations")
    app = DefaultStandIn(operations.API, operations.OPERATIONS).app()
    for target, height in (("7", 1), ("7?day=mon", 2), ("8?day=tue", 3)):
        answer = send(app, "GET", f"/v1/tides/{target}", headers={"Api-Key": "k"})
        assert (target, answer.json()) == (target, {"height": height})

    # What a person may have changed is not written over.
    assert run(["check-exchanges", name, "seen.har", "--examples", overlay]) == 2


def test_single_example_stays_beside_recorded_ones(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "test_single_example_stays_beside_recorded_ones"
    contract = project / "specs" / name / "openapi.yaml"
    text = contract.read_text("utf-8")
    old = "schema: {type: integer}}"
    contract.write_text(text.replace(old, "schema: {type: integer}, example: 1}"), "utf-8")
    (project / "seen.har").write_text(write_har([exchange(answer={"height": 1})]), "utf-8")
    run(["check-exchanges", name, "seen.har", "--examples", "examples.yaml"])
    actions = yaml.safe_load((project / "examples.yaml").read_text("utf-8"))["actions"]
    target = '$["paths"]["/tides/{id}"]["get"]["parameters"][0]'
    assert {"target": target + '["example"]', "remove": True} in actions
    named = {"given": {"value": 1}, "getTide-1": {"value": 7}}
    assert {"target": target, "update": {"examples": named}} in actions


def test_examples_are_as_many_as_a_contract_holds(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "test_examples_are_as_many_as_a_contract_holds"
    recorded = [exchange(target=f"/tides/{number}", answer={"height": 1}) for number in range(600)]
    recorded.append(
        exchange(target="/tides/7?day=mon", answer={"height": 1, "owner": "a" * 100_000})
    )
    (project / "seen.har").write_text(write_har(recorded), "utf-8")
    overlay = f"specs/{name}/overlay.yaml"
    run(["check-exchanges", name, "seen.har", "--examples", overlay])
    told = f"250 examples written to {overlay}; 351 more are too many or too long"
    assert told in capsys.readouterr().out
    assert run(["validate"]) == 0
    assert run(["generate"]) == 0
