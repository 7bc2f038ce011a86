"""Whether what arrived is what was given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from bothends.runtime.json.value import is_array, is_object


def difference(given: Any, received: Any) -> str | None:
    """Where two values differ and how, in words; None when they are the same.

    Stricter than `==`: true is not 1, a field that is not set is not one that is null, a moment has its offset, and a
    model is of its class. As in JSON Schema, 1 and 1.0 are the same number.
    """
    return _difference(given, received, "")


def _difference(given: Any, received: Any, pointer: str) -> str | None:
    if isinstance(given, BaseModel):
        return _of_models(given, received, pointer)

    if is_array(given) and is_array(received):
        if len(given) != len(received):
            return _told(pointer, f"{len(given)} items became {len(received)}")
        pairs = enumerate(zip(given, received, strict=True))
        return _first(
            _difference(item, another, f"{pointer}[{index}]") for index, (item, another) in pairs
        )

    if is_object(given) and is_object(received):
        return _of_objects(given, received, pointer)

    return (
        None
        if _is_same(given, received)
        else _told(pointer, f"{_shown(given)} became {_shown(received)}")
    )


def _of_models(given: BaseModel, received: Any, pointer: str) -> str | None:
    if type(given) is not type(received):
        return _told(pointer, f"{_shown(given)} became {_shown(received)}")
    return _of_objects(_content(given), _content(received), pointer)


def _content(model: BaseModel) -> dict[str, Any]:
    """What is set: the fields, and what the class does not name (marked, for a field may have the same name)."""
    fields = {name: vars(model)[name] for name in model.model_fields_set if name in vars(model)}
    return fields | {f"({name})": value for name, value in (model.model_extra or {}).items()}


def _of_objects(given: dict[str, Any], received: dict[str, Any], pointer: str) -> str | None:
    lost, new = given.keys() - received.keys(), received.keys() - given.keys()
    if lost or new:
        message = [f"{name!r} is lost" for name in sorted(lost)] + [
            f"{name!r} is new" for name in sorted(new)
        ]
        return _told(pointer, ", ".join(message))
    return _first(
        _difference(given[name], received[name], f"{pointer}.{name}" if pointer else name)
        for name in given
    )


def _is_same(given: Any, received: Any) -> bool:
    if isinstance(given, bool) or isinstance(received, bool):
        return given is received
    if isinstance(given, int | float) and isinstance(received, int | float):
        return given == received
    if isinstance(given, datetime) and isinstance(received, datetime):
        return given == received and given.utcoffset() == received.utcoffset()
    return type(given) is type(received) and bool(given == received)


def _first(found: Any) -> str | None:
    return next((item for item in found if item is not None), None)


def _told(pointer: str, what: str) -> str:
    return f"{pointer}: {what}" if pointer else what


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
