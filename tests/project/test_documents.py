"""The documents for contributors name files, verbs, rooms and folders that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "tests/README.md", "README.md"]
# Files that are made while working, or are named as a pattern.
MADE = {"expected/", "names.lock", "findings.txt", "coverage.json", "models.py"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def named_paths(name: str) -> set[str]:
    quoted = re.findall(r"`([\w./-]+)`", text(name))
    return {path for path in quoted if "/" in path.strip("/") or path.endswith((".py", ".md"))}


@pytest.mark.parametrize("name", DOCUMENTS[:3])
def test_named_files_of_documents_exist(name: str) -> None:
    roots = (
        ROOT,
        ROOT / "generator/bothends",
        ROOT / "tests",
        ROOT / "generator/bothends/runtime/schema/sample",
    )
    missing = {
        path
        for path in named_paths(name)
        if not any((root / path).exists() for root in roots) and path not in MADE
    }
    assert missing == set()


def test_architecture_is_under_120_lines() -> None:
    assert len(text("ARCHITECTURE.md").splitlines()) < 120


def test_every_room_is_in_the_table() -> None:
    rooms = {path.parent.name for path in (ROOT / "generator/bothends").glob("*/__init__.py")}
    rows = set(re.findall(r"^\| `(\w+)` \|", text("ARCHITECTURE.md"), re.MULTILINE))
    assert rooms - rows == set()
    assert rows - rooms == set()


def test_every_folder_of_tests_is_described() -> None:
    folders = {
        path.name
        for path in (ROOT / "tests").iterdir()
        if path.is_dir() and (any(path.rglob("test_*.py")) or path.name in {"cases", "real"})
    }
    rows = set(re.findall(r"^\| `(\w+)/` \|", text("tests/README.md"), re.MULTILINE))
    assert folders == rows


@pytest.mark.parametrize("name", DOCUMENTS)
def test_named_verbs_of_make_exist(name: str) -> None:
    verbs = set(re.findall(r"`make ([a-z-]+)", text(name)))
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    assert verbs - targets == set()


def test_every_verb_of_make_is_explained() -> None:
    listed = set(re.findall(r"make ([a-z]+) ", text("Makefile").partition("generate: ")[0]))
    assert {verb for verb in listed if f"`make {verb}`" not in text("CONTRIBUTING.md")} == set()


def test_every_command_is_in_the_readme() -> None:
    app = text("generator/bothends/cli/app.py")
    commands = set(re.findall(r"^from bothends\.cli\.(\w+) import \1$", app, re.MULTILINE))
    assert len(commands) > 6
    written = {name.replace("_", "-") for name in commands}
    assert {name for name in written if f"| `bothends {name}" not in text("README.md")} == set()


def test_every_setting_is_in_the_readme() -> None:
    from bothends.config.settings import _DEFAULTS

    section = text("README.md").partition("## Settings")[2].partition("\n## ")[0]
    assert {
        name for name in _DEFAULTS if not re.search(rf"^    {name} = ", section, re.MULTILINE)
    } == set()


LAW = re.compile(r"^\| (\d) \| \*\*(.+?)\.\*\*.*\| (.+) \|$", re.MULTILINE)


def test_each_law_names_tests_that_exist() -> None:
    laws = LAW.findall(text("ARCHITECTURE.md"))
    assert [number for number, _, _ in laws] == [str(number) for number in range(1, 10)]

    for _, law, holders in laws:
        tests = [path for path in re.findall(r"`([\w./-]+)`", holders) if path.startswith("tests/")]
        assert tests, law
        for path in tests:
            files = [ROOT / path] if path.endswith(".py") else [*(ROOT / path).rglob("test_*.py")]
            assert any("def test_" in file.read_text(encoding="utf-8") for file in files), path


def test_glossary_fits_on_one_screen() -> None:
    rows = text("ARCHITECTURE.md").partition("## Glossary")[2].splitlines()
    nouns = [row.split("|")[1].strip() for row in rows if row.startswith("| ")][1:]
    assert len(nouns) <= 40
    assert nouns == sorted(nouns)


def test_steps_of_contributing_name_definitions_that_exist() -> None:
    """A name in back quotes with capitals or brackets is defined somewhere in the program."""
    files = [*(ROOT / "generator/bothends").rglob("*.py"), *(ROOT / "tests/prove").glob("*.py")]
    program = "\n".join(file.read_text(encoding="utf-8") for file in files)
    steps = text("CONTRIBUTING.md").partition("## Step by step")[2].partition("## How code")[0]
    quoted = set(re.findall(r"`(_?[A-Z]\w+|[a-z_]+(?=\(…\)))", steps))
    assert len(quoted) > 10
    missing = {name for name in quoted if not re.search(rf"\b{name}\b", program)}
    assert missing == set()
