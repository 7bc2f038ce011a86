"""Types as users of a package meet them: what is right passes mypy and pyright, and what is wrong does not."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = Path(__file__).parent / "samples"
Errors = dict[str, dict[int, str]]


def run_mypy() -> Errors:
    """The errors of mypy by file and line."""
    text = run(
        "mypy",
        "--no-error-summary",
        "--hide-error-context",
        "--no-pretty",
        *map(str, SAMPLES.glob("*.py")),
    )
    found: Errors = {}
    for path, line, message in re.findall(r"^([^:\n]+):(\d+): error: (.*)$", text, re.MULTILINE):
        found.setdefault(Path(path).name, {})[int(line)] = message
    return found


def run_pyright() -> Errors:
    """The errors of pyright by file and line."""
    report = json.loads(
        run("pyright", "--outputjson", "--pythonpath", sys.executable, str(SAMPLES))
    )
    assert report["summary"]["filesAnalyzed"] == 2
    found: Errors = {}
    for one in report["generalDiagnostics"]:
        found.setdefault(Path(one["file"]).name, {})[one["range"]["start"]["line"] + 1] = one[
            "message"
        ]
    return found


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


def marked() -> set[int]:
    lines = (SAMPLES / "wrong.py").read_text("utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if "  # wrong: " in line}


@pytest.mark.parametrize("check", [run_mypy, run_pyright], ids=["mypy", "pyright"])
def test_right_passes_and_wrong_does_not(check: Callable[[], Errors]) -> None:
    errors = check()
    assert errors.pop("right.py", {}) == {}
    found = errors.pop("wrong.py", {})
    assert errors == {}
    assert {
        "passes": sorted(marked() - set(found)),
        "fails": {n: found[n] for n in sorted(set(found) - marked())},
    } == {
        "passes": [],
        "fails": {},
    }
