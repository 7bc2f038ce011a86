"""Between JSON values and Python values: decoded by type, encoded by what they are.

Decoding never rejects: the contract has judged already, and a client must survive what a vendor
adds. What a type cannot hold (an unknown enum value, a leap second, a union member nobody knows) is
kept as JSON gives it.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, cast, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel

from bothends.runtime.article import with_article
from bothends.runtime.json.value import is_array, is_integer, is_object, json_kind
from bothends.runtime.operation import MISSING, Api
from bothends.runtime.schema.contract import Contract, load_contract
from bothends.runtime.transfer.file import File

from .aliases import ALIASES, alias_value, bare, resolved
from .model_fields import ModelFields, as_it_is, extra_of, names_set_of, wire_names

T = TypeVar("T")
_INFINITE = float("inf")

Decode = Callable[[Any], Any]
Fits = Callable[[Any], bool]


class EncodeError(ValueError):
    """A Python value has no JSON form; the message says why and does not repeat the value."""


@dataclass(slots=True)
class Decoder:
    """How one Python type is read from JSON: its JSON kinds, its decoder, and its test of a value.

    `near` is asked when no member of a union fits: is this the member that was meant?
    """

    kinds: frozenset[str]
    decode: Decode
    fits: Fits
    near: Fits = lambda _: False


ALL_KINDS = frozenset({"null", "boolean", "number", "string", "array", "object", "other"})


@cache
def codec_for(api: Api) -> Codec:
    """The codec of a generated package."""
    return Codec(load_contract(api))


class Codec:
    """Decodes the types of one package; its contract tells which member of a union a value is."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._decoders: dict[Any, Decoder] = {}

    def decode(self, type_: Any, value: Any) -> Any:
        """The Python value of a JSON value, as `type_` has it."""
        return self.decoder(type_).decode(value)

    def decoder(self, type_: Any) -> Decoder:
        """The decoder of a type, compiled when first asked for."""
        type_ = bare(type_)
        try:
            found = self._decoders.get(type_)
        except TypeError:  # annotated with something that has no hash: nothing to remember it by
            return self._compile(type_)

        if found is None:
            found = self._decoders[type_] = _forward(
                lambda: self._decoders[type_]
            )  # a recursive type meets itself
            try:
                result = self._compile(type_)
            except BaseException:
                del self._decoders[type_]  # it would only ever meet itself
                raise

            found.kinds, found.decode, found.fits, found.near = (
                result.kinds,
                result.decode,
                result.fits,
                result.near,
            )

        return found

    def _compile(self, type_: Any) -> Decoder:
        if isinstance(type_, ALIASES):
            return self._alias(type_)
        if type_ in _SCALARS:
            return _SCALARS[type_]

        origin, arguments = get_origin(type_), get_args(type_)
        if origin is Literal:
            return _literal(arguments)
        if origin in (typing.Union, types.UnionType):
            return self._union(arguments)

        return self._container(type_, origin, arguments)

    def _container(self, type_: Any, origin: Any, arguments: tuple[Any, ...]) -> Decoder:
        if origin is list or type_ is list:
            return _list(self.decoder(arguments[0] if arguments else Any))
        if origin is dict or type_ is dict:
            return _dict(self.decoder(arguments[1] if arguments else Any))
        if _is_model(type_):
            return self._model(type_)
        return Decoder(ALL_KINDS, as_it_is, lambda _: True)

    def _alias(self, alias: Any) -> Decoder:
        inner = self.decoder(alias_value(alias))
        return Decoder(
            inner.kinds, inner.decode, self._judged(alias.__name__, inner.fits), inner.near
        )

    def _model(self, cls: type[BaseModel]) -> Decoder:
        fields = ModelFields(cls, lambda type_: self.decoder(type_).decode)
        return Decoder(
            frozenset({"object"}), fields.decode, self._judged(cls.__name__, is_object), fields.near
        )

    def _judged(self, name: str, otherwise: Fits) -> Fits:
        pointer = self.contract.component(name)
        if pointer is None:
            return otherwise
        accepts = self.contract.accepts

        def judge(value: Any) -> bool:
            try:
                return accepts(pointer, value)
            # Of a form, a union of objects may have files in it: their bytes are judged as text.
            except ValueError:
                return accepts(pointer, _with_texts(value))

        return judge

    def _named_in(self, alias: Any) -> Iterator[Any]:
        """A named union, its classes, and the same of the named unions that are its members."""
        waiting, seen = [alias], set[Any]()
        while waiting:
            member = waiting.pop()
            type_ = resolved(member)
            if isinstance(member, ALIASES) or _is_model(member):
                yield member
            if get_origin(type_) in (typing.Union, types.UnionType) and type_ not in seen:
                seen.add(type_)
                waiting += get_args(type_)

    def _is_object_type(self, name: str) -> bool:
        """Whether a class is for objects alone: then `Tide | Any` may be another object.

        A schema of properties without `type` allows anything, and each object is a `Tide`.
        """
        pointer = self.contract.component(name)
        return pointer is not None and self.contract.find_object(pointer).get("type") == "object"

    def _union(self, types_: tuple[Any, ...]) -> Decoder:
        """Read a value as the member that the discriminator names, else as the first that fits.

        `Tide | Any` is what people expect and whatever else the contract allows.
        """
        members = [self.decoder(type_) for type_ in types_ if type_ is not Any]
        is_open = len(members) < len(types_)
        by_kind: dict[str, list[Decoder]] = {}

        def decode(value: Any) -> Any:
            kind = json_kind(value)
            takers = by_kind.get(kind)
            if takers is None:  # not before: a recursive type does not know yet what it takes
                takers = by_kind[kind] = [member for member in members if kind in member.kinds]

            by_tag = discriminated(value) if kind == "object" else None
            if by_tag is not None and by_tag.near(value):
                return by_tag.decode(value)
            if by_tag or len(takers) > 1 or (kind == "object" and may_be_other):
                with self.contract.judging(value):
                    return _decode_as_fitting(takers, value, by_tag)
            return takers[0].decode(value) if takers else value

        def fits_one(value: Any) -> bool:
            kind = json_kind(value)
            return any(kind in member.kinds and member.fits(value) for member in members)

        classes = {type_.__name__: self.decoder(type_) for type_ in types_ if _is_model(type_)}
        aliases = [type_ for type_ in types_ if isinstance(type_, ALIASES)]
        discriminated = self._discriminated_member(classes, aliases)
        may_be_other = is_open and any(map(self._is_object_type, classes))

        kinds = frozenset[str]().union(*(member.kinds for member in members))
        is_plain = all(member.decode is as_it_is for member in members)
        return Decoder(
            ALL_KINDS if is_open else kinds,
            as_it_is if is_plain else decode,
            lambda value: is_open or fits_one(value),
            lambda value: any(member.near(value) for member in members),
        )

    def _discriminated_member(
        self, classes: dict[str, Decoder], aliases: list[Any]
    ) -> Callable[[dict[str, Any]], Decoder | None]:
        """Return the function that finds the member of a union that a value's discriminator names.

        Args:
            classes: The decoders of the members that are classes, by the names of these.
            aliases: The members that are named unions.
        """
        discriminator = self.contract.discriminator(
            frozenset(classes) | {alias.__name__ for alias in aliases}
        )

        def find_member(value: dict[str, Any]) -> Decoder | None:
            if discriminator is None:
                return None
            name = self.contract.discriminated(discriminator, value)
            # It may name a union, or a member of one.
            named = classes.get(name) or inner_member(name)
            base = classes.get(discriminator.otherwise)
            # An heir that the value cannot be: no other heir was meant, so it is of their base.
            if named and base and not named.near(value) and base.fits(value):
                return base
            return named

        @cache
        def inner_member(name: str) -> Decoder | None:
            inner = (member for alias in aliases for member in self._named_in(alias))
            return next((self.decoder(type_) for type_ in inner if type_.__name__ == name), None)

        return find_member


