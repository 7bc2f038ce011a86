"""The lock, pyproject.toml and the check of the interpreter agree; the base install is enough for generated code."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

PIN = re.compile(r"^([a-z0-9-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)


@pytest.fixture(scope="module")
def pyproject(repository: Path) -> dict[str, Any]:
    return tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lock(repository: Path) -> str:
    return (repository / "requirements/dev.txt").read_text(encoding="utf-8")


def requirements(pyproject: dict[str, Any]) -> list[Requirement]:
    project = pyproject["project"]
    lists = [
        project["dependencies"],
        *project["optional-dependencies"].values(),
        *pyproject["dependency-groups"].values(),
    ]
    every = (Requirement(text) for texts in lists for text in texts)
    return [requirement for requirement in every if requirement.name != project["name"]]


def test_the_lock_keeps_what_pyproject_asks_for(pyproject: dict[str, Any], lock: str) -> None:
    pins = dict(PIN.findall(lock))
    missing = [
        str(wanted)
        for wanted in requirements(pyproject)
        if not wanted.specifier.contains(
            pins.get(canonicalize_name(wanted.name), "0"), prereleases=True
        )
    ]
    assert missing == []


def test_every_pin_has_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert len(entries) > 50
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_all_is_every_extra(pyproject: dict[str, Any]) -> None:
    extras = pyproject["project"]["optional-dependencies"]
    assert Requirement(extras["all"][0]).extras == set(extras) - {"all"}


@pytest.mark.parametrize("minor", [8, 10, 11, 14, 15])
def test_makefile_refuses_pythons_pyproject_excludes(
    repository: Path, pyproject: dict[str, Any], minor: int
) -> None:
    script = repository / "requirements/interpreter.py"
    pretend = (
        f"import sys, runpy; sys.version_info = (3, {minor}, 0); runpy.run_path({str(script)!r})"
    )
    done = subprocess.run(
        [sys.executable, "-c", pretend], capture_output=True, text=True, check=False
    )
    allowed = SpecifierSet(pyproject["project"]["requires-python"]).contains(f"3.{minor}")
    assert (done.returncode == 0) == allowed
    assert ("bothends needs Python 3.11 to 3.14" in done.stderr) == (not allowed)


WITHOUT_EXTRAS = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {extras!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
sys.path.insert(0, "generated")
import importlib, pkgutil
for package in {packages!r}:
    root = importlib.import_module(package)
    for module in pkgutil.walk_packages(root.__path__, f"{{package}}."):
        importlib.import_module(module.name)
"""


def test_generated_code_needs_the_base_install_only(repository: Path) -> None:
    packages = [
        "bothends.runtime",
        *sorted(path.parent.name for path in (repository / "generated").glob("*/__init__.py")),
    ]
    assert len(packages) > 1
    extras = {
        "datamodel_code_generator",
        "jinja2",
        "openapi_spec_validator",
        "yaml",
        "rich",
        "ruff",
        "typer",
        "watchfiles",
    }
    extras |= {"hypothesis", "pytest", "redis", "schemathesis", "starlette", "uvicorn"}
    script = WITHOUT_EXTRAS.format(extras=extras, packages=packages)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=repository, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_a_pin_that_is_behind_is_told(repository: Path) -> None:
    script = runpy.run_path(str(repository / "requirements/outdated.py"))
    text = '[project]\ndependencies = ["tide==1.0", "wave>=2", "surf[all]==1.5"]\n'
    newest = {"tide": "tide (1.1)\nAvailable versions: 1.1, 1.0\n", "surf": "surf (1.5)\n"}
    assert list(script["outdated"](text, newest.__getitem__)) == ["tide==1.0: 1.1 is out"]
    assert list(script["outdated"](text, lambda _: "")) == [
        "tide==1.0: the index names no release",
        "surf[all]==1.5: the index names no release",
    ]


def test_the_pins_of_the_project_are_found(repository: Path) -> None:
    script = runpy.run_path(str(repository / "requirements/outdated.py"))
    text = (repository / "pyproject.toml").read_text("utf-8")
    names = {requirement.name for requirement in script["pinned"](text)}
    assert names == {"datamodel-code-generator", "schemathesis"}
