"""Every code has an expected message, with its line and column; the few without one are counted."""

from __future__ import annotations

import re
from pathlib import Path

from bothends.check import list_rules
from bothends.diagnostics.codes import CODES
from tests.diagnostics.messages import CASES, GOLDEN, render_messages

WITHOUT = Path(__file__).with_name("without_message.txt")
"""Codes of commands, files and processes, which no contract shows. The list only shrinks."""


def codes_shown(tests: Path) -> set[str]:
    """The codes in the expected messages of all cases."""
    files = [*tests.glob("cases/*/findings.txt"), *tests.glob("broken/*.md"), GOLDEN]
    text = "".join(file.read_text("utf-8") for file in files)
    rules = "".join(file.read_text("utf-8") for file in sorted(tests.glob("check/cases/*.yaml")))
    return {*re.findall(r"\[([a-z0-9-]+)\]", text), *re.findall(r"#! ([a-z-]+)", rules)}


def test_messages_on_contracts_are_as_expected() -> None:
    assert render_messages() == GOLDEN.read_text("utf-8"), "`make golden`, and read the difference"
    assert CASES.keys() <= codes_shown(Path(__file__).parents[1])


def test_each_code_has_an_expected_message(repository: Path) -> None:
    known = {*CODES, *(rule.id for rule in list_rules())}
    without = WITHOUT.read_text("utf-8").split()
    assert sorted(known - codes_shown(repository / "tests")) == sorted(without)
