"""`bothends prove` as it is typed: what it prints."""

from __future__ import annotations

from .conftest import Project


def test_quiet_prints_nothing_and_verbose_each_operation(project: Project) -> None:
    assert project.run("generate").code == 0
    quiet = project.spawn("prove", "harbour", "--max-examples", "0", "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")

    verbose = project.spawn("prove", "harbour", "--max-examples", "0", "--verbose")
    assert (verbose.code, "listTides" in verbose.out) == (0, True)


def test_package_that_its_contract_has_outgrown_is_said_to_be_old(project: Project) -> None:
    project.run("generate")
    assert project.spawn("prove", "harbour", "--max-examples", "0").err == ""

    contract = project.root / "specs/harbour/openapi.yaml"
    contract.write_text(contract.read_text("utf-8").replace("listTides", "findTides"), "utf-8")
    done = project.spawn("prove", "harbour", "--max-examples", "0")
    assert done.code == 0
    assert done.err.startswith("warning[package-outdated] specs/harbour/openapi.yaml has changed ")


def test_stand_in_that_fails_is_no_fault_of_the_proof(project: Project) -> None:
    project.run("generate")
    project.write("specs/harbour/stand_in.py", "from harbour import Nothing\n")
    done = project.spawn("prove", "harbour", "--max-examples", "1")
    assert done.code == 2
    assert done.err.startswith("error[stand-in] ")
    assert "stand_in.py fails when it is loaded: ImportError: cannot import name" in done.err
    assert "`bothends validate harbour`" in done.err
    assert done.out == ""
