"""The arrays and objects in a JSON value, each stored once, with placeholders inside.

Example: in `{"a": [1], "b": [1], "c": {"d": [1]}}` the same array appears three times.
`placeholder()` stores

    0: [1]                                 one part for all three
    1: {"d": [0]}                          `[0]` stands for part 0: an array, with its index
    2: {"a": [0], "b": [0], "c": {"": 1}}  `{"": 1}` stands for part 1: an object, with its index

and returns `{"": 2}`. Equal values have equal placeholders, so a verdict on part 0 holds at all
three places.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from .value import is_array, is_object

# Below it a float is the integer that it looks like; larger ones would become texts of hundreds of
# digits.
_EXACT = 2.0**53
_write = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


class Parts:
    """The parts of JSON values by index: equal values (in JSON Schema) have the same index.

    A placeholder has the kind (array or object) of the value that it represents, and the value's
    index. Building takes time and memory in proportion to the text of the value.
    """

    def __init__(self) -> None:
        self._indices: dict[str, int] = {}
        self._parts: list[Any] = []
        self._placeholders: dict[int, Any] = {}

    def placeholder(self, value: Any) -> Any:
        """Store the parts of a value and return its placeholder; a scalar is returned as it is."""
        if is_object(value):
            members = {name: self.placeholder(inner) for name, inner in value.items()}
            found: Any = {"": self._add(members)}
        elif is_array(value):
            found = [self._add([self.placeholder(inner) for inner in value])]
        else:
            return value

        self._placeholders[id(value)] = found
        return found

    def __len__(self) -> int:
        """How many arrays and objects have a placeholder, equal ones counted each time."""
        return len(self._placeholders)

    def has(self, value: Any) -> bool:
        """Whether a value, by its identity, is an array or object that has a placeholder."""
        return id(value) in self._placeholders

    def placeholder_of(self, value: Any) -> Any:
        """Return the placeholder of a value, by its identity, or the value itself."""
        return self._placeholders.get(id(value), value)

    def part(self, placeholder: Any) -> Any:
        """Return the array or object that this placeholder represents.

        A scalar represents itself.
        """
        index = self.index(placeholder)
        return placeholder if index is None else self._parts[index]

    def index(self, placeholder: Any) -> int | None:
        """Return the index of the part that this placeholder represents, or None for a scalar."""
        index: int | None = None
        if is_object(placeholder):
            index = placeholder[""]
        elif is_array(placeholder):
            index = placeholder[0]

        return index

    def is_same(self, part: Any, value: Any) -> bool:
        """Whether a part equals a value: a constant of the contract."""
        return _text(part) == _text(self.part(self.placeholder(value)))

    def _add(self, part: Any) -> int:
        # By text: a hostile caller could choose integers whose hashes collide, but not texts.
        index = self._indices.setdefault(_text(part), len(self._parts))
        if index == len(self._parts):
            self._parts.append(part)
        return index


def _text(part: Any) -> str:
    """Return the same text for equal parts: 1.0 is 1, and properties have no order."""
    if is_object(part):
        if _has_float(part.values()):
            part = {name: _as_integer(inner) for name, inner in part.items()}
        return _write(part)
    if is_array(part):
        if _has_float(part):
            part = list(map(_as_integer, part))
        return _write(part)
    return _write(_as_integer(part))


def _has_float(values: Iterable[Any]) -> bool:
    return float in set(map(type, values))


def _as_integer(value: Any) -> Any:
    return (
        int(value) if type(value) is float and value.is_integer() and abs(value) < _EXACT else value
    )
