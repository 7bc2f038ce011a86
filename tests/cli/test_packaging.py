"""What a package needs to travel: a README, a name of its own, a pyproject.toml on request."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from .conftest import CONTRACT, Project


def test_package_has_a_readme_with_its_first_call(project: Project) -> None:
    project.run("generate")
    text = (project.root / "generated/harbour/README.md").read_text(encoding="utf-8")
    assert "from harbour import HarbourClient" in text
    assert 'result = client.list_tides("HARBOUR_ID")' in text
    assert "`specs/harbour/openapi.yaml`" in text


CASES = sorted((Path(__file__).parents[1] / "cases").glob("*/expected/README.md"))


@pytest.mark.parametrize("readme", CASES, ids=lambda readme: readme.parent.parent.name)
def test_first_call_of_a_readme_is_python(readme: Path) -> None:
    for code in re.findall(r"```python\n(.*?)```", readme.read_text("utf-8"), re.DOTALL):
        compile(code, "README.md", "exec")


def test_package_is_installed_from_its_folder(project: Project, tmp_path: Path) -> None:
    pytest.importorskip("setuptools")
    project.write("pyproject.toml", "[tool.bothends]\npackage = true\n")
    assert project.run("generate").code == 0
    folder = project.root / "generated/harbour"
    described = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    assert described["project"]["name"] == "harbour"

    build = "from setuptools.build_meta import build_wheel; print(build_wheel('out'))"
    done = subprocess.run(
        [sys.executable, "-c", build], cwd=folder, capture_output=True, text=True, check=False
    )
    if "invalid command 'bdist_wheel'" in done.stderr:
        pytest.skip("wheel is not installed")
    assert done.returncode == 0, done.stderr
    listing = "import zipfile, glob; print(zipfile.ZipFile(glob.glob('out/*.whl')[0]).namelist())"
    names = subprocess.run(
        [sys.executable, "-c", listing], cwd=folder, capture_output=True, text=True, check=True
    ).stdout
    for file in ("harbour/__init__.py", "harbour/client.py", "harbour/contract.json"):
        assert file in names


def test_name_of_an_installed_module_is_a_finding(project: Project) -> None:
    project.write("specs/email/openapi.yaml", CONTRACT)
    done = project.run("generate", "email")
    assert "error[package-name] the package email has the name of an installed" in done.err
    assert "--name email_api" in done.err


@pytest.mark.parametrize("name", ["click", "yaml"])
def test_package_named_as_a_dependency_is_refused(project: Project, name: str) -> None:
    project.write(f"specs/{name}/openapi.yaml", CONTRACT)
    done = project.run("generate", name)
    assert (done.code, f"error[package-name] the package {name}" in done.err) == (1, True)

    # One from elsewhere, or from before that module was installed.
    project.run("generate", "harbour")
    shutil.copytree(project.root / "generated/harbour", project.root / "generated" / name)
    for command in ("serve", "prove"):
        done = project.run(command, name)
        assert done.code == 2
        assert f"the package {name} has the name of a module that is used here" in done.err
        assert f"`bothends generate {name} --name {name}_api`" in done.err


def test_another_name_is_chosen(project: Project) -> None:
    assert project.run("generate", "harbour", "--name", "tides").code == 0
    assert (project.root / "generated/tides/client.py").is_file()
    project.write("pyproject.toml", "[tool.bothends]\nnames = {harbour = 'quay'}\n")
    assert project.run("generate").code == 0
    assert (project.root / "generated/quay/client.py").is_file()


@pytest.mark.parametrize("name", ["no way", "class", "1st"])
def test_name_that_no_package_can_have(project: Project, name: str) -> None:
    assert project.run("generate", "harbour", "--name", name).code == 2
    project.write("pyproject.toml", f"[tool.bothends]\nnames = {{harbour = '{name}'}}\n")
    done = project.run("generate")
    assert done.code == 2
    assert "`names` must map contracts to names of packages" in done.err


def test_nothing_is_written_beside_a_contract_elsewhere(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("downloads") / "buoys.yaml"
    elsewhere.write_text(CONTRACT, encoding="utf-8")
    assert project.run("generate", str(elsewhere)).code == 0
    assert [file.name for file in elsewhere.parent.iterdir()] == ["buoys.yaml"]
    assert (project.root / "specs/buoys/names.lock").is_file()
    assert (project.root / "generated/buoys/client.py").is_file()
