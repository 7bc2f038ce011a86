"""`uniqueItems` in time that grows with the array (JSON Schema 2020-12 §6.4.3).

The validator library compares each integer from 2^63 on with each other one: 4,000 of them, 80 KB,
took five seconds. Here an item becomes a value that a set can hold:

    [1, 1.0]           1 and 1.0 are equal                        not unique
    [1, true]          1 and ("boolean", true) are not            unique
    [{"a": 1}, {…}]    objects become frozen sets of pairs        in any order
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from bothends.runtime.json.value import is_array, is_object


class UniqueItems:
    """The keyword, as the validator library takes one of our own."""

    def __init__(
        self, _parent_schema: dict[str, Any], value: Any, _schema_path: list[str | int]
    ) -> None:
        self._is_asserted = value is True

    def validate(self, instance: Any) -> None:
        """Raises ValueError for an array that holds an item twice."""
        if self._is_asserted and is_array(instance) and has_twice(instance):
            raise ValueError("must not hold the same item twice")


def has_twice(items: list[Any]) -> bool:
    """Whether an array holds an item twice, as JSON Schema compares them (§4.2.2)."""
    return len(items) > 1 and len({_frozen(item) for item in items}) != len(items)


def _frozen(value: Any) -> Hashable:
    if is_object(value):
        return "object", frozenset((name, _frozen(item)) for name, item in value.items())
    if is_array(value):
        return "array", tuple(_frozen(item) for item in value)
    # To Python `True == 1`; to JSON Schema the two differ.
    if isinstance(value, bool):
        return "boolean", value
    scalar: Hashable = value
    return scalar
