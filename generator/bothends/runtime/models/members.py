"""Which member of a union a plain value is of, where a model is built of one.

    class Zoo(Model):
        animals: list[Dog | Cat | Animal]

    Zoo.model_validate({"animals": [{"kind": "cat", "lives": 9}]})      # a Cat

pydantic knows neither discriminators nor the rules of the contract, so it would take the first
class whose fields are there, also for an object that only `dict[str, Any]` beside it allows; of
`date | Any` it would keep the text. The contract chooses, as in an answer. Here names may be
Python's too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, ValidationError

from bothends.runtime.json.value import is_array, is_object

from .aliases import resolved
from .model_fields import extra_type, wire_names

# Types nest no deeper in one field; a recursive alias has no end.
_DEEPEST = 12

_TEXTS: frozenset[Any] = frozenset({date, datetime, UUID})
"""The types of values that are texts on the wire."""


class Unclassed(dict[str, Any]):
    """An object that is of no class of its union: `dict[str, …]` takes it, and no model."""


def with_members(cls: type[BaseModel], values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of fields, by Python name, with objects of a union as their classes."""
    types = _types_to_choose(cls)
    names = [name for name in values if name in types and _is_open(values[name])]
    if not names:
        return values
    return values | {name: _chosen(cls, types[name], values[name]) for name in names}


def as_member(cls: type[BaseModel], value: Any) -> Any:
    """Return the value of a property that the class does not name."""
    type_ = extra_type(cls)
    return _chosen(cls, type_, value) if _is_open(value) and _is_choice(type_, 0) else value


@cache
def _types_to_choose(cls: type[BaseModel]) -> dict[str, Any]:
    """The types of the fields whose values may be of several classes."""
    wire_names(cls)  # which completes the class
    types = {name: field.annotation for name, field in cls.model_fields.items()}
    return {name: type_ for name, type_ in types.items() if _is_choice(type_, 0)}


def _is_choice(type_: Any, depth: int) -> bool:
    type_ = resolved(type_)
    if _has_object_choice(type_) or _has_texts(type_):
        return True
    return depth < _DEEPEST and any(_is_choice(member, depth + 1) for member in get_args(type_))


def _classes(type_: Any) -> list[type[BaseModel]]:
    """The classes among the members of a union, also of unions with a name."""
    if get_origin(type_) not in (Union, UnionType):
        return []
    found: list[type[BaseModel]] = []
    for member in map(resolved, get_args(type_)):
        found += [member] if _is_model(member) else _classes(member)
    return found


def _has_object_choice(type_: Any) -> bool:
    """Whether an object may be of several members of a union: of two classes, or of one or none."""
    classes = _classes(type_)
    return len(classes) > 1 or bool(classes and _has_dict(type_))


def _has_dict(type_: Any) -> bool:
    return any(get_origin(member) is dict for member in _members(type_))


def _is_model(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, BaseModel)


def _has_texts(type_: Any) -> bool:
    """Whether a text may be one member of a union by its form, and another one as it is."""
    if get_origin(type_) not in (Union, UnionType):
        return False
    members = set(_members(type_))
    return bool(members & _TEXTS) and bool(members - _TEXTS - {NoneType})


def _members(type_: Any) -> list[Any]:
    """The members of a union, also of unions with a name; literals are left out."""
    found: list[Any] = []
    for member in map(resolved, get_args(type_)):
        is_union = get_origin(member) in (Union, UnionType)
        found += _members(member) if is_union else [member]
    return found


def _is_open(value: Any) -> bool:
    """Whether a plain value is, or holds, an object or a text that may be of several members."""
    if is_array(value):
        return any(map(_is_open, value))
    return is_object(value) or isinstance(value, str)


def _chosen(cls: type[BaseModel], type_: Any, value: Any) -> Any:
    type_ = resolved(type_)
    origin, arguments = get_origin(type_), get_args(type_)
    if origin is list and is_array(value):
        return [_chosen(cls, arguments[0], item) for item in value]
    if origin is dict and is_object(value):
        return {name: _chosen(cls, arguments[1], item) for name, item in value.items()}
    if origin not in (Union, UnionType):
        return value

    if is_object(value) and _has_object_choice(type_):
        return _member(cls, type_, value)
    if isinstance(value, str) and _has_texts(type_):
        return _text(cls, type_, value)

    containers = [member for member in map(resolved, arguments) if get_origin(member) is list]
    if is_array(value) and len(containers) == 1:
        return _chosen(cls, containers[0], value)
    containers = [member for member in map(resolved, arguments) if get_origin(member) is dict]
    if is_object(value) and len(containers) == 1 and not _has_class(arguments):
        return _chosen(cls, containers[0], value)
    return value


def _has_class(members: tuple[Any, ...]) -> bool:
    return any(map(_is_model, map(resolved, members)))


def _text(cls: type[BaseModel], type_: Any, value: str) -> Any:
    """The date, the UUID or the text that a text stands for."""
    from .codec import codec_of  # noqa: PLC0415  # loads the validator

    package = _package_of(cls)
    return codec_of(package).decode(type_, value) if package else value


def _member(cls: type[BaseModel], type_: Any, value: dict[str, Any]) -> Any:
    """The model of a plain object, or the object itself where the contract does not tell."""
    from .codec import codec_of  # noqa: PLC0415  # loads the validator
    from .encoding import EncodeError, encode  # noqa: PLC0415

    package = _package_of(cls)
    if not package:
        return value
    try:
        wire = encode(value)
    except EncodeError:
        return value

    codec = codec_of(package)
    union = codec.decoder(type_)
    likely: type[BaseModel] | None = None
    for spelled in _spellings(_classes(type_), wire):
        # In the names of Python, what is inside cannot be judged: the discriminator is believed.
        named = None if spelled is wire else union.named(spelled)
        if named is None or not named.near(spelled):
            named = union
        found: object = named.decode(spelled)
        if not isinstance(found, BaseModel):
            continue

        decoder = codec.decoder(type(found))
        if decoder.fits(spelled):
            likely = type(found)
            break
        if likely is None and decoder.near(spelled):
            likely = type(found)

    if likely is None:
        return Unclassed(value) if _has_dict(type_) else value
    try:
        return likely.model_validate(value)
    except ValidationError:
        return value  # pydantic says why, with the names of all members


def _spellings(classes: list[type[BaseModel]], wire: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The object as it is, and with the names of each class in Python as those of the wire."""
    yield wire
    for member in classes:
        names = wire_names(member)
        renamed = {names.get(name, name): item for name, item in wire.items()}
        if renamed != wire:
            yield renamed


@cache
def _package_of(cls: type[BaseModel]) -> str:
    """The generated package that a class, or one that it extends, is of; empty for none."""
    for owner in cls.__mro__:
        package = str(owner.__module__).rpartition(".")[0]
        while package:
            if _has_contract(package):
                return package
            package = package.rpartition(".")[0]
    return ""


@cache
def _has_contract(package: str) -> bool:
    try:
        return files(package).joinpath("contract.json").is_file()
    except (ImportError, TypeError, OSError):
        return False
