"""The fields of a model by their wire names.

Models are read and written here without pydantic's own parsing, which would coerce and reject.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from inspect import get_annotations
from typing import Annotated, Any, Literal, Never, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo
from typing_extensions import get_type_hints

from bothends.runtime.json.value import is_object

from .lazy_names import resolve

Decode = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class NullAllowed:
    """Marks a field that may be absent and may also be null."""


T = TypeVar("T")
Nullable = Annotated[T | None, NullAllowed()]
"""A field that may be absent, null or a value: None is null, MISSING is absent."""


def as_it_is(value: Any) -> Any:
    """The decoding of what Python holds as JSON does.

    Known by its identity, so that nobody need call it.
    """
    return value


def complete(cls: type[BaseModel]) -> None:
    """Resolve the names in the fields of a class; until then their aliases are not known."""
    if not cls.__pydantic_fields_complete__:
        cls.model_rebuild()


@cache
def wire_names(cls: type[BaseModel]) -> dict[str, str]:
    """The wire name of each field, by its Python name, in the order of the class."""
    complete(cls)
    # An alias may be the empty string: a property of that name.
    found: dict[str, str] = {}
    for name, field in cls.model_fields.items():
        found[name] = name if field.alias is None else field.alias
    return found


@cache
def by_wire_name(cls: type[BaseModel]) -> dict[str, str]:
    """The Python name of each field, by its wire name."""
    return {wire_name: name for name, wire_name in wire_names(cls).items()}


@cache
def never_null(cls: type[BaseModel]) -> frozenset[str]:
    """Return the optional fields that may not be null, by Python name: None means absent there."""
    complete(cls)

    names = set[str]()
    for name, field in cls.model_fields.items():
        allows_null = any(isinstance(mark, NullAllowed) for mark in field.metadata)
        is_any = field.annotation is Any or Any in get_args(field.annotation)
        if not field.is_required() and not allows_null and not is_any:
            names.add(name)
    return frozenset(names)


@cache
def is_closed(cls: type[BaseModel]) -> bool:
    """Whether the contract allows no other properties than those that the class names."""
    return extra_type(cls) is Never


@cache
def extra_validator(cls: type[BaseModel]) -> TypeAdapter[Any] | None:
    """How pydantic reads a property that the class does not name; None where it can be anything."""
    type_ = extra_type(cls)
    return None if type_ in (Any, Never) else TypeAdapter(type_)


class ModelFields:
    """How one model class is read from a JSON object."""

    def __init__(self, cls: type[BaseModel], decode_for: Callable[[Any], Decode]) -> None:
        self.cls = cls
        self._decode_for = decode_for

    @cached_property
    def _by_wire(self) -> dict[str, tuple[str, Decode]]:
        """Made on first use: a class may lead to hundreds of others, one by the other."""
        complete(self.cls)
        found: dict[str, tuple[str, Decode]] = {}
        for name, wire_name in wire_names(self.cls).items():
            found[wire_name] = (name, self._decode_for(self._fields[name].annotation))
        return found

    @property
    def _fields(self) -> dict[str, FieldInfo]:
        return self.cls.model_fields

    @cached_property
    def _decoded(self) -> list[tuple[str, Decode]]:
        return [(name, decode) for name, decode in self._by_wire.values() if decode is not as_it_is]

    @cached_property
    def _is_copied(self) -> bool:
        """Whether Python's names are those of the wire, so that an object can be copied at once."""
        return all(name == wire_name for wire_name, (name, _) in self._by_wire.items())

    @cached_property
    def _optional(self) -> dict[str, Callable[[], Any] | None]:
        """What makes the value of each optional field that is absent; None where that is None."""
        found: dict[str, Callable[[], Any] | None] = {}
        for name, field in self._fields.items():
            if field.is_required():
                continue

            found[name] = None
            if field.default is not None:
                found[name] = partial(field.get_default, call_default_factory=True)
        return found

    @cached_property
    def _required(self) -> set[str]:
        fields = self._fields
        return {key for key, (name, _) in self._by_wire.items() if fields[name].is_required()}

    @cached_property
    def _constants(self) -> dict[str, tuple[Any, ...]]:
        """The values that a field may have, by wire name, where its type is a `Literal`."""
        found: dict[str, tuple[Any, ...]] = {}
        for wire_name, (name, _) in self._by_wire.items():
            annotation = self._fields[name].annotation
            if get_origin(annotation) is Literal:
                found[wire_name] = get_args(annotation)
        return found

    @cached_property
    def _extra(self) -> Decode:
        return self._decode_for(extra_type(self.cls))

    def decode(self, value: Any) -> Any:
        """The model that a JSON object stands for; anything else stays as it is.

        A required field that is missing (only where answers that break the contract are let pass)
        is no attribute.
        """
        if not is_object(value):
            return value

        if self._is_copied and value.keys() <= self._by_wire.keys():
            fields, extra = value.copy(), dict[str, Any]()
            for name, decode in self._decoded:
                if name in fields:
                    fields[name] = decode(fields[name])
        else:
            fields, extra = self._renamed(value)

        provided = set(fields)
        if len(provided) < len(self._by_wire):
            for name, default in self._optional.items():
                if name not in provided:
                    fields[name] = None if default is None else default()

        model = self.cls.__new__(self.cls)
        _set_fields(model, fields)
        _set_names(model, provided)
        _set_extra(model, extra)
        _set_private(model, None)
        return model

    def _renamed(self, value: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        fields: dict[str, Any] = {}
        extra: dict[str, Any] = {}

        for wire_name, item in value.items():
            existing = self._by_wire.get(wire_name)
            if existing is None:
                extra[wire_name] = self._extra(item)
            else:
                name, decode = existing
                fields[name] = item if decode is as_it_is else decode(item)

        return fields, extra

    def near(self, value: Any) -> bool:
        """Whether an object that no schema allows has the fields and constants of the model."""
        if not is_object(value) or not self._required <= value.keys():
            return False
        return all(
            name not in value or value[name] in options for name, options in self._constants.items()
        )

    @staticmethod
    def items(model: BaseModel) -> Iterator[tuple[str, Any]]:
        """Yield wire name and value of each field that is set, then of undeclared properties."""
        names = wire_names(type(model))
        provided, values = model.model_fields_set, model.__dict__

        for name, wire_name in names.items():
            if name in provided and name in values:  # a field that was deleted stays in the former
                yield wire_name, values[name]

        yield from ModelFields.undeclared(model)

    @staticmethod
    def undeclared(model: BaseModel) -> Iterator[tuple[str, Any]]:
        """Yield name and value of each undeclared property, but for those that a field writes."""
        declared = by_wire_name(type(model))
        for name, item in (model.__pydantic_extra__ or {}).items():
            if name not in declared:
                yield name, item


# Set where they are kept: the way by their names, which would look for fields, takes longer.
_slots = vars(BaseModel)
_set_fields = _slots["__dict__"].__set__
_set_names = _slots["__pydantic_fields_set__"].__set__
_set_extra = _slots["__pydantic_extra__"].__set__
_set_private = _slots["__pydantic_private__"].__set__
extra_of = _slots["__pydantic_extra__"].__get__
names_set_of = _slots["__pydantic_fields_set__"].__get__


def extra_type(cls: type[BaseModel]) -> Any:
    """Return the type X of undeclared properties, from `__extras__: ClassVar[dict[str, X]]`."""
    for owner in cls.__mro__:
        annotation = get_annotations(owner).get("__extras__")
        if annotation is None:
            continue

        resolve(owner.__module__, [annotation])
        holder = type("holder", (), {"__annotations__": {"value": annotation}})
        namespace = {**vars(sys.modules[owner.__module__]), owner.__name__: owner}
        (values,) = get_args(get_type_hints(holder, namespace)["value"])
        return get_args(values)[1]

    return Any
