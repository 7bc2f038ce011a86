"""Whether what arrived is what was given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from bothends.counted import counted
from bothends.runtime.json.value import is_array, is_object


def difference(passed: Any, received: Any) -> str | None:
    """Where two values differ and how, in words; None when they are the same.

    Stricter than `==`: true is not 1, a field that is not set is not one that is null, a moment has
    its offset, and a model is of its class. As in JSON Schema, 1 and 1.0 are the same number.
    """
    return _difference(passed, received, "")


def _difference(passed: Any, received: Any, pointer: str) -> str | None:
    if isinstance(passed, BaseModel):
        if type(passed) is not type(received):
            return _message(pointer, f"{_abbreviated(passed)} became {_abbreviated(received)}")
        return _of_objects(_content(passed), _content(received), pointer)

    if is_array(passed) and is_array(received):
        if len(passed) != len(received):
            return _message(pointer, f"{counted(len(passed), 'item')} became {len(received)}")
        pointers = [f"{pointer}[{index}]" for index in range(len(passed))]
        return _first(map(_difference, passed, received, pointers))

    if is_object(passed) and is_object(received):
        return _of_objects(passed, received, pointer)

    if _is_same(passed, received):
        return None
    return _message(pointer, f"{_abbreviated(passed)} became {_abbreviated(received)}")


def _content(model: BaseModel) -> dict[str, Any]:
    """Return the fields that are set, and the extra ones, marked: names may repeat."""
    fields = {name: vars(model)[name] for name in model.model_fields_set if name in vars(model)}
    return fields | {f"({name})": value for name, value in (model.model_extra or {}).items()}


def _of_objects(passed: dict[str, Any], received: dict[str, Any], pointer: str) -> str | None:
    lost, new = passed.keys() - received.keys(), received.keys() - passed.keys()
    if lost or new:
        names = [f"{name!r} is lost" for name in sorted(lost)]
        names += [f"{name!r} is new" for name in sorted(new)]
        return _message(pointer, ", ".join(names))

    return _first(
        _difference(passed[name], received[name], f"{pointer}.{name}" if pointer else name)
        for name in passed
    )


def _is_same(passed: Any, received: Any) -> bool:
    # True == 1 in Python; on the wire they are two values.
    if isinstance(passed, bool) or isinstance(received, bool):
        return passed is received
    if isinstance(passed, int | float) and isinstance(received, int | float):
        return passed == received
    if isinstance(passed, datetime) and isinstance(received, datetime):
        # Python calls two moments equal across offsets; a caller who sent +02:00 would notice.
        return passed == received and passed.utcoffset() == received.utcoffset()
    return type(passed) is type(received) and bool(passed == received)


def _first(found: Any) -> str | None:
    return next((item for item in found if item is not None), None)


def _message(pointer: str, what: str) -> str:
    return f"{pointer}: {what}" if pointer else what


def _abbreviated(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
