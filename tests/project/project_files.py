"""The files that belong to the project, however the working copy came to be."""

from __future__ import annotations

import subprocess
from pathlib import Path

_MADE = {
    ".coverage-data",
    ".git",
    ".venv",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".import_linter_cache",
    "__pycache__",
}


def project_files(root: Path) -> list[Path]:
    """What git tracks; in a copy without git, everything that no tool made."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=False)
    if listed.returncode == 0:
        files = (root / name.decode() for name in listed.stdout.split(b"\0") if name)
        return [file for file in files if file.is_file()]
    return [
        file
        for file in root.rglob("*")
        if file.is_file() and not _MADE.intersection(file.relative_to(root).parts)
    ]


def text_of(file: Path) -> str:
    """The text; bytes that are none are replaced."""
    return file.read_text(encoding="utf-8", errors="replace")
