"""Formats generated Python with ruff: one pass over all files of a package."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from typing import Final

from ruff import find_ruff_bin  # type: ignore[import-untyped]

from bothends.scratch import scratch_folder

_SETTINGS: Final = (
    "--isolated",
    "--target-version=py311",
    "--line-length=100",
    "--no-cache",
    "--quiet",
    "--config=format.skip-magic-trailing-comma=true",
    "--config=lint.isort.split-on-trailing-comma=false",
)


def format_sources(files: Mapping[str, str]) -> dict[str, str]:
    """Sort imports, drop unused ones and lay out the Python files; everything else stays as it is.

    The settings are given here and nowhere else, so the result depends on the texts alone.
    """
    sources = {path: text for path, text in files.items() if path.endswith(".py")}
    with scratch_folder() as folder:
        for path, text in sources.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8", newline="\n")
        _ruff("check", "--select=I,F401", "--fix", "--exit-zero", *_SETTINGS, str(folder))
        _ruff("format", *_SETTINGS, str(folder))
        formatted = {path: (folder / path).read_text("utf-8") for path in sources}

    return {**files, **formatted}


def _ruff(*arguments: str) -> None:
    command = [find_ruff_bin(), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"ruff {arguments[0]} failed: {done.stderr.strip()}")
