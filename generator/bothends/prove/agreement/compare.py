"""Whether what arrived is what was given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from bothends.runtime.json.value import is_array, is_object


def difference(given: Any, got: Any) -> str | None:
    """Where two values differ and how, in words; None when they are the same.

    Stricter than `==`: true is not 1, a field that is not set is not one that is null, a moment has its offset, and a
    model is of its class. As in JSON Schema, 1 and 1.0 are the same number.
    """
    return _difference(given, got, "")


def _difference(given: Any, got: Any, place: str) -> str | None:
    if isinstance(given, BaseModel):
        return _of_models(given, got, place)

    if is_array(given) and is_array(got):
        if len(given) != len(got):
            return _told(place, f"{len(given)} items became {len(got)}")
        pairs = enumerate(zip(given, got, strict=True))
        return _first(_difference(one, other, f"{place}[{index}]") for index, (one, other) in pairs)

    if is_object(given) and is_object(got):
        return _of_objects(given, got, place)

    return None if _is_same(given, got) else _told(place, f"{_shown(given)} became {_shown(got)}")


def _of_models(given: BaseModel, got: Any, place: str) -> str | None:
    if type(given) is not type(got):
        return _told(place, f"{_shown(given)} became {_shown(got)}")
    return _of_objects(_content(given), _content(got), place)


def _content(model: BaseModel) -> dict[str, Any]:
    """What is set: the fields, and what the class does not name (marked, for a field may have the same name)."""
    fields = {name: vars(model)[name] for name in model.model_fields_set if name in vars(model)}
    return fields | {f"({name})": value for name, value in (model.model_extra or {}).items()}


def _of_objects(given: dict[str, Any], got: dict[str, Any], place: str) -> str | None:
    lost, new = given.keys() - got.keys(), got.keys() - given.keys()
    if lost or new:
        told = [f"{name!r} is lost" for name in sorted(lost)] + [
            f"{name!r} is new" for name in sorted(new)
        ]
        return _told(place, ", ".join(told))
    return _first(
        _difference(given[name], got[name], f"{place}.{name}" if place else name) for name in given
    )


def _is_same(given: Any, got: Any) -> bool:
    if isinstance(given, bool) or isinstance(got, bool):
        return given is got
    if isinstance(given, int | float) and isinstance(got, int | float):
        return given == got
    if isinstance(given, datetime) and isinstance(got, datetime):
        return given == got and given.utcoffset() == got.utcoffset()
    return type(given) is type(got) and bool(given == got)


def _first(found: Any) -> str | None:
    return next((one for one in found if one is not None), None)


def _told(place: str, what: str) -> str:
    return f"{place}: {what}" if place else what


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
