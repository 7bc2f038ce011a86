"""The arrays and objects in a JSON value, each once and without what is inside its own arrays and objects."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from .value import is_array, is_object

_EXACT = 2.0**53
"""Below it a float is the integer that it looks like; larger ones would become texts of hundreds of digits."""
_write = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


class Parts:
    """The parts of JSON values, numbered: the same number means that two are the same to JSON Schema.

    In each part, a stand-in takes the place of any array or object: of the same kind, with its number. Stand-ins are the same
    if and only if the values are. Takes time and memory in proportion to the text of the value.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._parts: list[Any] = []
        self._stand_ins: dict[int, Any] = {}

    def stand_in(self, value: Any) -> Any:
        """What stands for a value within a part; a value that is no array or object stands for itself."""
        if is_object(value):
            found: Any = {
                "": self._add({name: self.stand_in(inner) for name, inner in value.items()})
            }
        elif is_array(value):
            found = [self._add([self.stand_in(inner) for inner in value])]
        else:
            return value

        self._stand_ins[id(value)] = found
        return found

    def has(self, value: Any) -> bool:
        """Whether a value, still where it was, is an array or object that has a stand-in."""
        return id(value) in self._stand_ins

    def stand_in_of(self, value: Any) -> Any:
        """What was made to stand for a value that is still where it was."""
        return self._stand_ins.get(id(value), value)

    def part(self, stand_in: Any) -> Any:
        """The part that a stand-in stands for."""
        number = self.number(stand_in)
        return stand_in if number is None else self._parts[number]

    def number(self, stand_in: Any) -> int | None:
        """The number of the part that a stand-in stands for; None for what stands for itself."""
        number: int | None = None
        if is_object(stand_in):
            number = stand_in[""]
        elif is_array(stand_in):
            number = stand_in[0]

        return number

    def is_same(self, part: Any, value: Any) -> bool:
        """Whether a part is that of a value: a constant of the contract."""
        return _text(part) == _text(self.part(self.stand_in(value)))

    def _add(self, part: Any) -> int:
        # By text: whoever sends the value could choose integers whose hashes are the same, but not texts.
        number = self._numbers.setdefault(_text(part), len(self._parts))
        if number == len(self._parts):
            self._parts.append(part)
        return number


def _text(part: Any) -> str:
    """The same text for parts that are the same: 1.0 is 1, and the order of properties means nothing."""
    if is_object(part):
        return _write(
            {name: _as_integer(inner) for name, inner in part.items()}
            if _has_float(part.values())
            else part
        )
    if is_array(part):
        return _write([_as_integer(inner) for inner in part] if _has_float(part) else part)
    return _write(_as_integer(part))


def _has_float(values: Iterable[Any]) -> bool:
    return float in set(map(type, values))


def _as_integer(value: Any) -> Any:
    return (
        int(value) if type(value) is float and value.is_integer() and abs(value) < _EXACT else value
    )
