"""JSON as Python holds it, and one step into it."""

from __future__ import annotations

from typing import Any, TypeAlias

JsonValue: TypeAlias = dict[str, Any] | list[Any] | str | int | float | bool | None


def child(value: JsonValue, part: str) -> tuple[int, JsonValue]:
    """The position and value of the child named by one part of a pointer; `KeyError` when there is none."""
    if isinstance(value, list) and part.isascii() and part.isdecimal() and len(part) < 10 and int(part) < len(value):
        return int(part), value[int(part)]
    if isinstance(value, dict) and part in value:
        return list(value).index(part), value[part]
    raise KeyError(part)


def mapping(value: JsonValue) -> dict[str, Any]:
    """The value where it is an object, else an empty one: for data that may be any nonsense."""
    return value if isinstance(value, dict) else {}


def sequence(value: JsonValue) -> list[Any]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []
