"""What a misspelt name was meant as: the nearest of the names that there are.

    nearest("Tied", ["Tide", "Harbour"])    → "Tide"

A comparison takes microseconds. A contract that misspells ten thousand names, and declares ten
thousand others, would take minutes of them: so they are counted for each contract, and when they
are used up, no name is near.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice
from typing import Final

_MOST_COMPARISONS: Final = 100_000
_LONGEST_NAME: Final = 200
_MOST_LISTED: Final = 12
_left: ContextVar[list[int] | None] = ContextVar("comparisons", default=None)


@contextmanager
def counted_comparisons() -> Generator[None]:
    """Bound the comparisons of all calls of `nearest` within the block."""
    token = _left.set([_MOST_COMPARISONS])
    try:
        yield
    finally:
        _left.reset(token)


def nearest(name: str, names: Collection[str], cutoff: float = 0.6) -> str:
    """Return the name that is most like another, or nothing where none is near.

    Args:
        name: What was written.
        names: What could be meant.
        cutoff: How alike they must be, from 0 to 1: twice what they share by what both have.
    """
    left = _left.get()
    if len(name) > _LONGEST_NAME or (left is not None and left[0] < len(names)):
        return ""
    if left is not None:
        left[0] -= len(names)

    possible = [each for each in names if len(each) <= _LONGEST_NAME]
    return next(iter(difflib.get_close_matches(name, possible, n=1, cutoff=cutoff)), "")


def listed(names: Collection[str]) -> str:
    """Write the first names, and how many there are beside them."""
    first = [*islice(names, _MOST_LISTED)]
    remainder = len(names) - len(first)
    return f"{', '.join(first)} and {remainder} more" if remainder else ", ".join(first)


def in_a_row(names: Sequence[str]) -> str:
    """Write names as a sentence has them, `a, b and c`; of many the first, and a number."""
    remainder = len(names) - _MOST_LISTED
    if remainder > 0:
        return f"{', '.join(names[:_MOST_LISTED])} and {remainder} more"
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def is_one_slip(name: str, other: str) -> bool:
    """Whether one letter was left out, added, replaced, or exchanged with its neighbour."""
    if name == other or abs(len(name) - len(other)) > 1:
        return False

    shared = zip(name, other, strict=False)
    start = next((i for i, (a, b) in enumerate(shared) if a != b), min(len(name), len(other)))
    left, right = name[start:], other[start:]
    return (
        left[1:] == right
        or left == right[1:]
        or left[1:] == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )
