"""Check that a Python value says all of the JSON it was made from.

It uses none of the code that both ends share: that code may be what loses something.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from enum import Enum
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from bothends.prove.agreement.compare import difference
from bothends.prove.values.origin import Origin
from bothends.runtime.json.value import is_array, is_object


def loss(drawn: Any, value: Any) -> str | None:
    """Where a Python value says something else than the JSON, and how; None when it says the same.

    The same as in JSON Schema: 1 and 1.0 are one number. A moment is the same in `Z` and in
    `+00:00`, and in capitals and small letters; so is a UUID. Nothing else may differ: no fraction
    of a second, no offset, no null that is not there.
    """
    return difference(*_comparable(drawn, _plain(value)))


def losses(origin: Origin) -> Iterator[str]:
    """What was lost on the way from JSON to a value, or is lost when the value is encoded."""
    lost = loss(origin.drawn, origin.value)
    if lost is not None:
        yield f"{origin.label} is read as something else: {lost}"
        return

    lost = loss(origin.conversion.encode(origin.value), origin.value)
    if lost is not None:
        yield f"{origin.label} is written as something else: {lost}"


def _plain(value: Any) -> Any:
    """The value with its models as objects, by the names that pydantic knows.

    Moments and the like stay as they are.
    """
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        found: dict[str, Any] = {}
        for name in value.model_fields_set:
            if name in vars(value) and name in fields:
                alias = fields[name].alias
                wire_name = name if alias is None else str(alias)
                found[wire_name] = _plain(vars(value)[name])

        for name, item in (value.model_extra or {}).items():
            found[name] = _plain(item)
        return found

    if isinstance(value, Enum):
        return value.value
    if is_array(value):
        return [_plain(item) for item in value]
    if is_object(value):
        return {name: _plain(item) for name, item in value.items()}

    return value


def _comparable(drawn: Any, value: Any) -> tuple[Any, Any]:
    """Give moments, days and UUIDs one spelling on both sides."""
    if is_array(drawn) and is_array(value) and len(drawn) == len(value):
        pairs = list(map(_comparable, drawn, value))
        drawn_items = [item for item, _ in pairs]
        return drawn_items, [item for _, item in pairs]

    if is_object(drawn) and is_object(value):
        both = {name: _comparable(drawn[name], value[name]) for name in drawn.keys() & value.keys()}
        drawn_object = {**drawn, **{name: pair[0] for name, pair in both.items()}}
        return drawn_object, {**value, **{name: pair[1] for name, pair in both.items()}}

    if isinstance(drawn, str) and isinstance(value, datetime):
        return _moment(drawn), _moment(value.isoformat())
    if isinstance(drawn, str) and isinstance(value, date | time):
        return drawn, value.isoformat()
    if isinstance(drawn, str) and isinstance(value, UUID):
        return drawn.lower(), str(value)

    return drawn, value


def _moment(text: str) -> str:
    """Normalise an RFC 3339 moment: capitals, no trailing zeros, the offset in digits."""
    # RFC 3339 §5.6: `t` and `z` may be small letters.
    text = text.upper()
    local, offset = (text[:-1], "+00:00") if text.endswith("Z") else (text[:-6], text[-6:])
    complete, _, fraction = local.partition(".")
    display = f".{fraction.rstrip('0')}" if fraction.rstrip("0") else ""
    return complete + display + ("+00:00" if offset == "-00:00" else offset)
