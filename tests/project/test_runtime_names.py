"""The lists of runtime names that are kept by hand agree with each other and with generated code.

They are: the imports for type checkers and the lazy exports of `bothends.runtime`, the names that
`name/reserved.py` keeps for them, and the calls that `emit/vocabulary.py` allows.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import bothends.runtime
from bothends.emit import vocabulary
from bothends.name.reserved import MODULE

from .project_files import project_files, text_of

PUBLIC = set(dir(bothends.runtime))


def names_imported(files: Iterator[Path], module: str) -> set[str]:
    return {
        alias.name
        for file in files
        for node in ast.walk(ast.parse(text_of(file)))
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
    }


def generated_modules(repository: Path) -> Iterator[Path]:
    folders = {"generated", "expected"}
    for file in project_files(repository):
        if file.suffix == ".py" and folders.intersection(file.relative_to(repository).parts):
            yield file


def test_type_checkers_see_the_lazy_exports() -> None:
    tree = ast.parse(text_of(Path(bothends.runtime.__file__)))
    blocks = [node for node in tree.body if isinstance(node, ast.If)]
    imported = {
        alias.asname
        for block in blocks
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert imported == PUBLIC


def test_generated_imports_are_public_and_reserved(repository: Path) -> None:
    imported = names_imported(generated_modules(repository), "bothends.runtime")
    assert len(imported) > 20
    assert imported - PUBLIC == set()
    assert imported - MODULE == set()


def test_calls_of_the_vocabulary_are_reserved() -> None:
    called = vocabulary._CALLS & PUBLIC
    assert called
    assert called - MODULE == set()


def test_reserved_names_occur_in_generated_code(repository: Path) -> None:
    words: set[str] = set()
    for file in generated_modules(repository):
        words |= set(re.findall(r"\w+", text_of(file)))

    # AwareDatetime is what datamodel-code-generator imports for a date-time by default.
    builtins = {"True", "False", "None", "Exception", "AwareDatetime"}
    assert MODULE - words - PUBLIC - builtins == set()
