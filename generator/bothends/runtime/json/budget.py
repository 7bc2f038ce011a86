"""How much a JSON text may hold: small values cost much more than their bytes.

    16 KB of gzip are 16 MB of `{},`: 5.6 million objects, which took 28 s and 3.7 GB of a server

What the bounds below allow takes a second and 200 MB at most. They count all the texts of one body
or answer together, its parts and lines as well; a reader that takes more bytes than is usual
(`max_body`, `max_answer`) takes as many more.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, TypeVar

SMALL = 65_536
"""No text of so few bytes has too many values, or makes the collector run for long."""

VALUES = 655_360
COLLECTIONS = 114_688
"""Arrays and objects; also the lines of a text of lines."""
NAMES = 393_216
DIGITS = 2_097_152
"""Characters of numbers that no machine word holds: an integer of 4,300 digits takes 0.1 ms."""
CHOICES = 81_920
"""How often a value is held against a member of a union."""

# Not the 17 digits of a double, as they are printed.
_LONG_NUMBER = re.compile(rb"(?<![^\[,: \t\r\n-])(?:[0-9]{19,}|[0-9][0-9.eE+-]{25,})")
_STRING = re.compile(rb'"[^"]*"')

# What is counted outside of strings, and for each the bytes that are not looked at for it.
_OPENING, _COLON, _COMMA = b"[{", b":", b","
_OTHERS = {
    characters: bytes(set(range(256)) - {*characters, *b'"'})
    for characters in (_OPENING, _COLON, _COMMA)
}

_LEAST_COUNTED = 4_096
_NOTHING = nullcontext()
ValueT = TypeVar("ValueT")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True)
class BytesOption:
    """An option that says how many bytes are read, and how many those are if it is not given.

    Without a name there is no such option: who reads says how many.
    """

    name: str
    usual: int


MAX_BODY: Final = BytesOption("max_body", 16 * 1024 * 1024)
MAX_ANSWER: Final = BytesOption("max_answer", 32 * 1024 * 1024)


class BudgetError(ValueError):
    """A value costs more than may be spent on it."""


class _Tally:
    """How many of some characters stand outside of the strings of JSON texts, against a bound."""

    def __init__(self, characters: bytes, most: int) -> None:
        self.most = most
        self._characters = characters
        self._counted = 0
        self._pending: list[tuple[bytes, int]] = []

    def exceeds(self, text: bytes) -> bool:
        """Whether this text is one too many."""
        count = sum(map(text.count, self._characters))
        self._counted += count
        self._pending.append((text, count))
        if self._counted <= self.most:
            return False

        # Those in strings were counted too.
        for pending, most in self._pending:
            outside = _outside_of_strings(pending, self._characters, 2 * self.most + 2)
            self._counted += len(outside) - most
        self._pending.clear()
        return self._counted > self.most


class _Budget:
    """What is left for the body or answer that is read."""

    def __init__(self, most_bytes: int, option: BytesOption) -> None:
        def scaled(bound: int) -> int:
            return bound * max(most_bytes, option.usual) // option.usual

        self._option = option
        self.lines, self._choices = scaled(COLLECTIONS), scaled(CHOICES)
        self._collections = _Tally(_OPENING, scaled(COLLECTIONS))
        self._names = _Tally(_COLON, scaled(NAMES))
        self._values = _Tally(_COMMA, scaled(VALUES))
        self._digits, self._most_digits = 0, scaled(DIGITS)

    def excess(self, text: bytes) -> str | None:
        if self._collections.exceeds(text):
            return self.exceeded(f"{self._collections.most} arrays and objects")
        if self._names.exceeds(text):
            return self.exceeded(f"{self._names.most} names")
        if self._values.exceeds(text):
            return self.exceeded(f"{self._values.most} values")

        self._digits += _digits_of_long_numbers(text)
        if self._digits > self._most_digits:
            return self.exceeded(f"{self._most_digits} digits of numbers that are long")
        return None

    def spend_choices(self, count: int) -> None:
        self._choices -= count
        if self._choices < 0:
            raise BudgetError(self.exceeded("may be compared with members of unions"))

    def exceeded(self, bound: str) -> str:
        name = self._option.name
        way_out = f"; a larger {name} allows more" if name else ""
        return f"holds more than {bound}{way_out}"


_budget: ContextVar[_Budget | None] = ContextVar("_budget", default=None)
_UNLIMITED = _Budget(0, MAX_BODY)


def reading(
    content: object, most_bytes: int | None, option: BytesOption
) -> AbstractContextManager[Any]:
    """Open while content is read by somebody who takes so many bytes; None is any number."""
    size = len(content) if isinstance(content, bytes) else 0
    return _NOTHING if size < _LEAST_COUNTED else _reading(most_bytes, option)


@contextmanager
def _reading(most_bytes: int | None, option: BytesOption) -> Generator[None]:
    # Reading leaves no circles behind, and the collector would look through all that is read, again
    # and again: two thirds of the time.
    was_enabled = gc.isenabled()
    token = _budget.set(_budget_of(most_bytes, option))
    gc.disable()
    try:
        yield
    finally:
        _budget.reset(token)
        if was_enabled:
            gc.enable()


def within(
    most_bytes: int | None, option: BytesOption, read: Callable[[ValueT], ResultT], value: ValueT
) -> ResultT:
    """Return what a reader gives for a piece or an item of a stream, with its own budget."""
    token = _budget.set(_budget_of(most_bytes, option))
    try:
        return read(value)
    finally:
        _budget.reset(token)


def _budget_of(most_bytes: int | None, option: BytesOption) -> _Budget:
    return _UNLIMITED if most_bytes is None else _Budget(most_bytes, option)


def excess(text: bytes) -> str | None:
    """What a JSON text, with those before it in the same reading, has more of than may be read."""
    budget = _budget.get()
    if budget is _UNLIMITED or (budget is None and len(text) < SMALL):
        return None
    return (budget or _Budget(0, MAX_ANSWER)).excess(text)


def excess_lines(text: bytes) -> str | None:
    """What a text of lines, each an item, has more of than may be read, or None."""
    budget = _budget.get()
    if budget is None or budget is _UNLIMITED:
        return None
    is_within = text.count(b"\n") + text.count(b"\r") <= budget.lines
    return None if is_within else budget.exceeded(f"{budget.lines} lines")


def spend_choices(count: int) -> None:
    """Note that a value is held against so many members of a union: BudgetError beyond the bound.

    Each takes as long as a hundred values, and how many there are is up to the contract.
    """
    budget = _budget.get()
    if budget is not None and budget is not _UNLIMITED:
        budget.spend_choices(count)


def _outside_of_strings(text: bytes, characters: bytes, most_pieces: int) -> bytes:
    """The characters, of these, that stand outside of the strings of a JSON text."""
    # Strings without the characters go first, and those beside each other become one: then each
    # piece outside of a string has one of them.
    plain = text.replace(rb"\\", b"").replace(rb"\"", b"").translate(None, _OTHERS[characters])
    return b"".join(plain.replace(b'""', b"").split(b'"', most_pieces)[::2])


def _digits_of_long_numbers(text: bytes) -> int:
    """How many characters the numbers have that are longer than those of machines."""
    if _LONG_NUMBER.search(text) is None:
        return 0
    outside = _STRING.sub(b"", text.replace(rb"\\", b"").replace(rb"\"", b""))
    return sum(len(number) for number in _LONG_NUMBER.findall(outside))
