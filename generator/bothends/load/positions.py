"""Where each node of a document begins, at twelve bytes a node."""

from __future__ import annotations

from array import array
from typing import Final, Protocol

from bothends.openapi.json_value import JsonValue, member
from bothends.openapi.pointer import split

_MANY: Final = 30


class Places(Protocol):
    """Where the nodes of a text begin."""

    def place(self, data: JsonValue, pointer: str) -> tuple[int, int]:
        """The offsets of the value at `pointer`, or of its nearest ancestor, and of its key."""
        ...


class Positions:
    """Offsets of values and keys, in the order of the text, with the size of each subtree.

    A pointer is followed through the data (for the order of keys) and these arrays (to step over
    siblings), so no pointer and no key is stored a second time. Only of what has many children and
    was asked for is it remembered where they are: ten thousand findings in one list would step over
    ten thousand siblings each.
    """

    __slots__ = ("_children", "aliases", "keys", "sizes", "values")

    def __init__(self) -> None:
        self.values = array("L")
        self.keys = array("L")
        self.sizes = array("L")
        self.aliases: dict[int, int] = {}
        self._children: dict[int, dict[str, int] | list[int]] = {}

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

    def drop_from(self, node: int) -> None:
        """Forget a node and all that were added since: what it stands for is not in the data."""
        del self.values[node:], self.keys[node:], self.sizes[node:]
        self.aliases = {alias: target for alias, target in self.aliases.items() if alias < node}

    def place(self, data: JsonValue, pointer: str) -> tuple[int, int]:
        """The offsets of the value at `pointer`, or of its nearest ancestor, and of its key."""
        node = self._find(data, pointer)
        return self.values[node], self.keys[node]

    def _find(self, data: JsonValue, pointer: str) -> int:
        """The number of the node at `pointer`, or of its nearest ancestor that exists."""
        node = 0
        for part in split(pointer):
            node = self.aliases.get(node, node)
            try:
                inner = member(data, part)
            except KeyError:
                return node

            children = self._children.get(node) or self._find_children(node, data)
            node = children[part] if isinstance(children, dict) else children[int(part)]
            data = inner

        return node

    def _find_children(self, node: int, data: JsonValue) -> dict[str, int] | list[int]:
        """The numbers of the children of an object or array, by key or in order."""
        numbers: list[int] = []
        number = node + 1
        for _ in range(len(data) if isinstance(data, dict | list) else 0):
            numbers.append(number)
            number += self.sizes[number]

        children = dict(zip(data, numbers, strict=True)) if isinstance(data, dict) else numbers
        if len(children) > _MANY:
            self._children[node] = children
        return children
