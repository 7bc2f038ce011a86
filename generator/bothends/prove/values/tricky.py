"""Texts and numbers that two ends are likely to read differently."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bothends.runtime.json.value import is_array, is_integer, is_object

TEXTS = (
    "e\u0301",
    "a b+c%20d",
    "1",
    "true",
    "null",
    "x,y|z;w",
    "\u00ff\u20ac\U0001f600",
    "'\"\\",
    "1.0",
    "=&?#/",
)
"""Of two characters to Unicode and one to people.

Escaped twice; other types in disguise; separators; more than a byte.
"""
NUMBERS = (2**53 + 1, -(2**63), 0.1, 5e-324, 1.0)
"""Numbers beyond a float, of 64 bits, not exact in base two, tiny, and 1.0 as an integer."""


def made_tricky(accepts: Callable[[Any], bool], value: Any, text: str, number: float) -> Any:
    """The value with all its texts and all its numbers replaced, as far as that is allowed."""
    another = _with_number(value, number)
    both = (_with_text(another, text), _with_text(value, text), another)
    return next((result for result in both if accepts(result)), value)


def _with_text(value: Any, text: str) -> Any:
    return _changed(value, lambda leaf: text if isinstance(leaf, str) else leaf)


def _with_number(value: Any, number: float) -> Any:
    def changed(leaf: Any) -> Any:
        if isinstance(leaf, bool) or not isinstance(leaf, int | float):
            return leaf
        return number if is_integer(number) or not is_integer(leaf) else leaf

    return _changed(value, changed)


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    if is_array(value):
        return [_changed(item, change) for item in value]
    if is_object(value):
        return {name: _changed(item, change) for name, item in value.items()}
    return change(value)
