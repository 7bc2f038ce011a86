"""Where each node of a document begins, at twelve bytes a node."""

from __future__ import annotations

from array import array

from bothends.openapi.json_value import JsonValue, child
from bothends.openapi.pointer import split


class Positions:
    """Offsets of values and keys, in the order of the text, with the size of each subtree.

    A pointer is followed through the data (for the order of keys) and these arrays (to step over
    siblings), so no pointer and no key is stored a second time.
    """

    __slots__ = ("aliases", "keys", "sizes", "values")

    def __init__(self) -> None:
        self.values = array("L")
        self.keys = array("L")
        self.sizes = array("L")
        self.aliases: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.values)

    def add(self, offset: int, key: int | None = None) -> int:
        """Add the next node of the text and return its number.

        `key` is the offset of its key, if it has one.
        """
        self.values.append(offset)
        self.keys.append(offset if key is None else key)
        self.sizes.append(1)
        return len(self.values) - 1

    def close(self, node: int) -> None:
        """Say that all nodes added since `node` lie inside it."""
        self.sizes[node] = len(self.values) - node

    def find(self, data: JsonValue, pointer: str) -> int:
        """The number of the node at `pointer`, or of its nearest ancestor that exists."""
        node = 0
        for part in split(pointer):
            node = self.aliases.get(node, node)
            try:
                index, data = child(data, part)
            except KeyError:
                return node

            node += 1
            for _ in range(index):
                node += self.sizes[node]

        return node
