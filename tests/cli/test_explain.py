"""Codes explained, and a fault of the program as a finding."""

from __future__ import annotations

import pytest

from bothends.cli import app

from .conftest import Project


def test_code_is_explained_by_name(project: Project) -> None:
    done = project.run("explain", "[constraint-unsourced]")
    assert done.code == 0
    assert done.out.startswith("constraint-unsourced\n\n")
    assert "x-assumption" in done.out


def test_rule_is_explained_by_docstring(project: Project) -> None:
    assert "Better:" in project.run("explain", "path-template").out


def test_unknown_code_names_the_nearest(project: Project) -> None:
    done = project.run("explain", "no-contrac")
    assert (done.code, done.out) == (2, "")
    assert "did you mean `no-contract`?" in done.err


def test_all_codes_are_listed_alone(project: Project) -> None:
    lines = project.run("explain").out.splitlines()
    assert len(lines) > 70
    assert any(line.startswith("internal-error ") for line in lines)


def test_fault_of_ours_is_a_finding(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("messages")

    monkeypatch.setattr(app, "app", lambda **_: fail())
    done = project.run("validate")
    assert (done.code, done.out) == (70, "")
    assert done.err.startswith("error[internal-error] this is a fault of bothends: KeyError at ")

    monkeypatch.setenv("BOTHENDS_TRACEBACK", "1")
    with pytest.raises(KeyError):
        project.run("validate")
