"""Which dependencies that pyproject.toml pins have a newer release: `make outdated`, once a week in CI.

A pin (`==`) is moved by hand, after its goldens were read; until somebody looks, a mended fault of
it stays with us. pip asks the index that it is configured for.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
_NEWEST = re.compile(r"^\S+ \((\S+)\)", re.MULTILINE)


def ask_pip(name: str) -> str:
    """What pip says of the releases of a distribution; empty where it finds none."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "index",
        "versions",
        name,
    ]
    done = subprocess.run(  # noqa: S603 (names of pyproject.toml)
        command, capture_output=True, text=True, check=False, timeout=120
    )
    return done.stdout


def pinned(text: str) -> Iterator[Requirement]:
    """The requirements of a pyproject.toml that allow one version only."""
    tables = tomllib.loads(text)
    project = tables["project"]
    lists = [project.get("dependencies", []), *project.get("optional-dependencies", {}).values()]
    for texts in [*lists, *tables.get("dependency-groups", {}).values()]:
        for requirement in map(Requirement, texts):
            if any(each.operator == "==" for each in requirement.specifier):
                yield requirement


def outdated(text: str, ask: Callable[[str], str] = ask_pip) -> Iterator[str]:
    """A line for each pin that is behind, or that the index says nothing of."""
    for requirement in pinned(text):
        found = _NEWEST.search(ask(requirement.name))
        if found is None:
            yield f"{requirement}: the index names no release"
        elif not requirement.specifier.contains(Version(found[1]), prereleases=True):
            yield f"{requirement}: {found[1]} is out"


def main() -> int:
    """Print what is behind; 1 where anything is."""
    lines = list(outdated(PROJECT.read_text("utf-8")))
    sys.stdout.write("".join(f"{line}\n" for line in lines) or "every pin is the newest release\n")
    return int(bool(lines))


if __name__ == "__main__":
    raise SystemExit(main())
