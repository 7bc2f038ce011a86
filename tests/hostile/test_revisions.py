"""What a caller of `diff` names as a revision of git is never one of its options."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.packages import write_contract

REVISIONS = (
    "--output=pwned",
    "-Opwned",
    "--upload-pack=touch pwned",
    "--ext-diff",
    "-c",
    "HEAD:../../etc/passwd",
    "HEAD\n",
    "HEAD\x1b[31m",
    "@{-1}",
)
PATHS = ("--output=pwned", "../../../etc/passwd", "/etc/passwd", ":!pwned", "a\x1b[31m")


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("revisions")
    write_contract(folder / "specs" / "made", "paths: {}")
    (folder / "pyproject.toml").write_text("[tool.bothends]\n", "utf-8")
    who = ("-c", "user.name=a", "-c", "user.email=a@b.example")
    for command in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "a")):
        assert run(folder, "git", *command).returncode == 0
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        *((f"--base={revision}",) for revision in REVISIONS),
        *((f"git:{revision}:specs/made", "specs/made") for revision in REVISIONS),
        *((f"git:HEAD:{path}", "specs/made") for path in PATHS),
    ],
)
def test_revisions_are_no_options_of_git(project: Path, arguments: tuple[str, ...]) -> None:
    before = sorted(project.rglob("*"))
    result = run(project, sys.executable, "-m", "bothends", "diff", *arguments)
    assert result.returncode == 2, result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    assert "\x1b" not in result.stdout + result.stderr
    assert sorted(project.rglob("*")) == before
