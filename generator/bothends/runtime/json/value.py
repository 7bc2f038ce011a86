"""JSON values as Python holds them, and what JSON Schema calls them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeGuard


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether a JSON value is an array."""
    return isinstance(value, list)


def is_integer(value: object) -> bool:
    """Whether JSON Schema takes the value for an integer: 1.0 is one, true is none."""
    if isinstance(value, float):
        # JSON Schema 2020-12 Validation §6.1.1: an integer is any number without a fraction.
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


def json_type(value: object) -> str:
    """The JSON type of a value, by JSON Schema's names."""
    kind = json_kind(value)
    return "integer" if kind == "number" and is_integer(value) else kind


# Of the types that JSON text is read as; their subclasses take longer.
_KINDS: dict[type, str] = {
    str: "string",
    dict: "object",
    list: "array",
    bool: "boolean",
    type(None): "null",
    int: "number",
    float: "number",
}


def json_kind(value: object) -> str:
    """The kind of a JSON value: its type, but all numbers are of one kind.

    What is no JSON, such as a file, is an "other".
    """
    existing = _KINDS.get(type(value))
    if existing is not None:
        return existing
    if isinstance(value, str):
        return "string"
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list | tuple):
        return "array"
    if isinstance(value, bool):
        return "boolean"
    if value is None:
        return "null"

    return "number" if isinstance(value, int | float) else "other"


_CONTAINERS = (dict, list)


def is_deeper(value: object, limit: int) -> bool:
    """Whether a JSON value has arrays and objects inside each other, more than `limit` of them."""
    level: list[Any] = [value] if isinstance(value, _CONTAINERS) else []
    while level and limit > 0:
        # A union asks this of each item of a list, so there is no step but this one.
        level = [
            inner
            for outer in level
            for inner in (outer.values() if is_object(outer) else outer)
            if isinstance(inner, _CONTAINERS)
        ]
        limit -= 1
    return bool(level)


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal in JSON Schema: 1 and 1.0 are, 1 and true are not."""
    # Python says that `True == 1`, and so does `in`: both would take a boolean for an integer.
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if is_object(left) and is_object(right):
        if left.keys() != right.keys():
            return False
        return all(same(value, right[name]) for name, value in left.items())
    if is_array(left) and is_array(right):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def is_among(value: Any, items: Iterable[Any]) -> bool:
    """Whether one of these is the same JSON value."""
    return any(same(value, item) for item in items)
