"""Every code has an expected message, with its line and column; the few without one are counted."""

from __future__ import annotations

import re
from pathlib import Path

from bothends.check import list_rules
from bothends.diagnostics.codes import CODES
from tests.diagnostics import commands, messages

WITHOUT = Path(__file__).with_name("without_message.txt")
"""Codes without an expected message, each with its reason. The list only shrinks."""


def codes_shown(tests: Path) -> set[str]:
    """The codes in the expected messages of all cases."""
    files = [
        *tests.glob("cases/*/findings.txt"),
        *tests.glob("broken/*.md"),
        messages.GOLDEN,
        commands.GOLDEN,
    ]
    text = "".join(file.read_text("utf-8") for file in files)
    rules = "".join(file.read_text("utf-8") for file in sorted(tests.glob("check/cases/*.yaml")))
    return {*re.findall(r"\[([a-z0-9-]+)\]", text), *re.findall(r"#! ([a-z-]+)", rules)}


def test_messages_on_contracts_are_as_expected() -> None:
    expected = messages.GOLDEN.read_text("utf-8")
    assert messages.render_messages() == expected, "`make golden`, and read the difference"
    assert messages.CASES.keys() <= codes_shown(Path(__file__).parents[1])


def test_messages_of_commands_are_as_expected() -> None:
    expected = commands.GOLDEN.read_text("utf-8")
    assert commands.render_commands() == expected, "`make golden`, and read the difference"
    assert commands.CASES.keys() <= codes_shown(Path(__file__).parents[1])


def test_each_code_has_an_expected_message(repository: Path) -> None:
    known = {*CODES, *(rule.id for rule in list_rules())}
    lines = WITHOUT.read_text("utf-8").splitlines()
    without = [line.partition(": ")[0] for line in lines if line.partition(": ")[2]]
    assert sorted(known - codes_shown(repository / "tests")) == sorted(without)
