"""How much a contract may hold.

The largest real ones have 13 MB, 600,000 nodes and a depth of 40.
"""

from __future__ import annotations

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
    """Whether a document is within all limits, counted level by level: no recursion."""
    count = 1
    level: list[JsonValue] = [data]
    keys = KeyLengths()

    for depth in range(MAX_DEPTH):
        below: list[JsonValue] = []
        longest = ""
        for node in level:
            if isinstance(node, dict):
                key = max(node, key=len, default="")
                longest = key if len(key) > len(longest) else longest
                below += node.values()
            elif isinstance(node, list):
                below += node
            elif isinstance(node, str) and len(node) > MAX_TEXT:
                return False

            if isinstance(node, dict | list) and len(node) > MAX_WIDTH:
                return False

        level = below
        count += len(level)
        if count > MAX_NODES or not keys.fit(depth, longest):
            return False
        if not level:
            return True

    return False


def size_of(data: JsonValue) -> int:
    """How many values a part of a document holds."""
    count, waiting = 0, [data]
    while waiting:
        node = waiting.pop()
        count += 1
        if isinstance(node, dict | list):
            waiting += node.values() if isinstance(node, dict) else node
    return count
