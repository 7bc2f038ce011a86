"""`bothends generate --tests`: a test of each package among those that people write."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.strict_mypy import run_strict_mypy

from .conftest import Project

FILE = "tests/test_harbour_agreement.py"


def run_pytest(project: Project) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", FILE],
        cwd=project.root,
        env={**os.environ, "PYTHONPATH": str(project.root / "generated")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_agreement_test_is_written_and_runs(project: Project) -> None:
    written = project.run("generate", "--tests", "tests")
    assert written.code == 0
    assert f"{FILE}: created" in written.out
    done = run_pytest(project)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_agreement_test_shows_disagreeing_call(project: Project) -> None:
    project.run("generate", "--tests", "tests")
    file = project.root / "generated/harbour/client.py"
    text = file.read_text()
    assert "harbour_id=harbour_id" in text
    file.write_text(text.replace("harbour_id=harbour_id", "harbour_id=harbour_id.strip() or 'x'"))
    done = run_pytest(project)
    assert done.returncode == 1
    assert "client.list_tides(harbour_id=" in done.stdout


def test_agreement_test_passes_mypy_strict(project: Project) -> None:
    project.run("generate", "--tests", "tests")
    done = run_strict_mypy(project.root, FILE, search="generated")
    assert (done.returncode, done.stdout) == (0, "")


def test_agreement_test_passes_pyright_strict(project: Project) -> None:
    project.run("generate", "--tests", "tests")
    project.write(
        "pyrightconfig.json",
        '{"typeCheckingMode": "strict", "extraPaths": ["generated"], "include": ["tests"]}',
    )
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--pythonpath", sys.executable],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_second_run_changes_nothing(project: Project) -> None:
    project.run("generate", "--tests", "tests")
    before = project.files
    assert project.run("generate", "--tests", "tests").code == 0
    assert project.run("generate", "--tests", "tests", "--check").code == 0
    assert project.files == before


def test_agreement_test_of_older_version_is_replaced(project: Project) -> None:
    project.run("generate", "--tests", "tests")
    new = (project.root / FILE).read_text()
    from bothends.write import marked

    project.write(FILE, marked("# what an older version wrote\n"))
    assert project.run("generate", "--tests", "tests").code == 0
    assert (project.root / FILE).read_text() == new


def test_somebody_elses_is_never_touched(project: Project) -> None:
    project.write(FILE, "def test_mine(): ...\n")
    before = project.files
    done = project.run("generate", "--tests", "tests")
    assert (done.code, project.files) == (1, before)
    assert f"{FILE} is in the way" in done.err


def test_one_that_was_changed_is_never_touched(project: Project) -> None:
    project.run("generate", "--tests", "tests")
    text = (project.root / FILE).read_text()
    project.write(FILE, text.replace("max_examples=50", "max_examples=500"))
    before = project.files
    done = project.run("generate", "--tests", "tests")
    assert (done.code, project.files) == (1, before)


def test_never_into_the_generated_packages(project: Project) -> None:
    done = project.run("generate", "--tests", "generated/harbour")
    assert done.code == 2
    assert not (project.root / "generated").exists()
