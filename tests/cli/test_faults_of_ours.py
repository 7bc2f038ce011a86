"""A fault of ours in emitting one operation costs that operation, and its hint is a command that works."""

from __future__ import annotations

import re
import shlex

import pytest

from bothends import ir
from bothends.emit import operations

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
