"""Builds models by a pydantic-core validator: the quick way of a model's constructor.

Example: for `class Order(Model): id: int; items: list[Item]` the validator is

    model Order: fields id (an integer), items (a list of what is an Item already)

and `Order(id=1, items=[item])` costs one call of compiled code. It takes keywords only where the
exact way, `Model._take`, would give the same object: fields by their Python names, with values of
their own types. It refuses everything else (a wire name, a slip, a text for a date, a None that
means absent), and then the exact way reads it, or says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, partial
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import SchemaError, SchemaValidator
from pydantic_core import core_schema as core

from bothends.runtime.operation import MISSING

from .aliases import ALIASES, alias_value
from .model_fields import NullAllowed, never_null, wire_names

# Types nest no deeper in one field; a recursive alias has no end.
_DEEPEST = 12

Construct = Callable[..., object]
"""Fills `self_instance` with keywords; ValidationError where the exact way must look."""


@cache
def quick_constructor(cls: type[BaseModel], base: type[BaseModel]) -> Construct | None:
    """Return the quick way of a class; None where a class of a user's own has rules of its own.

    Args:
        cls: The class to build.
        base: The class that all generated models extend.
    """
    if not _is_plain(cls, base):
        return None

    try:
        fields = {name: _field(cls, name, field) for name, field in cls.model_fields.items()}
        # Undeclared properties are allowed, so that there is a place for later ones; none is taken.
        inner = core.model_fields_schema(fields, extra_behavior="allow", extras_schema=REFUSED)
        # Without this, pydantic-core puts the class's own validator in place of ours.
        validator = SchemaValidator(core.model_schema(cls, inner), None, _use_prebuilt=False)
    except (SchemaError, TypeError):
        return None
    return validator.validate_python


def _is_plain(cls: type[BaseModel], base: type[BaseModel]) -> bool:
    """Whether a class is built as generated ones are: no validators, hooks or settings of a user."""
    wire_names(cls)  # which completes the class
    own, common = cls.__pydantic_decorators__, base.__pydantic_decorators__
    return (
        own.model_validators.keys() == common.model_validators.keys()
        and not (own.validators or own.field_validators or own.root_validators)
        and all(
            _is_inherited(cls, base, name) for name in ("_take", "__get_pydantic_core_schema__")
        )
        and cls.__pydantic_post_init__ is None
        and not cls.__pydantic_root_model__
        and cls.model_config == base.model_config
    )


def _is_inherited(cls: type[BaseModel], base: type[BaseModel], name: str) -> bool:
    return getattr(getattr(cls, name), "__func__", cls) is getattr(base, name).__func__


def _field(cls: type[BaseModel], name: str, field: FieldInfo) -> core.ModelField:
    is_open = all(isinstance(mark, NullAllowed) for mark in field.metadata)
    is_known = is_open and not field.validate_default
    schema: Any = _value(field.annotation, 0) if is_known else REFUSED
    if name in never_null(cls) and schema["type"] == "nullable":
        schema = schema["schema"]  # None means absent there: the exact way leaves it out
    if field.is_required():
        return core.model_field(schema)
    if field.default is None:
        return core.model_field(core.with_default_schema(schema, default=None))

    default = partial(field.get_default, call_default_factory=True)
    return core.model_field(core.with_default_schema(schema, default_factory=default))


def _value(type_: Any, depth: int) -> Any:
    """Return the schema of the values that stay as they are in a field of this type."""
    type_ = _unmarked(type_)
    scalar = _SCALARS.get(type_) if isinstance(type_, type) else None
    if scalar is not None:
        return scalar
    if type_ is Any:
        return _ANY
    if isinstance(type_, type) and issubclass(type_, BaseModel) and hasattr(type_, "_part"):
        return core.is_instance_schema(type_)

    origin, arguments = get_origin(type_), get_args(type_)
    if origin is Literal:
        return _literal(arguments)
    if depth >= _DEEPEST:
        return REFUSED
    if origin is list:
        return core.list_schema(_value(arguments[0], depth + 1), strict=True)
    if origin is dict:
        names, values = _unmarked(arguments[0]), _value(arguments[1], depth + 1)
        return core.dict_schema(_SCALARS[str] if names is str else REFUSED, values, strict=True)
    if origin in (Union, UnionType):
        members = [member for member in arguments if member is not NoneType]
        if len(members) == 1 < len(arguments):
            return core.nullable_schema(_value(members[0], depth + 1))

    return REFUSED


def _unmarked(type_: Any) -> Any:
    """Return what an alias or an annotated type stands for; `_Nothing` if a mark is a user's.

    A mark that is not ours may be a rule (`AfterValidator`, `Field(gt=0)`): the exact way keeps it.
    """
    while True:
        if get_origin(type_) is Annotated:
            type_, *marks = get_args(type_)
            if not all(isinstance(mark, NullAllowed) for mark in marks):
                return _Nothing
        elif isinstance(type_, ALIASES):
            type_ = alias_value(type_)
        else:
            return type_


class _Nothing:
    """No value is of it."""


def _literal(options: tuple[Any, ...]) -> core.CoreSchema:
    if all(type(option) is str for option in options):
        return core.literal_schema(list(options))
    # That schema takes True for 1; an Enum, None and bytes are left to the exact way.
    exact: set[object] = {
        (type(option), option) for option in options if type(option) in (str, int, bool)
    }

    def chosen(value: Any) -> Any:
        if type(value) not in (str, int, bool) or (type(value), value) not in exact:
            raise ValueError("none of these")
        return value

    return core.no_info_plain_validator_function(chosen)


def _is_there(value: Any) -> Any:
    if value is MISSING:
        raise ValueError("MISSING means absent")
    return value


def _double(value: Any) -> Any:
    # An integer stays one in a field of floats, if a float could hold it.
    if type(value) is not int or abs(value) >= 2**1023:
        raise ValueError("not a float")
    return value


REFUSED: core.CoreSchema = core.is_instance_schema(_Nothing)
_ANY = core.no_info_plain_validator_function(_is_there)
_SCALARS: dict[type, Any] = {
    str: core.str_schema(strict=True),
    bool: core.bool_schema(strict=True),
    int: core.int_schema(strict=True),
    float: core.union_schema(
        [core.is_instance_schema(float), core.no_info_plain_validator_function(_double)],
        mode="left_to_right",
    ),
    date: core.date_schema(strict=True),
    datetime: core.datetime_schema(strict=True),
    UUID: core.uuid_schema(strict=True),
}
