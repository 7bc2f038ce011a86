"""Texts that a regular expression of ECMA-262 matches: short ones, the same each time, or none.

Boundaries are passed over, and so is what must not follow. A text made here is
a proposal: the validator judges it.

Worked example: `^(?=.*[0-9])[a-z0-9]{4,}$`. What must be ahead is read apart: `0`. The rest gives
`abcd`. The proposals are `abcd`, which the validator refuses, and the same with what must be ahead
written over its beginning: `0bcd`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bothends.runtime.schema.pattern_reader import PatternNode, PatternReader, UnreadablePattern

_LONGEST = 4096
# What a text may cost: repetitions in repetitions, and groups that hold a group twice, would
# multiply to any length, or to any number of empty parts.
_MOST_STEPS = 50_000


def texts_for(pattern: str, shortest: int = 0) -> Iterator[str]:
    """Yield texts that the pattern probably matches, until they have `shortest` characters."""
    reader = PatternReader(pattern)
    try:
        tree = reader.read()
    except (UnreadablePattern, IndexError, RecursionError):
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


def _written(nodes: list[PatternNode], turn: int, extra: int) -> str | None:
    """The texts of these one after the other; None if that is too much to write."""
    budget = _Budget()
    try:
        return "".join(_write(node, turn, extra, budget) for node in nodes)
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


def _write(node: PatternNode, turn: int, extra: int, budget: _Budget) -> str:
    """A text that a part matches.

    `turn` chooses among characters and alternatives, `extra` among repetitions. _TooMuch.
    """
    times = node.least + extra if node.most is None else min(node.most, node.least + extra)
    if times > _LONGEST:
        return ""
    step = 0 if node.is_same else 1
    return "".join(_write_once(node, turn + step * time, extra, budget) for time in range(times))


def _write_once(node: PatternNode, turn: int, extra: int, budget: _Budget) -> str:
    budget.spend()
    if node.choices:
        return _write(node.choices[turn % len(node.choices)], turn, extra, budget)
    if node.characters:
        return node.characters[turn % len(node.characters)]
    return "".join(_write(part, turn, extra, budget) for part in node.parts)
