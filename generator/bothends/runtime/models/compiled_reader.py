"""Reads JSON values as models by a pydantic-core validator: the quick way of `codec.py`.

Example: for `class Order(Model): id: int; items: list[Item]` the validator is

    model Order: fields id (integer, or a float that is one), items (list of model Item)

and `{"id": 1.0, "items": [{}]}` becomes an `Order` without a call of Python for each part. It
judges nothing: strings, booleans, numbers and unknown properties are taken as they are. What it has
no words for (dates, unions) is read by the `Decoder` of that type. When the validator refuses a
value, because an answer breaks the contract, the decoder of the whole type reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import SchemaError, SchemaValidator, ValidationError
from pydantic_core import core_schema as core

from .aliases import resolved
from .constructor import REFUSED
from .model_fields import as_it_is, complete, extra_of, extra_type, names_set_of, wire_names

if TYPE_CHECKING:
    from .codec import Codec

# A validator holds no more classes, because each costs time at the first call. The others are read
# by their decoders.
_MOST_CLASSES = 64

_MOST_OPEN = 8
"""How many classes are inside each other."""

# Types nest no deeper in one class; a recursive alias has no end.
_DEEPEST = 12


def compiled_reader(codec: Codec, type_: Any) -> Callable[[Any], Any]:
    """Return the quickest function that reads a JSON value as `codec.decode(type_, value)` does."""
    decode = codec.decoder(type_).decode
    closed = _validator(codec, type_, takes_more=False)
    return decode if closed is None else _Reader(codec, type_, closed).read


class _Reader:
    """Reads by a validator that takes no undeclared properties, until there are some.

    For those each object costs a call of Python. Who sends some will send them again, so the
    validator that takes them stays.
    """

    def __init__(self, codec: Codec, type_: Any, closed: Callable[[Any], Any]) -> None:
        self._codec, self._type = codec, type_
        self._decode = codec.decoder(type_).decode
        self._validate, self._takes_more = closed, False

    def read(self, value: Any) -> Any:
        """Return what the decoder of the type gives."""
        try:
            return self._validate(value)
        except ValidationError:
            pass

        if not self._takes_more:
            validate = _validator(self._codec, self._type, takes_more=True)
            self._validate, self._takes_more = validate or self._decode, True
            return self.read(value)
        return self._decode(value)


def _validator(codec: Codec, type_: Any, *, takes_more: bool) -> Callable[[Any], Any] | None:
    """Return a function that reads a value of the type by compiled code, or ValidationError.

    None where the type has no class in it, or pydantic-core has no words for it.
    """
    builder = _SchemaBuilder(codec, takes_more=takes_more)
    schema = builder.schema(type_)
    if not builder.definitions:
        return None

    try:
        # Without this, pydantic-core puts the validator of a class that is complete in place of
        # ours, and reads by the rules of constructors: slower, and as deep as the value is.
        definitions = core.definitions_schema(schema, builder.definitions)
        return SchemaValidator(definitions, None, _use_prebuilt=False).validate_python
    except (SchemaError, TypeError):
        return None


class _SchemaBuilder:
    """The schema of one type, and the definitions of the classes that it leads to."""

    def __init__(self, codec: Codec, *, takes_more: bool) -> None:
        self.definitions: list[core.CoreSchema] = []
        self._codec, self._takes_more = codec, takes_more
        self._references: dict[type[BaseModel], str] = {}
        self._open: list[type[BaseModel]] = []

    def schema(self, type_: Any, depth: int = 0) -> core.CoreSchema:
        """Return the schema that reads a value as the decoder of the type does."""
        decode = self._codec.decoder(type_).decode
        if decode is as_it_is:
            return core.any_schema()

        type_ = resolved(type_)
        by_call = core.no_info_plain_validator_function(decode)
        if type_ is int:
            # Only a float such as 1.0 needs a call.
            return core.union_schema([core.is_instance_schema(int), by_call], mode="left_to_right")

        found = self._container(type_, depth + 1) if depth < _DEEPEST else None
        return by_call if found is None else found

    def _container(self, type_: Any, depth: int) -> core.CoreSchema | None:
        origin, arguments = get_origin(type_), get_args(type_)
        if origin is list:
            return core.list_schema(self.schema(arguments[0], depth), strict=True)
        if origin is dict:
            return core.dict_schema(values_schema=self.schema(arguments[1], depth), strict=True)

        if origin in (Union, UnionType):
            members = [member for member in arguments if member is not NoneType]
            is_optional = len(members) == 1 < len(arguments) and members[0] is not Any
            return core.nullable_schema(self.schema(members[0], depth)) if is_optional else None

        if isinstance(type_, type) and issubclass(type_, BaseModel):
            return self._reference(type_)
        return None

    def _reference(self, cls: type[BaseModel]) -> core.CoreSchema | None:
        # A class inside itself is read by its decoder: a deep value would fill the stack.
        if cls in self._open or len(self._open) >= _MOST_OPEN:
            return None

        reference = self._references.get(cls)
        if reference is None:
            if len(self._references) >= _MOST_CLASSES:
                return None
            reference = self._references[cls] = f"{cls.__module__}.{cls.__qualname__}"
            self._open.append(cls)
            self.definitions.append(self._model(cls, reference))
            self._open.pop()

        return core.definition_reference_schema(reference)

    def _model(self, cls: type[BaseModel], reference: str) -> core.CoreSchema:
        complete(cls)
        names = wire_names(cls)
        fields = {
            name: core.model_field(self._field(field), validation_alias=names[name])
            for name, field in cls.model_fields.items()
        }
        extras = self.schema(extra_type(cls)) if self._takes_more else REFUSED
        inner = core.model_fields_schema(fields, extra_behavior="allow", extras_schema=extras)
        if not self._takes_more:
            return core.model_schema(cls, inner, ref=reference)

        model = core.model_schema(cls, inner)
        return core.no_info_after_validator_function(_without_extra_names, model, ref=reference)

    def _field(self, field: FieldInfo) -> core.CoreSchema:
        schema = self.schema(field.annotation)
        if field.is_required():
            return schema
        if field.default is None:
            return core.with_default_schema(schema, default=None)

        default = partial(field.get_default, call_default_factory=True)
        return core.with_default_schema(schema, default_factory=default)


def _without_extra_names(model: BaseModel) -> BaseModel:
    """Take undeclared properties out of `model_fields_set`, where pydantic-core counts them."""
    extra = extra_of(model)
    if extra:
        # A property may have the Python name of a field that has another name on the wire.
        if not extra.keys().isdisjoint(type(model).model_fields):
            raise ValueError("an undeclared property has the Python name of a field")
        names_set_of(model).difference_update(extra)

    return model
