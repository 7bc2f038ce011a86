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
# What ECMA-262 knows and the validator's engine writes otherwise: the meaning is the same.
_SAME: Final = (
    (re.compile(r"\[\^\]"), r"[\\s\\S]"),
    (re.compile(r"(?<!\\)((?:\\\\)*)\\0(?!\d)"), r"\1\\x00"),
)
_SURROGATES: Final = re.compile(r"\\u([dD][89abAB]\w\w)\\u([dD][c-fC-F]\w\w)")
# One character of a kind, so many times, and nothing else: its bounds are those of the length.
_COUNTED: Final = re.compile(
    r"\^(\.|\\[dDsSwW]|\[(?:\\.|[^\[\]\\])+\])\{(\d{1,9})(?:(,)(\d{1,9})?)?\}\$"
)
_TOKEN: Final = re.compile(r"\\.|.", re.DOTALL)
_CLASSES: Final = frozenset(rf"\{letter}" for letter in "dDsSwW")

_WRONG: Final = "is no pattern of ECMA-262;"
_HINT: Final = "Close each bracket, and escape those that are meant as characters."


def repair_pattern(node: Node) -> Iterator[Edit]:
    """Find the edit of a pattern that is no ECMA-262: a translation, or leaving it out."""
    pattern, pointer = node.value["pattern"], below(node.pointer, "pattern")
    translated = _translated(pattern) if isinstance(pattern, str) else None
    if translated is None or translated == pattern:
        return

    if translated == _respelt(pattern):
        yield Edit("pattern", pointer, "", translated)
    elif not translated and (counted := _counted(node)):
        yield from _length_edits(node, counted)
    elif translated:
        yield Edit(
            "pattern", pointer, f"{pattern} {_WRONG} it is read as {translated}.", translated
        )
    else:
        message = f"{pattern} {_WRONG} values are not checked by it."
        yield Edit("pattern", pointer, message, is_loss=True, hint=_HINT)


def _counted(node: Node) -> re.Match[str] | None:
    """The parts of a legal pattern that only counts characters of one kind."""
    counted = _COUNTED.fullmatch(node.value["pattern"])
    lengths = (node.value.get(key, 0) for key in ("minLength", "maxLength"))
    # A length that is itself misspelt is repaired for itself.
    if counted is None or not all(type(length) is int for length in lengths):
        return None
    if not is_pattern(f"^{counted[1]}*$"):
        return None
    return None if counted[4] and int(counted[2]) > int(counted[4]) else counted


def _length_edits(node: Node, counted: re.Match[str]) -> Iterator[Edit]:
    """`^.{0,65536}$` as `^.*$` with a `maxLength`: the engine bounds the size of an expression.

    Both count code points (JSON Schema 2020-12 Validation §6.3), so the meaning is the same.
    """
    kind, least, comma, most = counted.groups()
    yield Edit("pattern", below(node.pointer, "pattern"), "", f"^{kind}*$")
    if int(least):
        length = max(node.value.get("minLength", 0), int(least))
        yield Edit("pattern", below(node.pointer, "minLength"), "", length)
    if most or not comma:
        length = int(most or least)
        length = min(node.value.get("maxLength", length), length)
        yield Edit("pattern", below(node.pointer, "maxLength"), "", length)


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
    if is_pattern(pattern):
        return pattern

    respelt = _respelt(translated)
    candidates = (respelt, _with_plain_dashes(respelt))
    return next((text for text in candidates if is_pattern(text)), "")


def _respelt(pattern: str) -> str:
    """The same pattern as the validator's engine spells it."""
    for expression, replacement in _SAME:
        pattern = expression.sub(replacement, pattern)
    return _SURROGATES.sub(_code_point, pattern)


def _code_point(pair: re.Match[str]) -> str:
    """Two halves as one character: ranges of them are what those who count in UTF-16 write."""
    try:
        high, low = int(pair[1], 16), int(pair[2], 16)
    except ValueError:
        return pair[0]
    return rf"\u{{{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):X}}}"


def _with_plain_dashes(pattern: str) -> str:
    r"""`[\w-.]` with its dash escaped: beside a class it begins no range (ECMA-262 Annex B.1.2)."""
    pieces = _TOKEN.findall(pattern)
    is_inside = False
    for index, piece in enumerate(pieces):
        if piece in ("[", "]"):
            is_inside = piece == "["
        neighbours = {pieces[index - 1], *pieces[index + 1 : index + 2]}
        if is_inside and piece == "-" and neighbours & _CLASSES:
            pieces[index] = r"\-"
    return "".join(pieces)
