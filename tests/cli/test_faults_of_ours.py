"""A fault of ours in emitting an operation or a model costs what uses it, and its hint is a command that works."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import TypeAlias

import pytest

from bothends import ir
from bothends.emit import operations
from bothends.emit.models import adapter, lower, module
from bothends.emit.models.order import Group

from .conftest import Project

CONTRACT = """\
openapi: 3.1.0
info: {title: Tides, version: '1'}
paths:
  /tides/{day}/it's "here"[1]:
    parameters: &parameters [{name: day, in: path, required: true, schema: {type: string}}]
    get: {responses: {'204': {description: None.}}}
  /tides/{day}:
    parameters: *parameters
    get: {responses: {'204': {description: None.}}}
    post: {operationId: addTide, responses: {'204': {description: None.}}}
"""
Planting: TypeAlias = Callable[[pytest.MonkeyPatch], None]
FAULTY = [
    ("GET", "/tides/{day}"),
    ("POST", "/tides/{day}"),
    ("GET", '/tides/{day}/it\'s "here"[1]'),
]


def plant(monkeypatch: pytest.MonkeyPatch, method: str, path: str) -> None:
    real = operations.operation_view

    def planted(operation: ir.Operation, headers: operations.SharedHeaders) -> object:
        if (operation.method, operation.path) == (method, path):
            raise KeyError("planted")
        return real(operation, headers)

    monkeypatch.setattr(operations, "operation_view", planted)


@pytest.mark.parametrize(("method", "path"), FAULTY)
def test_fault_in_one_operation_leaves_the_others(
    project: Project, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    project.write("specs/tide/openapi.yaml", CONTRACT)
    plant(monkeypatch, method, path)

    done = project.run("generate", "tide")
    assert done.code == 70
    assert f"refused-internal-error] {method} {path}: This is a fault of bothends" in done.err
    written = (project.root / "generated/tide/operations.py").read_text("utf-8")
    assert written.count("= Operation") == 2
    assert "fault of bothends" in project.run("validate", "tide").out


@pytest.mark.parametrize(("method", "path"), FAULTY)
def test_hint_of_a_lost_operation_is_a_command_that_works(
    project: Project, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    project.write("specs/tide/openapi.yaml", CONTRACT)
    assert project.run("generate", "tide").code == 0
    plant(monkeypatch, method, path)

    done = project.run("generate", "tide")
    assert done.code == 70
    assert "nothing was written" in done.err
    printed = re.search(r"leave it out:\s+`(--skip .*)`", done.err)
    assert printed is not None, done.err
    assert project.run("generate", "tide", *shlex.split(printed[1])).code == 0
    written = (project.root / "generated/tide/operations.py").read_text("utf-8")
    assert written.count("= Operation") == 2


MODELS = """\
openapi: 3.1.0
info: {title: Tides, version: '1'}
paths:
  /tides:
    get:
      operationId: listTides
      responses:
        '200':
          description: Tides.
          content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}
  /moons:
    get:
      operationId: listMoons
      responses:
        '200':
          description: Moons.
          content: {application/json: {schema: {$ref: '#/components/schemas/Moon'}}}
components:
  schemas:
    Page: {type: object, properties: {tide: {$ref: '#/components/schemas/Tide'}}}
    Tide: {type: object, properties: {height: {type: number}}}
    Moon: {type: object, properties: {phase: {type: string}}}
    Unused: {type: object, properties: {tide: {$ref: '#/components/schemas/Tide'}}}
"""


def plant_in_lowering(monkeypatch: pytest.MonkeyPatch) -> None:
    real = lower.lower_model

    def planted(model: ir.Model, in_replies: str = "") -> dict[str, object]:
        if model.name == "Tide":
            raise KeyError("planted")
        return real(model, in_replies)

    monkeypatch.setattr(module, "lower_model", planted)


def plant_in_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    real = adapter.write_group

    def planted(group: Group, aliases: dict[str, str], base: str) -> tuple[str, list[str]]:
        if "Tide" in group.own:
            raise KeyError("planted")
        return real(group, aliases, base)

    monkeypatch.setattr(adapter, "write_group", planted)


@pytest.mark.parametrize("plant_model", [plant_in_lowering, plant_in_writing])
def test_fault_in_one_model_leaves_what_does_not_use_it(
    project: Project, monkeypatch: pytest.MonkeyPatch, plant_model: Planting
) -> None:
    project.write("specs/tide/openapi.yaml", MODELS)
    plant_model(monkeypatch)

    done = project.run("generate", "tide")
    assert done.code == 70
    assert "internal-error] This is a fault of bothends, in emitting the model Tide" in done.err
    assert "KeyError: 'planted'" in done.err
    assert "refused-internal-error] GET /tides: " in done.err
    assert "GET /moons" not in done.err
    models = (project.root / "generated/tide/models.py").read_text("utf-8")
    assert re.findall(r"^class (\w+)", models, re.MULTILINE) == ["Moon"]
    operations_text = (project.root / "generated/tide/operations.py").read_text("utf-8")
    assert "listMoons" in operations_text
    assert "listTides" not in operations_text


def test_model_without_users_is_named_as_well(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = MODELS.replace("'#/components/schemas/Page'", "'#/components/schemas/Moon'")
    project.write("specs/tide/openapi.yaml", alone)
    plant_in_lowering(monkeypatch)

    done = project.run("generate", "tide")
    assert (done.code, "in emitting the model Tide" in done.err) == (70, True)
    written = (project.root / "generated/tide/operations.py").read_text("utf-8")
    assert written.count("= Operation") == 2
