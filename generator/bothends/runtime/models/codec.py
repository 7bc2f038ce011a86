"""From JSON values to Python values, by the types of a package.

Decoding never rejects: the contract has judged already, and a client must survive what a vendor
adds. What a type cannot hold (an unknown enum value, a leap second, a union member nobody knows) is
kept as JSON gives it.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from bothends.runtime.json.budget import spend_choices
from bothends.runtime.json.value import is_array, is_object, json_kind
from bothends.runtime.operation import Api
from bothends.runtime.schema.contract import Contract, read_package_contract
from bothends.runtime.transfer.file import File

from .aliases import ALIASES, alias_value, bare, resolved
from .decoder import (
    ALL_KINDS,
    SCALARS,
    Decoder,
    Fits,
    dict_decoder,
    forward,
    list_decoder,
    literal_decoder,
)
from .model_fields import ModelFields, as_it_is


@cache
def codec_for(api: Api) -> Codec:
    """The codec of a generated package."""
    return codec_of(api.package)


@cache
def codec_of(package: str) -> Codec:
    """The codec of the generated package of a name."""
    return Codec(read_package_contract(package))


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
            found = self._decoders[type_] = forward(
                lambda: self._decoders[type_]
            )  # a recursive type meets itself
            try:
                result = self._compile(type_)
            except BaseException:
                del self._decoders[type_]  # it would only ever meet itself
                raise

            found.kinds, found.decode = result.kinds, result.decode
            found.fits, found.near, found.may_fit = result.fits, result.near, result.may_fit
            found.named, found.fits_as_named = result.named, result.fits_as_named

        return found

    def _compile(self, type_: Any) -> Decoder:
        if isinstance(type_, ALIASES):
            return self._alias(type_)
        if type_ in SCALARS:
            return SCALARS[type_]

        origin, arguments = get_origin(type_), get_args(type_)
        if origin is Literal:
            return literal_decoder(arguments)
        if origin in (typing.Union, types.UnionType):
            return self._union(arguments)

        return self._container(type_, origin, arguments)

    def _container(self, type_: Any, origin: Any, arguments: tuple[Any, ...]) -> Decoder:
        if origin is list or type_ is list:
            return list_decoder(self.decoder(arguments[0] if arguments else Any))
        if origin is dict or type_ is dict:
            return dict_decoder(self.decoder(arguments[1] if arguments else Any))
        if _is_model(type_):
            return self._model(type_)
        return Decoder(ALL_KINDS, as_it_is, lambda _: True)

    def _alias(self, alias: Any) -> Decoder:
        inner = self.decoder(alias_value(alias))
        return replace(
            inner,
            fits=self._judged(alias.__name__, inner.fits),
            fits_as_named=self._judged(alias.__name__, inner.fits, as_named=True),
        )

    def _model(self, cls: type[BaseModel]) -> Decoder:
        fields = ModelFields(cls, lambda type_: self.decoder(type_).decode)
        return Decoder(
            frozenset({"object"}),
            fields.decode,
            self._judged(cls.__name__, is_object),
            fields.near,
            fields.near,
            fits_as_named=self._judged(cls.__name__, is_object, as_named=True),
        )

    def _judged(self, name: str, otherwise: Fits, *, as_named: bool = False) -> Fits:
        pointer = self.contract.component(name)
        if pointer is None:
            return otherwise
        accepts = self.contract.accepts_as_named if as_named else self.contract.accepts

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
        """Read a value as the member that the discriminator names, if it fits or if none does.

        Else as the first member that fits.

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
                rivals = (member for member in takers if member is not by_tag)
                if not any(rival.may_fit(value) for rival in rivals):
                    return by_tag.decode(value)
            if by_tag or len(takers) > 1 or (kind == "object" and may_be_other):
                spend_choices(len(takers))
                with self.contract.judging(value):
                    meant = without_relatives(takers, value) if kind == "object" else takers
                    return _decode_as_fitting(meant, value, by_tag, is_open=is_open)
            return takers[0].decode(value) if takers else value

        def fits_one(value: Any) -> bool:
            kind = json_kind(value)
            return any(kind in member.kinds and member.fits(value) for member in members)

        def may_fit_one(value: Any) -> bool:
            return is_open or any(member.may_fit(value) for member in members)

        classes = {type_.__name__: self.decoder(type_) for type_ in types_ if _is_model(type_)}
        aliases = [type_ for type_ in types_ if isinstance(type_, ALIASES)]
        discriminated = self._discriminated_member(classes, aliases)
        without_relatives = self._without_relatives(classes)
        may_be_other = is_open and any(map(self._is_object_type, classes))

        kinds = frozenset[str]().union(*(member.kinds for member in members))
        is_plain = all(member.decode is as_it_is for member in members)
        return Decoder(
            ALL_KINDS if is_open else kinds,
            as_it_is if is_plain else decode,
            lambda value: is_open or fits_one(value),
            lambda value: any(member.near(value) for member in members),
            may_fit_one,
            discriminated,
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
            names = self.contract.discriminated(discriminator, value)
            # It may name a union, or a member of one, or an heir that this union does not have.
            found = (classes.get(name) or inner_member(name) for name in reversed(names))
            named = next(filter(None, found), None)
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

    def _without_relatives(
        self, classes: dict[str, Decoder]
    ) -> Callable[[list[Decoder], dict[str, Any]], list[Decoder]]:
        """Return the function that leaves out members whose relative a value is of.

        Of `Error | Cat | Dog | Animal`, a value that is a dog by the discriminator of `Animal` is
        no cat, whatever else it may be.
        """
        families = self.contract.families(frozenset(classes))

        def narrowed(members: list[Decoder], value: dict[str, Any]) -> list[Decoder]:
            for family, discriminator in families:
                names = self.contract.discriminated(discriminator, value)
                meant = next((classes[name] for name in reversed(names) if name in family), None)
                if meant is not None and meant.fits(value):
                    relatives = [classes[name] for name in family if classes[name] is not meant]
                    members = [member for member in members if member not in relatives]
            return members

        return narrowed


def _is_model(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, BaseModel)


def _decode_as_fitting(
    takers: list[Decoder], value: Any, by_tag: Decoder | None, *, is_open: bool
) -> Any:
    """Decode as the discriminator's member if it fits, else as the first that fits.

    If none fits, as the discriminator's, else as the only near one.
    """
    if by_tag is not None and (by_tag.fits(value) or by_tag.fits_as_named(value)):
        return by_tag.decode(value)

    fitting = next((member for member in takers if member.fits(value)), by_tag)
    if fitting is not None:
        return fitting.decode(value)

    # What no class allows, the schema without restrictions beside them does.
    nearest = [] if is_open else [member for member in takers if member.near(value)]
    return nearest[0].decode(value) if len(nearest) == 1 else value


def _with_texts(value: Any) -> Any:
    """The object of a form with a text for each file: one character for each byte."""
    if isinstance(value, File):
        return value.content.decode("latin-1")
    if is_object(value):
        return {name: _with_texts(item) for name, item in value.items()}
    return list(map(_with_texts, value)) if is_array(value) else value
