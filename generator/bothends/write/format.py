"""Formats generated Python with ruff: one pass over all files of a package.

Of a large package, one save of its contract changes a few files of hundreds. A process that
generates again and again (`generate --watch`) lays out only those.
"""

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

_MOST_FORMATTED: Final = 5_000
_formatted: Final[dict[tuple[str, str], str]] = {}
"""What this process laid out, by the path and the text; the settings are always the same."""


def format_sources(files: Mapping[str, str]) -> dict[str, str]:
    """Sort imports, drop unused ones and lay out the Python files; everything else stays as it is.

    The settings are given here and nowhere else, so the result depends on the texts alone.
    """
    sources = {path: text for path, text in files.items() if path.endswith(".py")}
    missing = {path: text for path, text in sources.items() if (path, text) not in _formatted}
    done = _run(missing) if missing else {}
    formatted = {
        path: done[path] if path in done else _formatted[path, text]
        for path, text in sources.items()
    }
    _remember(sources, formatted)
    return {**files, **formatted}


def _remember(sources: Mapping[str, str], formatted: Mapping[str, str]) -> None:
    for path, text in sources.items():
        # What was used last stays longest.
        _formatted.pop((path, text), None)
        _formatted[path, text] = formatted[path]
    for oldest in [*_formatted][: max(0, len(_formatted) - _MOST_FORMATTED)]:
        del _formatted[oldest]


def _run(sources: Mapping[str, str]) -> dict[str, str]:
    """Lay out these files: ruff has no other way to fix several of them than on the disk."""
    with scratch_folder() as folder:
        for path, text in sources.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8", newline="\n")
        _ruff("check", "--select=I,F401", "--fix", "--exit-zero", *_SETTINGS, str(folder))
        _ruff("format", *_SETTINGS, str(folder))
        return {path: (folder / path).read_text("utf-8") for path in sources}


def _ruff(*arguments: str) -> None:
    command = [find_ruff_bin(), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"ruff {arguments[0]} failed: {done.stderr.strip()}")
