"""Every code that the program can print is in the registry, and the registry has no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bothends.check import list_rules
from bothends.diagnostics.codes import CODES, explain_code
from bothends.load import faults

from .project_files import project_files, text_of

CODE = re.compile(r"[a-z]+(-[a-z]+)*")
# The position of the code among the arguments.
MAKERS = {
    "Finding": 0,
    "misuse": 0,
    "Refused": 0,
    "Loss": 0,
    "file_fault": 0,
    "fault": 0,
    "as_findings": 2,
}


def printed(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(text_of(file))):
        if not isinstance(node, ast.Call):
            continue
        callee = node.func
        name = callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", "")
        position = MAKERS.get(name)
        if position is None or len(node.args) <= position:
            continue
        argument = node.args[position]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield f"refused-{argument.value}" if name == "Refused" else argument.value


def known() -> set[str]:
    return {*CODES, *(rule.id for rule in list_rules())}


def test_every_printed_code_is_explained(repository: Path) -> None:
    program = repository / "generator/bothends"
    used = {
        code
        for file in project_files(repository)
        if file.suffix == ".py" and file.is_relative_to(program)
        if not file.is_relative_to(program / "runtime")
        for code in printed(file)
        if CODE.fullmatch(code)
    }
    assert len(used) > 40
    assert {code for code in used - known() if not explain_code(code)} == set()


def test_faults_of_reading_are_explained() -> None:
    codes = {value[0] for value in vars(faults).values() if isinstance(value, tuple)}
    assert len(codes) > 10
    assert codes - known() == set()


def test_codes_of_the_cases_are_explained(repository: Path) -> None:
    codes = {
        code
        for file in (repository / "tests/cases").glob("*/findings.txt")
        for code in re.findall(r"(?:error|warning|info)\[([a-z-]+)\]", text_of(file))
    }
    assert len(codes) > 10
    assert {code for code in codes - known() if not explain_code(code)} == set()


def test_every_explained_code_occurs(repository: Path) -> None:
    program = repository / "generator/bothends"
    texts = "".join(
        text_of(file)
        for file in project_files(repository)
        if file.suffix == ".py" and file.is_relative_to(program) and file.name != "codes.py"
    )
    gone = {code for code in CODES if f'"{code.removeprefix("refused-")}"' not in texts}
    assert gone == set()
