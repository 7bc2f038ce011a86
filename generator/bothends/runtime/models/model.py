"""What every generated model is: typed, readable, open, and never a judge of validity."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    ModelWrapValidatorHandler,
    model_validator,
)
from pydantic_core.core_schema import CoreSchema, any_schema, no_info_plain_validator_function
from typing_extensions import override

from bothends.runtime.json.value import is_array, is_object, json_kind
from bothends.runtime.operation import MISSING

from .model_fields import wire_names

_is_inside: ContextVar[bool] = ContextVar("_is_inside", default=False)
"""Whether pydantic makes the schema of a class, and asks for those of its parts."""


class Model(BaseModel):
    """An object of the API.

    Built by Python names. A field that is not given, that is deleted, or set to MISSING, is absent on the wire; one that is
    given as None is null. In what is received both read None: `model_fields_set` holds the Python names of the fields that
    were there. Fields that the contract does not name are kept, and sent again. Validity is the contract's matter, see
    `contract.py`.
    """

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
        validate_by_alias=False,
        serialize_by_alias=True,
        protected_namespaces=(),
    )

    @classmethod
    @override
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """How pydantic validates the class; as a part of another, by asking this one when a value is there.

        Else each class would hold all that it leads to: a ring of a hundred could not be imported.
        """
        if _is_inside.get():
            return no_info_plain_validator_function(
                cls._part, json_schema_input_schema=any_schema()
            )

        token = _is_inside.set(True)
        try:
            return handler(source)
        finally:
            _is_inside.reset(token)

    @classmethod
    def _part(cls, value: Any) -> Self:
        if isinstance(value, cls):
            return value
        if isinstance(value, BaseModel):
            raise ValueError(f"a {cls.__name__} is wanted")
        return cls.model_validate(value)

    @model_validator(mode="wrap")
    @classmethod
    def _take(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Values stay as they are given: pydantic alone would make 5 of "5", and round a long integer to a float."""
        if not is_object(data):
            return handler(data)

        for name in data.keys() - wire_names(cls).keys():
            _refuse_wire_name(cls, name, ValueError)

        if any(given is MISSING for given in data.values()):
            data = {name: given for name, given in data.items() if given is not MISSING}

        model = handler(data)
        fields, extra = vars(model), model.__pydantic_extra__ or {}

        for name, given in data.items():
            values = fields if name in fields else extra
            if values.get(name) is not given and name in values:
                values[name] = _kept(name, given, values[name])

        return model

    if not TYPE_CHECKING:  # seen by a type checker, it would allow any attribute

        def __setattr__(self, name: str, value: Any) -> None:
            """Set a field, or a value that the contract does not name."""
            _refuse_wire_name(type(self), name, AttributeError)
            if value is not MISSING:
                super().__setattr__(name, value)
            elif hasattr(self, name):
                delattr(self, name)

        def __delattr__(self, name: str) -> None:
            """Make a field absent, as if it had never been set."""
            super().__delattr__(name)
            field = type(self).model_fields.get(name)
            self.model_fields_set.discard(name)
            if field is not None and not field.is_required():
                vars(self)[name] = field.get_default(call_default_factory=True)


def _refuse_wire_name(cls: type[BaseModel], name: str, error: type[Exception]) -> None:
    """A wire name would be taken for a value that the contract does not name, and lost beside the field."""
    fields = wire_names(cls)
    meant = next((field for field, wire_name in fields.items() if wire_name == name), None)
    if meant is not None and name not in fields:
        raise error(f"{cls.__name__} takes `{name}` as `{meant}`")


def _kept(name: str, given: Any, made: Any) -> Any:
    """The value that pydantic made of the given one, with numbers as they were given. ValueError for one of another kind."""
    if given is made:
        return made

    if isinstance(given, str | bytes | int | float):
        kind = json_kind(given)
        if kind == json_kind(made):
            return given if isinstance(made, float) else made
        if kind != "string" or isinstance(made, int | float):  # text may stand for a date or a UUID
            raise ValueError(f"{name}: {kind} is given, {json_kind(made)} is wanted")

    if is_array(given) and is_array(made) and len(given) == len(made):
        pairs = zip(given, made, strict=True)
        return [one if one is other else _kept(name, one, other) for one, other in pairs]

    if is_object(given) and is_object(made):
        return {
            key: _kept(name, given[key], item) if key in given else item
            for key, item in made.items()
        }

    return made
