"""Findings that a project lives with, and many findings of one cause."""

from __future__ import annotations

import pytest

from .conftest import CONTRACT, Project

SECURED = CONTRACT.replace(
    "components:\n", "components:\n  securitySchemes: {key: {type: http, scheme: bearer}}\n"
).replace("paths:\n", "security: [{key: []}]\npaths:\n")
ENTRY = """
[[tool.bothends.ignore]]
code = "unauthorized-undocumented"
reason = "The gateway answers 401."
"""


def write(project: Project, settings: str) -> None:
    project.write("specs/harbour/openapi.yaml", SECURED)
    project.write("pyproject.toml", settings)


def test_ignored_finding_is_counted_only(project: Project) -> None:
    write(project, "")
    assert project.run("validate", "--strict").code == 1
    write(project, ENTRY)
    done = project.run("validate", "--strict")
    assert (done.code, done.out) == (0, "1 contract: no findings (1 ignored)\n")
    assert project.run("generate", "--strict").code == 0


@pytest.mark.parametrize(
    ("line", "is_ignored"),
    [
        ('path = "specs/harbour/*"', True),
        ('path = "specs/box/*"', False),
        ('pointer = "/paths"', True),
        ('pointer = "/path"', False),
        ('pointer = "/paths/~1harbours~1{harbourId}~1tides/get"', True),
        ('pointer = "/paths/~1moons"', False),
    ],
)
def test_entry_holds_at_its_place(project: Project, line: str, is_ignored: bool) -> None:
    write(project, f"{ENTRY}{line}\n")
    out = project.run("validate").out
    assert ("[unauthorized-undocumented]" not in out) == is_ignored
    assert ("[ignore-stale]" in out) != is_ignored


def test_stale_entry_is_a_finding_at_its_line(project: Project) -> None:
    project.write("pyproject.toml", ENTRY)
    done = project.run("validate")
    assert "pyproject.toml:2:1: warning[ignore-stale] `ignore` of unauthorized-undoc" in done.out
    assert project.run("validate", "--strict").code == 1
    # With one contract only, the entry may be about another.
    assert "ignore-stale" not in project.run("validate", "harbour").out


@pytest.mark.parametrize("setting", ["ignore", "severity"])
def test_misspelt_code_is_named(project: Project, setting: str) -> None:
    level = 'severity = "info"\n' if setting == "severity" else ""
    entry = ENTRY.replace(".ignore", f".{setting}").replace("unauthorized", "unauthorised")
    write(project, entry + level)
    assert "Did you mean unauthorized-undocumented?" in project.run("validate").out


def test_error_is_not_ignored_by_generate(project: Project) -> None:
    project.write("specs/harbour/openapi.yaml", "openapi: [\n")
    settings = ENTRY.replace("unauthorized-undocumented", "yaml-syntax")
    project.write("pyproject.toml", settings)
    done = project.run("generate")
    assert done.code == 1
    assert "yaml-syntax" in done.err


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("[tool.bothends]\nignore = 3\n", "must be a list of tables"),
        ('[[tool.bothends.ignore]]\ncode = "x"\n', "has no `reason`"),
        (ENTRY + 'pont = "/paths"\n', "did you mean `pointer`?"),
        (ENTRY + "path = 3\n", "`path` of `ignore` must be text"),
    ],
)
def test_wrong_entry_is_misuse(project: Project, settings: str, message: str) -> None:
    project.write("pyproject.toml", settings)
    done = project.run("validate")
    assert done.code == 2
    assert message in done.err


def test_many_findings_of_one_cause_are_folded(project: Project) -> None:
    names = [f"extra{number}" for number in range(20)]
    fields = "".join(f"        {name}: {{type: integer, default: no}}\n" for name in names)
    project.write("specs/harbour/openapi.yaml", CONTRACT + fields)
    done = project.run("validate")
    assert done.out.count("error[default-invalid]") == 3
    assert "default-invalid: 17 more like these in specs/harbour/openapi.yaml; --all" in done.out
    assert "20 errors" in done.out
    assert project.run("validate", "--all").out.count("error[default-invalid]") == 20
    assert project.run("validate", "-f", "github").out.count("title=default-invalid") == 20
    assert project.run("generate").err.count("[default-invalid]") == 3


def test_quiet_prints_only_what_fails(project: Project) -> None:
    write(project, "")
    for command in ("validate", "generate"):
        done = project.run(command, "--quiet")
        assert (done.code, done.out, done.err) == (0, "", "")
        done = project.run(command, "--quiet", "--strict")
        assert done.code == 1
        assert "unauthorized-undocumented" in done.out + done.err


LEVEL = """
[[tool.bothends.severity]]
code = "unauthorized-undocumented"
severity = "error"
reason = "Callers sign in anew on 401."
"""


def test_level_of_finding_is_configured(project: Project) -> None:
    write(project, "")
    assert project.run("validate").code == 0
    write(project, LEVEL)
    done = project.run("validate")
    assert done.code == 1
    assert "error[unauthorized-undocumented]" in done.out

    write(project, LEVEL.replace('"error"', '"info"'))
    assert project.run("validate", "--strict").code == 0
    write(project, f'{LEVEL}pointer = "/paths/~1moons"\n')
    assert "warning[unauthorized-undocumented]" in project.run("validate").out
    assert "`severity` of unauthorized-undocumented fits no" in project.run("validate").out


def test_level_never_lowers_an_error(project: Project) -> None:
    project.write(
        "specs/harbour/openapi.yaml", CONTRACT.replace("components:\n", "components:\n  Tide: {}\n")
    )
    level = LEVEL.replace("unauthorized-undocumented", "illegal-openapi")
    project.write("pyproject.toml", level.replace('"error"', '"info"'))
    assert "error[illegal-openapi]" in project.run("validate").out


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (LEVEL.replace('"error"', '"fatal"'), "must be error or warning or info, not 'fatal'"),
        (LEVEL.replace("reason", "why"), "`severity` has no field `why`"),
        ('[tool.bothends]\nseverity = "error"\n', "must be a list of tables"),
    ],
)
def test_wrong_level_is_misuse(project: Project, settings: str, message: str) -> None:
    write(project, settings)
    done = project.run("validate")
    assert done.code == 2
    assert message in done.err
