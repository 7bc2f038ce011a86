"""What the files of the project may and may not hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .project_files import project_files, text_of

LONGEST_FILE = 530
LONGEST_FUNCTION = 60
LONGEST_TEMPLATE = 120

INDEX = re.compile(
    r"pypi\.org/simple|pythonhosted\.org|--(?:extra-)?index-url|--find-links|--trusted-host",
    re.IGNORECASE,
)
MACHINE = re.compile(r"(?<![\w.~-])/(?:root|home|Users|work|opt|private|mnt)/\w")


def vendors(root: Path) -> list[str]:
    return sorted(folder.name for folder in (root / "specs").iterdir() if folder.is_dir())


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(text_of(file))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length_without_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    # The docstring of a command is its help page, which may be longer than the code.
    length = (node.end_lineno or 0) - node.lineno + 1
    if ast.get_docstring(node) is None:
        return length

    docstring = node.body[0]
    return length - ((docstring.end_lineno or 0) - docstring.lineno + 1)


def program(root: Path) -> list[Path]:
    return [file for file in project_files(root) if file.is_relative_to(root / "generator")]


def test_the_generator_knows_no_vendor(repository: Path) -> None:
    assert vendors(repository)
    named = re.compile("|".join(map(re.escape, vendors(repository))), re.IGNORECASE)
    found = [
        f"{file.relative_to(repository)}:{number}"
        for file in program(repository)
        for number, line in enumerate(text_of(file).splitlines(), start=1)
        if named.search(line) or named.search(file.name)
    ]
    assert found == []


@pytest.mark.parametrize("pattern", [INDEX, MACHINE], ids=["index address", "path of one machine"])
def test_no_file_holds(repository: Path, pattern: re.Pattern[str]) -> None:
    found = [
        f"{file.relative_to(repository)}:{number}: {line.strip()}"
        for file in project_files(repository)
        if file != Path(__file__)
        for number, line in enumerate(text_of(file).splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []


def test_the_patterns_find_what_they_are_for() -> None:
    assert INDEX.search("--index-url x")
    for root in ("home", "root"):  # so written that this file holds no such path itself
        assert MACHINE.search(f"see /{root}/me/x")
        assert MACHINE.search(f"open('/{root}/x')")
    assert not MACHINE.search("https://tides.example/home/page")


def test_no_file_is_too_long(repository: Path) -> None:
    written = (
        file
        for file in project_files(repository)
        if not {"generated", "expected"}.intersection(file.parts)
    )
    sources = [file for file in written if file.suffix == ".py"]
    long = {
        str(file.relative_to(repository)): lines
        for file in sources
        if (lines := len(text_of(file).splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_template_is_too_long(repository: Path) -> None:
    templates = [file for file in program(repository) if file.suffix in {".j2", ".jinja"}]
    long = {
        file.name: lines
        for file in templates
        if (lines := len(text_of(file).splitlines())) > LONGEST_TEMPLATE
    }
    assert long == {}


def test_no_function_is_too_long(repository: Path) -> None:
    long = {
        f"{file.relative_to(repository)}:{node.lineno} {node.name}": length
        for file in program(repository)
        if file.suffix == ".py"
        for node in functions(file)
        if (length := length_without_docstring(node)) > LONGEST_FUNCTION
    }
    assert long == {}


def test_generated_code_silences_no_checker(repository: Path) -> None:
    silenced = re.compile(r"#\s*(?:type|pyright|mypy|noqa|ruff)\s*:")
    found = [
        f"{file.relative_to(repository)}:{number}"
        for file in (repository / "generated").rglob("*.py")
        for number, line in enumerate(text_of(file).splitlines(), start=1)
        if silenced.search(line)
    ]
    assert found == []
