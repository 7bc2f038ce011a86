"""Patterns in the dialect of a language other than ECMA-262 (JSON Schema 2020-12 Core §6.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bothends.normalise.repairs.edit import Edit
from bothends.openapi.contract import Node
from bothends.openapi.json_value import as_object
from bothends.openapi.pattern import is_pattern
from bothends.openapi.pointer import below

# Anchors of Python, Ruby and PCRE, named groups of Python, and classes of POSIX.
_TRANSLATED: Final = (
    (re.compile(r"(?<!\\)((?:\\\\)*)\\A"), r"\1^"),
    (re.compile(r"(?<!\\)((?:\\\\)*)\\[Zz]"), r"\1$"),
    (re.compile(r"\(\?P<(\w+)>"), r"(?<\1>"),
    (re.compile(r"\(\?P=(\w+)\)"), r"\\k<\1>"),
    (re.compile(r"\[:alpha:\]"), "A-Za-z"),
    (re.compile(r"\[:digit:\]"), "0-9"),
    (re.compile(r"\[:alnum:\]"), "A-Za-z0-9"),
    (re.compile(r"\[:upper:\]"), "A-Z"),
    (re.compile(r"\[:lower:\]"), "a-z"),
    (re.compile(r"\[:xdigit:\]"), "0-9A-Fa-f"),
    (re.compile(r"\[:space:\]"), r"\\s"),
    (re.compile(r"\[:word:\]"), r"\\w"),
)


_WRONG: Final = "is no pattern of ECMA-262;"
_HINT: Final = "Close each bracket, and escape those that are meant as characters."


def repair_pattern(node: Node) -> Iterator[Edit]:
    """Find the edit of a pattern that is no ECMA-262: a translation, or leaving it out."""
    pattern, pointer = node.value["pattern"], below(node.pointer, "pattern")
    translated = _translated(pattern) if isinstance(pattern, str) else None
    if translated is None or translated == pattern:
        return

    if translated:
        yield Edit(
            "pattern", pointer, f"{pattern} {_WRONG} it is read as {translated}.", translated
        )
    else:
        message = f"{pattern} {_WRONG} values are not checked by it."
        yield Edit("pattern", pointer, message, is_loss=True, hint=_HINT)


def repair_pattern_properties(node: Node) -> Iterator[Edit]:
    """The same for the patterns of property names."""
    for pattern in as_object(node.value["patternProperties"]):
        translated, pointer = (
            _translated(pattern),
            below(node.pointer, "patternProperties", pattern),
        )
        if translated and translated != pattern:
            message = f"{pattern} {_WRONG} it is read as {translated}."
            yield Edit("pattern", pointer, message, new_key=translated)
        elif not translated and pattern:
            message = f"{pattern} {_WRONG} names are not matched by it."
            yield Edit("pattern", pointer, message, is_loss=True, hint=_HINT)


def _translated(pattern: str) -> str:
    """The pattern in ECMA-262: itself where it is, nothing where it cannot be written so."""
    translated = pattern
    for expression, replacement in _TRANSLATED:
        translated = expression.sub(replacement, translated)
    if translated != pattern and is_pattern(translated):
        return translated
    return pattern if is_pattern(pattern) else ""
