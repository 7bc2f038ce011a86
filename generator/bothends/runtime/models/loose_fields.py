"""Dictionaries where a class and a dictionary are both possible.

`Log(first={"height": None})` with `first: Tide | dict[str, Any]`: pydantic makes a `Tide`, in which
None means absent. The contract forbids null there, so the object is no `Tide`, and stays as it is.
"""

from __future__ import annotations

from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from bothends.runtime.json.value import is_array, is_object

from .aliases import resolved
from .model_fields import by_wire_name, never_null, wire_names

# Types nest no deeper in one field; a recursive alias has no end.
_DEEPEST = 12


@cache
def loose_fields(cls: type[BaseModel]) -> frozenset[str]:
    """Return the fields, by Python name, whose values may be objects without a class of theirs."""
    wire_names(cls)  # which completes the class
    fields = cls.model_fields.items()
    return frozenset(name for name, field in fields if _is_loose(field.annotation, 0))


def with_nulls(value: Any, result: Any) -> Any:
    """Return what pydantic made of a value, with objects that would lose a null as they were."""
    if result is value:
        return result
    if is_object(value) and isinstance(result, BaseModel):
        return value if _lacks_null(value, result) else result
    if is_array(value) and is_array(result) and len(value) == len(result):
        return [with_nulls(*pair) for pair in zip(value, result, strict=True)]
    if is_object(value) and is_object(result) and value.keys() == result.keys():
        return {name: with_nulls(item, result[name]) for name, item in value.items()}
    return result


def _is_loose(type_: Any, depth: int) -> bool:
    type_ = resolved(type_)
    members = get_args(type_)
    if get_origin(type_) in (Union, UnionType) and any(map(_is_open, members)):
        return True
    return depth < _DEEPEST and any(_is_loose(member, depth + 1) for member in members)


def _is_open(type_: Any) -> bool:
    type_ = resolved(type_)
    return type_ is Any or get_origin(type_) is dict


def _lacks_null(value: Any, result: Any) -> bool:
    """Whether an object has a null, by a name of the wire, that the model made of it has not."""
    if is_object(value) and isinstance(result, BaseModel):
        names, absent = by_wire_name(type(result)), never_null(type(result))
        fields = {names[name]: item for name, item in value.items() if name in names}
        return any(
            field in absent if item is None else _lacks_null(item, getattr(result, field, None))
            for field, item in fields.items()
        )
    if is_array(value) and is_array(result) and len(value) == len(result):
        return any(_lacks_null(*pair) for pair in zip(value, result, strict=True))
    if is_object(value) and is_object(result):
        return any(_lacks_null(item, result.get(name)) for name, item in value.items())
    return False
