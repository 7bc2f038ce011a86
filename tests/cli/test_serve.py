"""`bothends serve` as it is typed: what it says before it serves."""

from __future__ import annotations

from .conftest import Project

NO_PORT = ("--port", "70000")  # so that it ends


def test_package_that_its_contract_has_outgrown_is_said_to_be_old(project: Project) -> None:
    project.run("generate")
    assert "package-outdated" not in project.spawn("serve", "harbour", *NO_PORT).err

    contract = project.root / "specs/harbour/openapi.yaml"
    contract.write_text(contract.read_text("utf-8").replace("listTides", "findTides"), "utf-8")
    done = project.spawn("serve", "harbour", *NO_PORT)
    assert done.err.startswith("warning[package-outdated] specs/harbour/openapi.yaml has changed ")
    assert "`bothends generate` renews it" in done.err
    assert "70000 is no port" in done.err  # it goes on


def test_package_without_its_contract_is_not_judged(project: Project) -> None:
    project.run("generate")
    (project.root / "specs/harbour/openapi.yaml").unlink()
    assert "package-outdated" not in project.spawn("serve", "harbour", *NO_PORT).err


def test_stand_in_that_fails_when_it_is_loaded_is_told_with_its_line(project: Project) -> None:
    project.run("generate")
    project.write("specs/harbour/stand_in.py", "import json\n\njson.loads('{')\n")
    done = project.spawn("serve", "harbour", *NO_PORT)
    assert done.code == 2
    assert "stand_in.py fails when it is loaded: JSONDecodeError: " in done.err
    assert "(line 3)" in done.err
    assert "hint: `bothends validate harbour` shows the line" in done.err


def test_stand_in_that_is_no_python_is_told_with_its_line(project: Project) -> None:
    project.run("generate")
    project.write("specs/harbour/stand_in.py", "class StandIn:\n    def (\n")
    done = project.spawn("serve", "harbour", *NO_PORT)
    assert (done.code, "(stand_in.py, line 2)" in done.err) == (2, True)
