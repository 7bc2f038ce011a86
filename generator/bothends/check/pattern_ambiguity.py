r"""Whether a pattern can match one text in exponentially many ways.

Worked example: `(\w+\s?)+$`. The automaton has a state for each place of a character, here `\w` and
`\s`. Two ways lead from `\w` to `\w`: one round of the inner `+`, and one of the outer. So a text of
n letters is taken apart in 2ⁿ ways, and a program that backtracks tries them all before it refuses
the text with a `!` behind it.

A pattern does so if and only if two different ways lead from a state back to it over one text
(Weber and Seidl, On the degree of ambiguity of finite automata, 1991). They are looked for among
pairs of states, which two readers of one text are in.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from bothends.openapi.circles import circles
from bothends.runtime.schema.pattern_reader import (
    PRINTABLE,
    PatternNode,
    PatternReader,
    UnreadablePattern,
)

_MOST_STEPS: Final = 50_000
"""Parts and transitions of a pattern that are looked at: repetitions of repetitions multiply."""

_MOST_PAIRS: Final = 100_000
"""Pairs of transitions that are looked at. A pattern with more is not decided."""

_State: TypeAlias = int
_WayCounts: TypeAlias = Counter[tuple[_State, _State]]


def is_ambiguous(pattern: str) -> bool:
    """Whether there are exponentially many ways; False where that is not decided."""
    automaton = _Automaton()
    try:
        automaton.add(PatternReader(pattern).read())
    except (UnreadablePattern, _TooLarge, IndexError, RecursionError):
        return False

    rounds = _find_rounds(automaton)
    if any(count > 1 for count in rounds.values()):
        return True
    return len(rounds) ** 2 <= _MOST_PAIRS and _has_two_ways(rounds, automaton.characters)


class _TooLarge(Exception):
    """A pattern has more parts than are looked at."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """The states that a part of a pattern begins and ends with, and whether it may be no text."""

    first: tuple[_State, ...] = ()
    last: tuple[_State, ...] = ()
    may_be_empty: bool = True

    def then(self, after: _Piece) -> _Piece:
        """The states of the two parts, one after the other."""
        return _Piece(
            (*self.first, *after.first) if self.may_be_empty else self.first,
            (*self.last, *after.last) if after.may_be_empty else after.last,
            self.may_be_empty and after.may_be_empty,
        )


@dataclass(slots=True)
class _Automaton:
    """The characters that lead into each state, and how many ways lead from one to another."""

    characters: list[frozenset[str]] = field(default_factory=list[frozenset[str]])
    ways: _WayCounts = field(default_factory=_WayCounts)
    _steps: int = 0

    def add(self, node: PatternNode) -> _Piece:
        """Add a part of a pattern with its repetitions."""
        if node.most is None:
            # `x{3,}` has the ways of `x+`.
            piece = self._add_once(node)
            self._add_ways(piece.last, piece.first)
            return _Piece(piece.first, piece.last, piece.may_be_empty or node.least == 0)

        # `x{9}` has those of `xx`, and `x{3,9}` those of `xx?`.
        required = min(node.least, 2 if node.most == node.least else 1)
        piece = _Piece()
        for _ in range(required):
            piece = self._add_joined(piece, self._add_once(node))

        optional = _Piece()
        for _ in range(min(node.most, 2) - required):
            more = self._add_joined(self._add_once(node), optional)
            optional = _Piece(more.first, more.last)
        return self._add_joined(piece, optional)

    def _add_once(self, node: PatternNode) -> _Piece:
        self._spend(1)
        if node.choices:
            pieces = [self.add(choice) for choice in node.choices]
            first = tuple(state for piece in pieces for state in piece.first)
            last = tuple(state for piece in pieces for state in piece.last)
            return _Piece(first, last, any(piece.may_be_empty for piece in pieces))

        if node.characters:
            self.characters.append(frozenset(PRINTABLE if node.is_any else node.characters))
            state = len(self.characters) - 1
            return _Piece((state,), (state,), may_be_empty=False)

        whole = _Piece()
        for part in node.parts:
            whole = self._add_joined(whole, self.add(part))
        return whole

    def _add_joined(self, before: _Piece, after: _Piece) -> _Piece:
        self._add_ways(before.last, after.first)
        return before.then(after)

    def _add_ways(self, last: tuple[_State, ...], first: tuple[_State, ...]) -> None:
        self._spend(len(last) * len(first))
        self.ways.update((before, after) for before in last for after in first)

    def _spend(self, steps: int) -> None:
        self._steps += steps
        if self._steps > _MOST_STEPS:
            raise _TooLarge


def _find_rounds(automaton: _Automaton) -> _WayCounts:
    """The ways that are part of a round: what is passed once is passed in few ways."""
    uses: dict[str, set[str]] = {str(state): set() for state in range(len(automaton.characters))}
    for before, after in automaton.ways:
        uses[str(before)].add(str(after))

    found = circles(uses)
    return _WayCounts(
        {
            (before, after): count
            for (before, after), count in automaton.ways.items()
            if str(after) in found.get(str(before), ())
        }
    )


def _has_two_ways(rounds: _WayCounts, characters: list[frozenset[str]]) -> bool:
    """Whether two readers of one text may be in one state, then in two, and then in one again."""
    uses: dict[str, set[str]] = {}
    same = set[str]()
    for first, first_after in rounds:
        for second, second_after in rounds:
            if not characters[first_after].isdisjoint(characters[second_after]):
                pair, pair_after = f"{first} {second}", f"{first_after} {second_after}"
                uses.setdefault(pair, set()).add(pair_after)
                uses.setdefault(pair_after, set())
                same |= {pair} if first == second else set()

    return any(group & same and not group <= same for group in {*circles(uses).values()})
