"""What a JSON value is, told to people and type checkers alike."""

from __future__ import annotations

from typing import Any, Final, TypeAlias, TypeVar

from typing_extensions import TypeIs

JsonValue: TypeAlias = dict[str, Any] | list[Any] | str | int | float | bool | None

_HOLDERS: Final = (dict, list)
_Json = TypeVar("_Json")


def is_object(value: Any) -> TypeIs[dict[str, Any]]:
    """Whether the value is a JSON object."""
    return isinstance(value, dict)


def is_array(value: Any) -> TypeIs[list[Any]]:
    """Whether the value is a JSON array."""
    return isinstance(value, list)


def as_object(value: Any) -> dict[str, Any]:
    """Return a JSON object as it is, and {} for anything else: `check` reports that."""
    return value if is_object(value) else {}


def as_array(value: Any) -> list[Any]:
    """The value if it is a JSON array, else an empty one."""
    return value if is_array(value) else []


def member(value: JsonValue, part: str) -> JsonValue:
    """The value of the child named by one part of a pointer. `KeyError` when there is none."""
    if is_object(value):
        found: JsonValue = value[part]
        return found
    if (
        isinstance(value, list)
        # `isdecimal` takes the digits of every script, an index those of ASCII (RFC 6901 §4).
        and part.isascii()
        and part.isdecimal()
        # Python raises for numbers of thousands of digits, and no list is as long as 10 digits say.
        and len(part) < 10
        and int(part) < len(value)
    ):
        item: JsonValue = value[int(part)]
        return item
    raise KeyError(part)


def copied(value: _Json) -> _Json:
    """A copy of a JSON value. What it holds in several places, the copy holds in the same ones.

    As `copy.deepcopy`, which takes twice as long because it knows more than JSON.
    """
    whole: Any = value
    copy: _Json = _copied(whole, {}) if isinstance(whole, _HOLDERS) else whole
    return copy


def _copied(value: Any, known: dict[int, Any]) -> Any:
    existing = known.get(id(value))
    if existing is not None:
        return existing

    result: Any = value.copy()
    known[id(value)] = result
    members: Any = value.items() if is_object(value) else enumerate(value)
    for key, item in members:
        if isinstance(item, _HOLDERS):
            result[key] = _copied(item, known)
    return result


def types_of(schema: dict[str, Any]) -> set[str]:
    """The types in `type`, which is a list or one of them; none where a schema has no `type`."""
    declared = schema.get("type")
    return {each for each in as_array(declared) or [declared] if isinstance(each, str)}
