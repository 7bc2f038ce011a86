"""mypy as users run it on generated code: strict, and without the options of this repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# What mypy learns of other libraries takes most of its time, and is the same in every test.
_CACHE = Path(__file__).parents[1] / ".mypy_cache" / "strict"


def run_strict_mypy(
    folder: Path, *arguments: str, search: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run `mypy --strict` in a folder; `search` is where it finds modules besides."""
    options = ("--strict", "--config-file=", "--no-error-summary", "--no-pretty")
    return subprocess.run(
        [sys.executable, "-m", "mypy", *options, "--cache-dir", str(_CACHE), *arguments],
        cwd=folder,
        env={**os.environ, "MYPYPATH": search, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
