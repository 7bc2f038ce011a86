"""What users are told is what messages.md holds, and each message of a contract has a place and a hint."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from .cases import MESSAGES, broken_contracts, render_messages, validated


def test_messages_are_as_written() -> None:
    written, made = MESSAGES.read_text(encoding="utf-8"), render_messages()
    difference = difflib.unified_diff(written.splitlines(), made.splitlines(), lineterm="")
    assert list(difference) == []


def test_there_are_thirty_broken_contracts() -> None:
    assert len(broken_contracts()) >= 30


@pytest.mark.parametrize("folder", broken_contracts(), ids=lambda folder: folder.name)
def test_each_message_says_where_and_what_to_do(folder: Path) -> None:
    printed = validated(folder)
    assert re.match(r"specs/harbour/[a-z_.]+:\d+:\d+: (error|warning|info)\[[a-z-]+\] ", printed)
    assert "\n  hint: " in printed
    assert "Traceback" not in printed
