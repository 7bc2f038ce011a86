from __future__ import annotations

from .conftest import CONTRACT, Project

OVERLAY = """\
overlay: 1.0.0
info: {title: Corrections, version: '1'}
actions:
  - target: $.info
    update: {title: Corrected}
"""


def test_an_overlay_beside_the_contract_is_applied(project: Project) -> None:
    project.write("specs/harbour/overlay.yaml", OVERLAY)
    assert project.run("generate", "harbour").code == 0
    assert "Corrected" in project.files["generated/harbour/client.py"]


def test_the_flag_takes_another_overlay(project: Project) -> None:
    project.write("corrections.yaml", OVERLAY)
    done = project.run("generate", "harbour", "--overlay", "corrections.yaml")
    assert done.code == 0
    assert "Corrected" in project.files["generated/harbour/client.py"]


def test_the_setting_names_the_file(project: Project) -> None:
    project.write("pyproject.toml", "[tool.bothends]\noverlay = 'ours.yaml'\n")
    project.write("specs/harbour/ours.yaml", OVERLAY)
    assert project.run("generate", "harbour").code == 0
    assert "Corrected" in project.files["generated/harbour/client.py"]


def test_a_missing_overlay_is_said(project: Project) -> None:
    done = project.run("validate", "harbour", "--overlay", "gone.yaml")
    assert done.code == 1
    assert "gone.yaml" in done.out + done.err
    assert "Traceback" not in done.out + done.err


def test_an_overlay_is_of_one_contract(project: Project) -> None:
    project.write("specs/other/openapi.yaml", CONTRACT)
    done = project.run("generate", "--overlay", "gone.yaml")
    assert done.code == 2
    assert "one contract" in done.err


def test_repairs_are_written_as_an_overlay(project: Project) -> None:
    broken = CONTRACT.replace("openapi: 3.1.0", "openapi: 3.1")
    project.write("specs/harbour/openapi.yaml", broken)
    assert "repaired-version" in project.run("validate", "harbour").out

    done = project.run("overlay", "harbour", "--from-repairs")
    assert (done.code, done.err) == (0, "")
    assert done.out == "1 action written to specs/harbour/overlay.yaml\n"
    assert "repaired-version" not in project.run("validate", "harbour").out

    again = project.run("overlay", "harbour", "--from-repairs")
    assert again.code == 2
    assert "overlay.yaml is there already" in again.err


def test_a_written_overlay_has_no_aliases(project: Project) -> None:
    paths = "paths: {/one: {get: {operationId: one}}, /two: {get: {operationId: two}}}\n"
    project.write(
        "specs/harbour/openapi.yaml",
        f"openapi: 3.1.0\ninfo: {{title: Harbour, version: '1'}}\n{paths}",
    )
    assert project.run("overlay", "harbour", "--from-repairs").code == 0
    text = project.files["specs/harbour/overlay.yaml"]
    assert text.count("No response is documented.") == 2
    assert "&id" not in text


def test_a_contract_without_repairs_needs_no_overlay(project: Project) -> None:
    done = project.run("overlay", "harbour", "--from-repairs")
    assert done.code == 0
    assert "nothing to repair" in done.out
    assert "specs/harbour/overlay.yaml" not in project.files
