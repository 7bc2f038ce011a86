"""The first two screens of the README, done as they stand: from an empty folder to a proved package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SCREENS = 120
"""Lines on two screens; what a beginner needs is on them."""

BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def first_section() -> str:
    _, _, rest = README.partition("\n## A first contract\n")
    section, _, _ = rest.partition("\n## ")
    return section


def replaced_part(text: str, part: str) -> str:
    """The text with one mapping of YAML in place of the one with the same key and indentation."""
    key = part.partition("\n")[0]
    indent = len(key) - len(key.lstrip())
    old = re.compile(rf"^{re.escape(key)}\n(?: {{{indent + 1},}}.*\n)*", re.MULTILINE)
    assert old.search(text), key
    return old.sub(lambda _: part, text)


def write(folder: Path, path: str, text: str) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    is_part = text.startswith(" ")
    file.write_text(replaced_part(file.read_text("utf-8"), text) if is_part else text, "utf-8")


def run(folder: Path, command: str) -> str:
    # The whole proof takes minutes; its length is a flag that the README names.
    command = re.sub(r"^(bothends prove .*)$", r"\1 --max-examples 5 --seed 1", command)
    names = {
        f"GIT_{who}_{what}": "x@y" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={**os.environ, **names, "PATH": path, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": ""},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    printed = done.stdout + done.stderr
    assert done.returncode == 0, f"{command}\n{printed}"
    return printed


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_first_screens_work_as_they_stand(tmp_path: Path) -> None:
    end = README.index("\n## A first contract\n") + len(first_section())
    assert README[:end].count("\n") <= SCREENS

    printed: list[str] = []
    for language, path, text in BLOCK.findall(first_section()):
        if path:
            write(tmp_path, path, text)
        elif language == "sh":
            printed += [run(tmp_path, command) for command in text.splitlines()]

    told = "\n".join(printed)
    assert "1 passed" in told
    assert "proved: every answer was one that the contract describes" in told
    assert "C1" in told
    assert run(tmp_path, "git log --oneline").endswith("harbour: the tides\n")
    assert ".pyc" not in run(tmp_path, "git ls-files")
    assert run(tmp_path, "bothends validate --strict") == "1 contract: no findings\n"

    # The hook refuses a commit that forgot to generate.
    contract = tmp_path / "specs/harbour/openapi.yaml"
    contract.write_text(contract.read_text("utf-8").replace("height:", "level:", 1), "utf-8")
    with pytest.raises(AssertionError, match="bothends generate"):
        run(tmp_path, "git commit --all --quiet --message x")
