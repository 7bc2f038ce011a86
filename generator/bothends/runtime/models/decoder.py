"""How one Python type is read from JSON: scalars, literals, lists and maps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bothends.runtime.json.value import is_array, is_integer, is_object, json_kind
from bothends.runtime.transfer.file import File

from .model_fields import as_it_is

Decode = Callable[[Any], Any]
Fits = Callable[[Any], bool]


def _no_member(_: dict[str, Any]) -> Decoder | None:
    return None


@dataclass(slots=True)
class Decoder:
    """How one Python type is read from JSON: its JSON kinds, its decoder, and its tests of a value.

    `fits` asks the contract, and `fits_as_named` asks it where discriminators choose. `may_fit` is
    cheap, and false only where `fits` is. `near` is asked when no member of a union fits: is this
    the member that was meant? `named` is the member of a union that the discriminator of an object
    names.
    """

    kinds: frozenset[str]
    decode: Decode
    fits: Fits
    near: Fits = lambda _: False
    may_fit: Fits = lambda _: True
    named: Callable[[dict[str, Any]], Decoder | None] = _no_member
    fits_as_named: Fits = lambda _: False


ALL_KINDS = frozenset({"null", "boolean", "number", "string", "array", "object", "other"})


def forward(actual: Callable[[], Decoder]) -> Decoder:
    """The decoder of a type that is still being compiled: it asks the real one when it is used."""
    return Decoder(
        ALL_KINDS,
        lambda value: actual().decode(value),
        lambda value: actual().fits(value),
        lambda value: actual().near(value),
        lambda value: actual().may_fit(value),
        lambda value: actual().named(value),
        lambda value: actual().fits_as_named(value),
    )


def list_decoder(item: Decoder) -> Decoder:
    """The decoder of a list, each of whose items `item` decodes."""

    def decode(value: Any) -> Any:
        each = item.decode
        return [each(part) for part in value] if each is not as_it_is and is_array(value) else value

    return Decoder(
        frozenset({"array"}),
        decode,
        lambda value: is_array(value) and all(item.fits(part) for part in value),
    )


def dict_decoder(item: Decoder) -> Decoder:
    """The decoder of an object of any names, each of whose values `item` decodes."""

    def decode(value: Any) -> Any:
        each = item.decode
        return {name: each(part) for name, part in value.items()} if is_object(value) else value

    return Decoder(
        frozenset({"object"}),
        decode,
        lambda value: is_object(value) and all(item.fits(part) for part in value.values()),
    )


def literal_decoder(options: Iterable[Any]) -> Decoder:
    """The decoder of some values and no others; 1.0 is 1, as JSON has it."""
    exact = {(json_kind(option), option) for option in options}
    kinds = frozenset(kind for kind, _ in exact)

    def as_integer(value: Any) -> Any:
        return (
            int(value)
            if isinstance(value, float) and value.is_integer() and ("number", value) in exact
            else value
        )

    return Decoder(
        kinds,
        as_integer if "number" in kinds else as_it_is,
        lambda value: json_kind(value) in kinds and (json_kind(value), value) in exact,
    )


def _scalar(kind: str, decode: Decode = as_it_is, fits: Fits = lambda _: True) -> Decoder:
    return Decoder(
        frozenset({kind}), decode, lambda value: json_kind(value) == kind and fits(value)
    )


def _parsed(pattern: str, parse: Callable[[str], Any]) -> Decoder:
    """Text that stands for something.

    Left as text where Python has no such value (year 0, second 60).
    """
    form = re.compile(pattern)

    def decode(value: Any) -> Any:
        if not isinstance(value, str) or form.fullmatch(value) is None:
            return value
        try:
            return parse(value)
        except ValueError:
            return value

    return _scalar("string", decode, lambda value: not isinstance(decode(value), str))


def _int(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


_DATE = r"\d{4}-\d\d-\d\d"
SCALARS: dict[Any, Decoder] = {
    str: _scalar("string"),
    bool: _scalar("boolean"),
    float: _scalar("number"),
    int: _scalar("number", _int, is_integer),
    File: _scalar("other", fits=lambda value: isinstance(value, File)),
    None: _scalar("null"),
    type(None): _scalar("null"),
    date: _parsed(_DATE, date.fromisoformat),
    datetime: _parsed(
        # A datetime holds microseconds, and would cut what is finer.
        _DATE + r"[Tt]\d\d:\d\d:\d\d(\.\d{1,6}0*)?([Zz]|[+-]\d\d:\d\d)",
        lambda text: datetime.fromisoformat(text.upper()),
    ),
    UUID: _parsed(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", UUID),
}
