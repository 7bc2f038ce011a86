"""A JSON value with another in one of its places, and how the name of a probe tells of it."""

from __future__ import annotations

from typing import Any

from bothends.runtime.json.value import is_object

Steps = tuple[Any, ...]
"""The way to a place: names of properties and indices of items."""
_LONGEST = 60


def replace_at(value: Any, path: Steps, new: Any) -> Any:
    """The value with `new` at a place; the value itself stays as it is."""
    if not path:
        return new

    first, remainder = path[0], path[1:]
    if is_object(value):
        return {**value, first: replace_at(value[first], remainder, new)}
    return [
        replace_at(item, remainder, new) if index == first else item
        for index, item in enumerate(value)
    ]


def abbreviate(value: Any) -> str:
    """The value as the name of a probe tells it."""
    text = repr(value)
    return text if len(text) < _LONGEST else f"{type(value).__name__} of {len(text)} characters"
