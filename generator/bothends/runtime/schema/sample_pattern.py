"""Texts that a regular expression of ECMA-262 matches: short ones, the same each time, or none.

Boundaries are passed over, and so is what must not follow. A text made here is
a proposal: the validator judges it.

Worked example: `^(?=.*[0-9])[a-z0-9]{4,}$`. What must be ahead is read apart: `0`. The rest gives
`abcd`. The proposals are `abcd`, which the validator refuses, and the same with what must be ahead
written over its beginning: `0bcd`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_LONGEST = 4096
# What a text may cost: repetitions in repetitions, and groups that hold a group twice, would
# multiply to any length, or to any number of empty parts.
_MOST_STEPS = 50_000
_REFERENCE = re.compile(r"\\[1-9k]")
_PRINTABLE = [chr(code) for code in range(32, 127)]
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


def texts_for(pattern: str, shortest: int = 0) -> Iterator[str]:
    """Yield texts that the pattern probably matches, until they have `shortest` characters."""
    reader = _Reader(pattern)
    try:
        tree = reader.read()
    except (_Unreadable, IndexError, RecursionError):
        return

    growing = range(min(shortest, _LONGEST) + 4)
    for turn in range(4):
        ahead = _written(reader.ahead, turn, 0)
        for extra in growing:
            text = _written([tree], turn, extra)
            if text is None:
                break  # with more repetitions it is no shorter
            if ahead:
                yield ahead + text[len(ahead) :]
            yield text


def _written(nodes: list[_Node], turn: int, extra: int) -> str | None:
    """The texts of these one after the other; None if that is too much to write."""
    budget = _Budget()
    try:
        return "".join(node.write(turn, extra, budget) for node in nodes)
    except (_TooMuch, RecursionError):
        return None


class _TooMuch(Exception):
    """A text takes more steps to write than any that is worth it."""


@dataclass(slots=True)
class _Budget:
    """The steps that are left for a text; a step writes one character at most."""

    steps: int = _MOST_STEPS

    def spend(self) -> None:
        """Take a step. _TooMuch if none is left."""
        self.steps -= 1
        if self.steps < 0:
            raise _TooMuch


class _Unreadable(Exception):
    """The pattern has a form that this reader does not know."""


@dataclass(slots=True)
class _Node:
    """One of these characters, or these parts one after the other, or one of these alternatives.

    So many times.
    """

    characters: str = ""
    parts: tuple[_Node, ...] = ()
    choices: tuple[_Node, ...] = ()
    least: int = 1
    most: int | None = 1
    is_same: bool = False
    """Whether each repetition is the same text."""

    def write(self, turn: int, extra: int, budget: _Budget) -> str:
        """A text that this matches.

        `turn` chooses among characters and alternatives, `extra` among repetitions. _TooMuch.
        """
        times = self.least + extra if self.most is None else min(self.most, self.least + extra)
        if times > _LONGEST:
            return ""
        step = 0 if self.is_same else 1
        return "".join(self._once(turn + step * time, extra, budget) for time in range(times))

    def _once(self, turn: int, extra: int, budget: _Budget) -> str:
        budget.spend()
        if self.choices:
            return self.choices[turn % len(self.choices)].write(turn, extra, budget)
        if self.characters:
            return self.characters[turn % len(self.characters)]
        return "".join(part.write(turn, extra, budget) for part in self.parts)


class _Reader:
    """A recursive descent through the pattern."""

    def __init__(self, pattern: str) -> None:
        self._text, self._at = pattern, 0
        self.ahead: list[_Node] = []
        """What must be found ahead, wherever it is looked for."""
        self._captures: dict[str, _Node] = {}
        self._names: dict[str, _Node] = {}

    def read(self) -> _Node:
        """The whole pattern."""
        node = self._choice()
        if self._at < len(self._text):
            raise _Unreadable
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
            raise _Unreadable
        return self._text[start : self._at - len(end)]

    def _choice(self) -> _Node:
        choices = [self._sequence()]
        while self._next("|"):
            choices.append(self._sequence())
        return choices[0] if len(choices) == 1 else _Node(choices=tuple(choices))

    def _sequence(self) -> _Node:
        parts: list[_Node] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            parts.append(self._repeated(self._atom()))
        return _Node(parts=tuple(parts))

    def _atom(self) -> _Node:
        if self._next("^", "$", r"\b", r"\B"):
            return _Node()

        if self._next("(?="):
            self.ahead.append(self._group())
            return _Node()

        if self._next("(?!", "(?<=", "(?<!"):
            existing = len(self.ahead)
            self._group()
            del self.ahead[existing:]
            return _Node()

        if self._next("(?:"):
            return self._group()
        if self._next("("):
            name = self._until(">") if self._next("?<") else ""
            return self._captured(name)

        if _REFERENCE.match(self._text, self._at):
            return self._back_reference()
        return _Node(characters=self._characters())

    def _captured(self, name: str) -> _Node:
        number = str(len(self._captures) + 1)
        self._captures[number] = _Node()
        node = self._captures[number] = self._group()
        if name:
            self._names[name] = node
        return node

    def _back_reference(self) -> _Node:
        """The group again: written in the same turn it is the same text."""
        self._at += 1
        if self._next("k<"):
            node = self._names.get(self._until(">")) or _Node()
        else:
            node = self._captures.get(self._take()) or _Node()
        return replace(node, is_same=True)

    def _group(self) -> _Node:
        node = self._choice()
        if not self._next(")"):
            raise _Unreadable
        return node

    def _characters(self) -> str:
        if self._next("["):
            return self._set()
        if self._next("."):
            return _LOWER
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
            raise _Unreadable

        return _others(found) if negative else _readable(found)

    def _repeated(self, node: _Node) -> _Node:
        least, most = self._times()
        self._next("?")  # lazy: the same texts
        if (least, most) == (1, 1):
            return node
        return _Node(parts=(node,), least=least, most=most, is_same=node.is_same)

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
        raise _Unreadable from None


def _others(excluded: str) -> str:
    return _readable("".join(char for char in _PRINTABLE if char not in excluded)) or "\u00e9"


def _readable(characters: str) -> str:
    """Letters and digits first: nicer to read in an answer."""
    return "".join(sorted(characters, key=lambda char: not char.isalnum()))
