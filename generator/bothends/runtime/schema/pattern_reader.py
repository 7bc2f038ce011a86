"""Reads a regular expression of ECMA-262: characters, parts, alternatives and repetitions.

Worked example: `^(?=.*[0-9])[a-z]{4,}$` is the part `[a-z]`, at least four times. What must be
ahead is read apart: `.*[0-9]`. Boundaries are passed over, and so is what must not follow.

Of a set without end, such as `.` or `[^a]`, the characters are those of ASCII that can be printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_REFERENCE = re.compile(r"\\[1-9k]")
PRINTABLE = [chr(code) for code in range(32, 127)]
_DIGITS = "0123456789"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_WORD = _LOWER + _LOWER.upper() + _DIGITS + "_"
_CLASSES = {"d": _DIGITS, "w": _WORD, "s": " \t\n"}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "0": "\0"}
_CATEGORIES = {
    "L": _LOWER + _LOWER.upper(),
    "Lu": _LOWER.upper(),
    "Ll": _LOWER,
    "N": _DIGITS,
    "Nd": _DIGITS,
}


class UnreadablePattern(Exception):
    """The pattern has a form that this reader does not know."""


@dataclass(slots=True)
class PatternNode:
    """One of these characters, or these parts one after the other, or one of these alternatives.

    So many times.
    """

    characters: str = ""
    parts: tuple[PatternNode, ...] = ()
    choices: tuple[PatternNode, ...] = ()
    least: int = 1
    most: int | None = 1
    is_same: bool = False
    """Whether each repetition is the same text."""

    is_any: bool = False
    """Whether it is the dot; `characters` are the letters of it that read well."""


class PatternReader:
    """A recursive descent through the pattern."""

    def __init__(self, pattern: str) -> None:
        self._text, self._at = pattern, 0
        self.ahead: list[PatternNode] = []
        """What must be found ahead, wherever it is looked for."""
        self._captures: dict[str, PatternNode] = {}
        self._names: dict[str, PatternNode] = {}

    def read(self) -> PatternNode:
        """The whole pattern."""
        node = self._choice()
        if self._at < len(self._text):
            raise UnreadablePattern
        return node

    def _next(self, *expected: str) -> bool:
        """Step over the first of these that stands here."""
        found = next((text for text in expected if self._text.startswith(text, self._at)), None)
        self._at += len(found or "")
        return found is not None

    def _take(self) -> str:
        self._at += 1
        return self._text[self._at - 1]

    def _until(self, end: str) -> str:
        start, self._at = self._at, self._text.find(end, self._at) + len(end)
        if self._at < start:
            raise UnreadablePattern
        return self._text[start : self._at - len(end)]

    def _choice(self) -> PatternNode:
        choices = [self._sequence()]
        while self._next("|"):
            choices.append(self._sequence())
        return choices[0] if len(choices) == 1 else PatternNode(choices=tuple(choices))

    def _sequence(self) -> PatternNode:
        parts: list[PatternNode] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            parts.append(self._repeated(self._atom()))
        return PatternNode(parts=tuple(parts))

    def _atom(self) -> PatternNode:
        if self._next("^", "$", r"\b", r"\B"):
            return PatternNode()

        if self._next("(?="):
            self.ahead.append(self._group())
            return PatternNode()

        if self._next("(?!", "(?<=", "(?<!"):
            existing = len(self.ahead)
            self._group()
            del self.ahead[existing:]
            return PatternNode()

        if self._next("(?:"):
            return self._group()
        if self._next("("):
            name = self._until(">") if self._next("?<") else ""
            return self._captured(name)

        if _REFERENCE.match(self._text, self._at):
            return self._back_reference()
        if self._next("."):
            return PatternNode(characters=_LOWER, is_any=True)
        return PatternNode(characters=self._characters())

    def _captured(self, name: str) -> PatternNode:
        number = str(len(self._captures) + 1)
        self._captures[number] = PatternNode()
        node = self._captures[number] = self._group()
        if name:
            self._names[name] = node
        return node

    def _back_reference(self) -> PatternNode:
        """The group again: written in the same turn it is the same text."""
        self._at += 1
        if self._next("k<"):
            node = self._names.get(self._until(">")) or PatternNode()
        else:
            node = self._captures.get(self._take()) or PatternNode()
        return replace(node, is_same=True)

    def _group(self) -> PatternNode:
        node = self._choice()
        if not self._next(")"):
            raise UnreadablePattern
        return node

    def _characters(self) -> str:
        if self._next("["):
            return self._set()
        if self._next("\\"):
            return self._escaped()
        return self._take()

    def _escaped(self) -> str:
        letter = self._take()
        if letter in _CONTROLS:
            return _CONTROLS[letter]

        if letter in "xu":
            if letter == "u" and self._text[self._at] == "{":
                code = self._until("}")[1:]
            else:
                code = "".join(self._take() for _ in range(2 if letter == "x" else 4))
            return chr(_number(code, 16))

        if letter in "pP" and self._next("{"):
            existing = _CATEGORIES.get(self._until("}").removeprefix("gc="), _LOWER)
            return existing if letter == "p" else _others(existing)

        existing = _CLASSES.get(letter.lower(), letter)
        return existing if letter not in "DWS" else _others(existing)

    def _set(self) -> str:
        negative = self._next("^")
        found = ""

        while not self._next("]"):
            member = self._escaped() if self._next("\\") else self._take()
            if len(member) == 1 and self._text[self._at] == "-" and self._text[self._at + 1] != "]":
                self._at += 1
                last = self._escaped() if self._next("\\") else self._take()
                member = "".join(
                    map(chr, range(ord(member), min(ord(last), ord(member) + 200) + 1))
                )
            found += member

        if not found and not negative:
            raise UnreadablePattern

        return _others(found) if negative else _readable(found)

    def _repeated(self, node: PatternNode) -> PatternNode:
        least, most = self._times()
        self._next("?")  # lazy: the same texts
        if (least, most) == (1, 1):
            return node
        return PatternNode(parts=(node,), least=least, most=most, is_same=node.is_same)

    def _times(self) -> tuple[int, int | None]:
        if self._next("*"):
            return 0, None
        if self._next("+"):
            return 1, None
        if self._next("?"):
            return 0, 1
        if not self._next("{"):
            return 1, 1

        low, comma, high = self._until("}").partition(",")
        least = _number(low)
        if not comma:
            return least, least
        return least, _number(high) if high else None


def _number(text: str, radix: int = 10) -> int:
    try:
        return int(text, radix)
    except ValueError:
        raise UnreadablePattern from None


def _others(excluded: str) -> str:
    return _readable("".join(char for char in PRINTABLE if char not in excluded)) or "\u00e9"


def _readable(characters: str) -> str:
    """Letters and digits first: nicer to read in an answer."""
    return "".join(sorted(characters, key=lambda char: not char.isalnum()))
