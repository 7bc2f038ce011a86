"""From Python values to JSON values, by what they are: models by their wire names."""

from __future__ import annotations

from datetime import date, time
from enum import Enum
from typing import Any, cast
from uuid import UUID

from pydantic import BaseModel

from bothends.runtime.article import with_article
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.operation import MISSING

from .model_fields import ModelFields, extra_of, names_set_of, wire_names

_INFINITE = float("inf")


class EncodeError(ValueError):
    """A Python value has no JSON form; the message says why and does not repeat the value."""


# What JSON has as it is; others may have no form in it.
_PLAIN: frozenset[object] = frozenset({type(None), bool, int})


def encode(value: Any) -> Any:
    """The JSON value of a Python value: models by wire names, only the fields that are set.

    Raises:
        EncodeError: It has none.
    """
    type_ = cast("object", type(value))
    if type_ in _PLAIN or (type_ is str and value.isascii()):
        return value
    if type_ is list:
        return _encode_list(value)
    if isinstance(value, BaseModel):
        return _encode_model(value)
    if isinstance(value, str | bool | int | float):
        return _encode_scalar(value)
    if is_object(value):
        return {_name(name): encode(item) for name, item in value.items()}
    if is_array(value):
        return _encode_list(value)

    return _encode_text(value)


def _encode_model(model: BaseModel) -> dict[str, Any]:
    """What `ModelFields.items` gives, encoded; most of it is plain, and a call takes longer."""
    provided, values = names_set_of(model), vars(model)
    encoded: dict[str, Any] = {}
    for name, wire_name in wire_names(type(model)).items():
        if name in provided and name in values:
            item = values[name]
            kind: object = item.__class__
            is_plain = (
                kind in _PLAIN
                or (kind is str and item.isascii())
                or (kind is float and -_INFINITE < item < _INFINITE)
            )
            encoded[wire_name] = item if is_plain else encode(item)

    if extra_of(model):
        for name, item in ModelFields.undeclared(model):
            encoded[name] = encode(item)
    return encoded


def _encode_list(items: list[Any]) -> list[Any]:
    kinds = set(map(type, items))
    if kinds <= _PLAIN or (kinds == {str} and "".join(items).isascii()):
        return list(items)
    return [encode(item) for item in items]


def _encode_text(value: Any) -> Any:
    if isinstance(value, date | time):  # a datetime is a date
        # `Z`, as vendors write it and many of their patterns ask for, is the same as `+00:00`.
        text = value.isoformat()
        return f"{text[:-6]}Z" if text.endswith("+00:00") else text
    if isinstance(value, UUID):
        return str(value)
    if value is MISSING:
        raise EncodeError("MISSING stands for nothing at all: leave the argument or field out")
    if isinstance(value, Enum):
        return encode(value.value)

    raise EncodeError(f"{with_article(type(value).__name__)} has no JSON form")


def _encode_scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return encode(value.value)
    if isinstance(value, float) and not -_INFINITE < value < _INFINITE:
        raise EncodeError("NaN and infinity have no JSON form")

    if isinstance(value, str) and not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise EncodeError("a string holds half of a surrogate pair") from None

    return value


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise EncodeError(f"the names of an object are text, not {type(name).__name__}")
    return str(_encode_scalar(name))
