"""How much a contract may hold.

The largest real ones have 13 MB, 600,000 nodes and a depth of 40.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, compress
from typing import Any

from bothends.openapi.json_value import JsonValue

MAX_BYTES = 64_000_000
MAX_NODES = (
    4_000_000  # as if each alias were written out: a bomb is small only until somebody walks it
)
MAX_ALIASES = 10_000
MAX_DEPTH = 150  # later stages recurse; Python stops at 1,000 frames
MAX_FILES = 20_000  # the contract of most files that was seen has 2,907
MAX_ADDED = 400_000  # values that the actions of an overlay add: each may double a contract
MAX_WIDTH = 20_000  # entries of one mapping or list; the widest that was seen has 1,876
MAX_TEXT = 1_000_000  # characters of one text; the longest that was seen has 18,555
MAX_KEYS_LENGTH = 4_000
"""Characters of the longest key of each level, added up, so that no JSON pointer is longer.

Later stages hold the pointers of thousands of nodes at once.
"""


class KeyLengths:
    """The length of the longest key of each level of a document."""

    def __init__(self) -> None:
        self._longest: list[int] = []
        self.total = 0

    def fit(self, depth: int, key: str) -> bool:
        """Note a key; whether those of all levels together are within the limit."""
        longest = self._longest
        longest += [0] * (depth + 1 - len(longest))
        if len(key) <= longest[depth]:
            return True

        self.total += len(key) - longest[depth]
        longest[depth] = len(key)
        return self.total <= MAX_KEYS_LENGTH


def is_within_limits(data: JsonValue) -> bool:
    """Whether a document is within all limits."""
    return Extent().add(data)


class Extent:
    """What was counted of documents that share parts: at least what each of them holds."""

    def __init__(self) -> None:
        self._count = 0
        self._keys = KeyLengths()
        # With the parts themselves: the id of what is gone is given to something else.
        self._counted: dict[int, Any] = {}

    def note_counted(self, parts: Iterable[Any]) -> None:
        """Remember parts, which a later document may hold at the same depth."""
        self._counted |= {id(part): part for part in parts}

    def add(self, data: JsonValue) -> bool:
        """Whether a document is within all limits, counted level by level: no recursion.

        False may also mean that all documents together reach one.
        """
        # This is done for each of 600,000 values, so the loops are those of the interpreter itself.
        self._count += 1
        holders: list[Any] = [[data]]

        for depth in range(-1, MAX_DEPTH):
            mappings: list[dict[str, Any]] = _of_types(holders, dict)
            lists: list[list[Any]] = _of_types(holders, list)
            lists += [[*mapping.values()] for mapping in mappings]
            values = [*chain.from_iterable(lists)]

            if max(map(len, _of_types(values, str)), default=0) > MAX_TEXT:
                return False
            holders = _of_types(values, dict, list)
            if self._counted:
                holders = [holder for holder in holders if id(holder) not in self._counted]
            sizes = [*map(len, holders)]
            self._count += sum(sizes)
            if self._count > MAX_NODES or max(sizes, default=0) > MAX_WIDTH:
                return False

            longest = max(chain.from_iterable(mappings), key=len, default="")
            if depth >= 0 and not self._keys.fit(depth, longest):
                return False
            if not holders:
                return True

        return False


def _of_types(values: list[Any], *types: type) -> list[Any]:
    return [*compress(values, map({*types}.__contains__, map(type, values)))]


def size_of(data: JsonValue) -> int:
    """How many values a part of a document holds."""
    count, waiting = 0, [data]
    while waiting:
        node = waiting.pop()
        count += 1
        if isinstance(node, dict | list):
            waiting += node.values() if isinstance(node, dict) else node
    return count
