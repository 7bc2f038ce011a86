"""`standalone = true`: a package with a copy of the runtime, which needs no bothends where it runs."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.strict_mypy import run_strict_mypy

from .conftest import Project

ROOT = Path(__file__).parents[2]
SETTINGS = "[tool.bothends]\npackage = true\nstandalone = true\n"
REAL = (
    "behaviour/test_leegality.py",
    "behaviour/__init__.py",
    "vendors/__init__.py",
    "vendors/documents.py",
    "vendors/stand_ins.py",
    "__init__.py",
)
"""The tests of a vendor's contract, and what they import."""

WITHOUT_BOTHENDS = """\
import sys
sys.modules["bothends"] = None  # an import of it fails
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the contract of a vendor, whose stand-in is on the runtime of the package."""
    root = tmp_path_factory.mktemp("standalone")
    shutil.copytree(ROOT / "specs/leegality", root / "specs/leegality")
    own_runtime(root / "specs/leegality/stand_in.py")
    (root / "pyproject.toml").write_text(SETTINGS, "utf-8")
    done = python(root, "-m", "bothends", "generate", "--strict")
    assert (done.returncode, done.stderr) == (0, "")
    return root


@pytest.fixture
def own(project: Project, made: Path) -> Path:
    """The package in a project that a test may change."""
    shutil.rmtree(project.root / "specs")
    shutil.copytree(made, project.root, dirs_exist_ok=True)
    return project.root / "generated/leegality"


def own_runtime(file: Path) -> None:
    text = file.read_text("utf-8").replace("from bothends.runtime", "from leegality.runtime")
    file.write_text(text, "utf-8")


def imports_of(folder: Path) -> Iterator[str]:
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield str(node.module)


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "generated"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_standalone_package_passes_the_vendors_tests(project: Project, own: Path) -> None:
    for name in REAL:
        if (ROOT / "tests" / name).exists():
            project.write(f"tests/{name}", (ROOT / "tests" / name).read_text("utf-8"))
    own_runtime(project.root / "tests/behaviour/test_leegality.py")
    project.write("conftest.py", WITHOUT_BOTHENDS)
    options = ("-q", "-p", "no:bothends", "-p", "no:cacheprovider", "--import-mode=importlib")
    done = python(project.root, "-m", "pytest", *options, "tests/behaviour")
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_no_module_of_it_imports_bothends(made: Path) -> None:
    leegality = made / "generated/leegality"
    imported = set(imports_of(leegality))
    assert "pydantic" in imported
    assert not {name for name in imported if name.split(".")[0] == "bothends"}

    # Not only what is written: each module is loaded where bothends is not.
    modules = [
        ".".join(file.relative_to(leegality.parent).with_suffix("").parts)
        for file in leegality.rglob("*.py")
    ]
    script = (
        f"{WITHOUT_BOTHENDS}import importlib\nfor name in {modules}: importlib.import_module(name)"
    )
    done = python(leegality.parents[1], "-c", script)
    assert done.returncode == 0, done.stderr


def test_standalone_package_passes_mypy_strict(made: Path) -> None:
    leegality = made / "generated/leegality"
    done = run_strict_mypy(leegality.parents[1], "-p", "leegality", search="generated")
    assert (done.returncode, done.stdout) == (0, "")


def test_its_project_needs_no_bothends(made: Path) -> None:
    leegality = made / "generated/leegality"
    described = tomllib.loads((leegality / "pyproject.toml").read_text("utf-8"))
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert described["project"]["dependencies"] == sorted(ours["project"]["dependencies"])
    extras = {"redis": ours["project"]["optional-dependencies"]["redis"]}
    assert described["project"]["optional-dependencies"] == extras
    folders = {file.parent.relative_to(leegality.parent) for file in leegality.rglob("*.py")}
    packages = {".".join(folder.parts) for folder in folders}
    assert set(described["tool"]["setuptools"]["packages"]) == packages
    assert "bothends" not in (leegality / "README.md").read_text("utf-8").partition("needs")[2]


def test_the_copy_is_under_its_license(made: Path) -> None:
    leegality = made / "generated/leegality"
    license_ = (leegality / "runtime/LICENSE").read_text("utf-8")
    assert license_ == (ROOT / "LICENSE").read_text("utf-8")
    copied = [file.read_text("utf-8") for file in (leegality / "runtime").rglob("*.py")]
    assert all("# SPDX-License-Identifier: Apache-2.0\n" in text for text in copied)


def test_check_knows_the_copied_runtime(project: Project, own: Path) -> None:
    assert project.run("generate", "--check").code == 0
    file = own / "runtime/client/transport/network.py"
    file.write_text(file.read_text("utf-8") + "# mine\n", "utf-8")
    done = project.run("generate", "--check", "--diff")
    assert done.code == 1
    assert "-# mine" in done.out
    assert "runtime/client/transport/network.py was edited by hand" in done.err


def test_copied_runtime_goes_with_its_setting(project: Project, own: Path) -> None:
    (own / "runtime/client/notes.txt").write_text("mine", "utf-8")
    stand_in = project.root / "specs/leegality/stand_in.py"
    stand_in.write_text(
        stand_in.read_text("utf-8").replace("leegality.runtime", "bothends.runtime"), "utf-8"
    )
    project.write("pyproject.toml", "")
    assert project.run("generate").code == 0
    left = [file for file in (own / "runtime").rglob("*") if file.is_file()]
    assert [file.name for file in left] == ["notes.txt"]
    assert "from bothends.runtime import" in (own / "client.py").read_text("utf-8")


def test_other_runtime_in_a_stand_in_is_told(project: Project, own: Path) -> None:
    project.write("specs/leegality/stand_in.py", "from bothends.runtime import Response\n")
    done = project.run("validate")
    assert "warning[stand-in-import] leegality has a runtime of its own" in done.out
    assert "Import from leegality.runtime." in done.out


def test_standalone_package_is_served_and_proved(project: Project) -> None:
    project.write("pyproject.toml", SETTINGS)
    assert project.run("init", "harbour", "--stand-in").code == 0
    text = (project.root / "specs/harbour/stand_in.py").read_text("utf-8")
    assert "from harbour.runtime.stand_in import contract_reply" in text
    assert project.run("generate", "--strict").code == 0
    project.write(
        "test_quay.py",
        """\
        from harbour import HarbourClient
        from harbour.runtime import Model

        def test_tides(bothends_stand_in):
            vendor = bothends_stand_in("harbour")
            with HarbourClient(app=vendor.app) as client:
                assert isinstance(client.list_tides("porto"), Model)
            assert type(vendor.handler).__module__ == "bothends_stand_in_harbour"
        """,
    )
    done = python(project.root, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout
    proved = project.spawn("prove", "harbour", "--max-examples", "0")
    assert (proved.code, "proved: every answer" in proved.out) == (0, True), proved.out


def test_agreement_test_is_not_for_it(project: Project) -> None:
    project.write("pyproject.toml", SETTINGS)
    done = project.run("generate", "--tests", "tests")
    assert done.code == 2
    assert "`bothends prove harbour` shows the same" in done.err