def _is_model(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, BaseModel)


def _decode_as_fitting(takers: list[Decoder], value: Any, by_tag: Decoder | None) -> Any:
    """Decode as the first member that fits, else as the discriminator's, else the only near one."""
    fitting = next((member for member in takers if member.fits(value)), by_tag)
    if fitting is not None:
        return fitting.decode(value)

    nearest = [member for member in takers if member.near(value)]
    return nearest[0].decode(value) if len(nearest) == 1 else value


def _with_texts(value: Any) -> Any:
    """The object of a form with a text for each file: one character for each byte."""
    if isinstance(value, File):
        return value.content.decode("latin-1")
    if is_object(value):
        return {name: _with_texts(item) for name, item in value.items()}
    return list(map(_with_texts, value)) if is_array(value) else value


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


def _forward(actual: Callable[[], Decoder]) -> Decoder:
    return Decoder(
        ALL_KINDS,
        lambda value: actual().decode(value),
        lambda value: actual().fits(value),
        lambda value: actual().near(value),
    )


def _list(item: Decoder) -> Decoder:
    def decode(value: Any) -> Any:
        each = item.decode
        return [each(part) for part in value] if each is not as_it_is and is_array(value) else value

    return Decoder(
        frozenset({"array"}),
        decode,
        lambda value: is_array(value) and all(item.fits(part) for part in value),
    )


def _dict(item: Decoder) -> Decoder:
    def decode(value: Any) -> Any:
        each = item.decode
        return {name: each(part) for name, part in value.items()} if is_object(value) else value

    return Decoder(
        frozenset({"object"}),
        decode,
        lambda value: is_object(value) and all(item.fits(part) for part in value.values()),
    )


def _literal(options: Iterable[Any]) -> Decoder:
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
_SCALARS: dict[Any, Decoder] = {
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
