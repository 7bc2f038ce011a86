"""`bothends prove` as it is typed: what it prints."""

from __future__ import annotations

from .conftest import Project


def test_quiet_prints_nothing_and_verbose_each_operation(project: Project) -> None:
    assert project.run("generate").code == 0
    quiet = project.spawn("prove", "harbour", "--max-examples", "0", "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")

    verbose = project.spawn("prove", "harbour", "--max-examples", "0", "--verbose")
    assert (verbose.code, "listTides" in verbose.out) == (0, True)
