"""Which patterns match one text in exponentially many ways, beside how long Python takes to refuse."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from tests.growth import growth

from bothends.check.pattern_ambiguity import is_ambiguous

AMBIGUOUS = {
    r"^(a+)+$": "a",
    r"^(a|a)*$": "a",
    r"^(a*)*$": "a",
    r"^(\w+\s?)+$": "a",
    r"^(a|b|ab)*$": "ab",
    r"^(a|aa)+$": "a",
    r"^(a{2,3})+$": "a",
    r"^(a?b?)*$": "ab",
    r"^(x+x+)+$": "x",
    r"^(.*,)*$": ",,",
    r"^(\d+|[0-9a-f]+)*$": "1",
    r"^([\w.-]+)*$": "a.",
    r"^([a-z]+[a-z0-9]*\.)*$": "aaa.",
}
"""A pattern, and the text that is repeated until refusing it takes too long."""

PLAIN = [
    r"^a+$",
    r"^(a|b)*$",
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
    r"^(\d{3})+$",
    r"^(?:[A-Z]{2}\d+,)*$",
    r"^([^,]*,)*$",
    r"^(ab?c)*$",
    r"^(https?://)?([a-z]+\.)*[a-z]+$",
    r"^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$",
    r"^\s+|\s+$",
    r"^(?:a{100}){100}$",
    r"^[\w.]+@[\w.]+$",
    "",
    "(",
]


def seconds_to_refuse(pattern: str, text: str) -> float:
    start = time.process_time()
    assert re.match(pattern, text) is None
    return time.process_time() - start


@pytest.mark.parametrize("pattern", AMBIGUOUS)
def test_ambiguous_pattern_takes_exponential_time(pattern: str) -> None:
    assert is_ambiguous(pattern)

    # Growth, not seconds: each round of the text at least multiplies the time.
    unit = AMBIGUOUS[pattern]
    for rounds in range(4, 200):
        if seconds_to_refuse(pattern, unit * rounds + "!") > 0.2:
            return
    pytest.fail("refusing it stays quick")


@pytest.mark.parametrize("pattern", PLAIN)
def test_plain_pattern_is_not_ambiguous(pattern: str) -> None:
    assert not is_ambiguous(pattern)


@pytest.mark.parametrize(
    "pattern_of",
    [
        lambda size: "(" * size + ")+" * size,
        lambda size: "(" * size + "){2}" * size,
        lambda size: "(" * size + "|".join("abcdefghij" * 10) + ")*" * size,
        lambda size: "^(?:" + "|".join(["[a-z]x*"] * 10 * size) + ")*$",
    ],
)
def test_repetitions_of_repetitions_do_not_multiply(pattern_of: Callable[[int], str]) -> None:
    assert growth(lambda size: is_ambiguous(pattern_of(size)), 10, 40) < 40
