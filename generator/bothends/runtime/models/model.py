"""What every generated model is: typed, readable, open, and never a judge of validity.

class Tide(Model):
    height: float
    measured_at: Annotated[datetime | None, Field(alias="measuredAt")] = None

Tide(height=1.5, measured_at=None).model_dump()      # {"height": 1.5}: None means absent here
Tide.model_validate({"height": 1.5, "measuredAt": "2026-01-02T03:04:05Z"})      # or "measured_at"
Tide(hieght=1.5)                                     # TypeError: … did you mean "height"?
"""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    ModelWrapValidatorHandler,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    ValidationError,
    model_serializer,
    model_validator,
)
from pydantic_core.core_schema import CoreSchema, any_schema, no_info_plain_validator_function
from typing_extensions import override

from bothends.runtime.article import with_article
from bothends.runtime.json.value import is_array, is_object, json_kind
from bothends.runtime.operation import MISSING

from .constructor import quick_constructor
from .keywords import file_fault, keyword_fault, unknown_fault
from .lazy_names import resolve_class
from .loose_fields import loose_fields, with_nulls
from .members import Unclassed, as_member, with_members
from .model_fields import by_wire_name, extra_validator, never_null, wire_names

# Whether pydantic makes the schema of a class, and asks for those of its parts.
_is_inside: ContextVar[bool] = ContextVar("_is_inside", default=False)


@contextmanager
def read_by_themselves() -> Generator[None]:
    """Let a type that is described to pydantic in this block leave its models to themselves.

    `TypeAdapter(dict[str, Tide])` that reads strictly would else refuse `"2026-01-02T03:04:05Z"` in
    a tide: pydantic hands a model that reads its own fields Python's values, of which no text is a
    datetime.
    """
    token = _is_inside.set(True)
    try:
        yield
    finally:
        _is_inside.reset(token)


# Options of pydantic that ask for what a dump is anyway.
_SAID_ALREADY = {"mode": "json", "by_alias": True, "exclude_unset": True}


class Model(BaseModel):
    """An object of the API.

    Built by Python names; `model_validate` reads the names of the wire as well. A field that is
    left out, deleted, or set to MISSING is absent on the wire. So is one that is None, unless the
    contract allows null there (`Nullable`): then it is null. In what is received both read None:
    `model_fields_set` holds the Python names of the fields that were there. `model_dump` and
    `model_dump_json` give the JSON of the wire. Fields that the contract does not name are kept,
    and sent again. Validity is the contract's matter, see `contract.py`.
    """

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
        validate_by_alias=False,
        serialize_by_alias=True,
        protected_namespaces=(),
        defer_build=True,
    )

    # The type of the properties that the class does not name; of Never where the contract allows
    # none.
    __extras__: ClassVar[dict[str, Any]]

    @classmethod
    @override
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Describe the class to pydantic.

        As a part of another, by asking this one when a value is there.

        Else each class would hold all that it leads to: a ring of a hundred could not be imported.
        """
        if _is_inside.get():
            return no_info_plain_validator_function(
                cls._part, json_schema_input_schema=any_schema()
            )

        with read_by_themselves():
            return handler(source)

    @classmethod
    @override
    def model_rebuild(cls, **options: Any) -> bool | None:
        """Complete the class, with those that it names; pydantic calls this on first use."""
        resolve_class(cls)
        return super().model_rebuild(**options)

    @classmethod
    def _part(cls, value: Any) -> Self:
        if isinstance(value, cls):
            return value
        if isinstance(value, BaseModel):
            raise ValueError(
                f"this must be {with_article(cls.__name__)}: "
                f"{cls.__name__}.model_validate(…) makes one"
            )
        if isinstance(value, Unclassed):
            raise ValueError(f"by the contract, this is no {cls.__name__}")
        return cls.model_validate(value)

    @model_validator(mode="wrap")
    @classmethod
    def _take(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Read fields by the names of the wire or of Python, with values as they come.

        pydantic alone would make 5 of "5", and round a long integer to a float. An object of
        another class is read as it is on the wire: `CrewRequest.model_validate(crew)`.
        """
        if isinstance(data, Model) and not isinstance(data, cls):
            data = data.model_dump()
        if not is_object(data):
            return handler(data)

        values, others = _by_python_names(cls, data)
        values = with_members(cls, values)
        model = handler(values)
        fields, extra = vars(model), model.__pydantic_extra__
        if extra is None:
            extra = {}
        extra.update(others)
        if extra and (validator := extra_validator(cls)) is not None:
            for name, value in extra.items():
                extra[name] = _validated(name, as_member(cls, value), validator)

        for name, value in values.items():
            result = fields if name in fields else extra
            if name in result and result[name] is not value:
                result[name] = _restored(name, value, result[name])
                if name in loose_fields(cls):
                    result[name] = with_nulls(value, result[name])

        return model

    @model_serializer(mode="wrap")
    def _dump_set(
        self, handler: SerializerFunctionWrapHandler, info: SerializationInfo
    ) -> dict[str, Any]:
        """Leave out what is absent: a default of a field says how it reads, not that it is sent."""
        dumped: dict[str, Any] = handler(self)
        names = wire_names(type(self))
        for name in names.keys() - self.model_fields_set:
            dumped.pop(name if info.by_alias is False else names[name], None)
        return dumped

    if (
        not TYPE_CHECKING
    ):  # a type checker makes a constructor of the fields, and knows the rest from pydantic

        def __init__(self, /, **data: Any) -> None:
            """Build an object by the Python names of its fields.

            Raises:
                TypeError: A keyword is no field, and looks like a misspelt one or is not allowed;
                    or it is a part of a form, and no File.
            """
            cls = type(self)
            construct = quick_constructor(cls, Model)
            if construct is not None:
                try:
                    construct(data, self_instance=self)
                except ValidationError:
                    pass  # the exact way reads it, or says what is wrong
                else:
                    return

            if fault := keyword_fault(cls, data):
                raise TypeError(fault)
            names = wire_names(cls)
            try:
                super().__init__(**{names.get(name, name): value for name, value in data.items()})
            except ValidationError as error:
                if fault := file_fault(cls, error):
                    raise TypeError(fault) from None
                raise

        __init__.__pydantic_base_init__ = True  # else pydantic would call it for each nested object

        def __setattr__(self, name: str, value: Any) -> None:
            """Set a field, or a value that the contract does not name."""
            cls = type(self)
            # Refuse a wire name: as an undeclared property it would be lost beside the field.
            field = by_wire_name(cls).get(name)
            if field is not None and name not in wire_names(cls):
                raise AttributeError(f"{cls.__name__} takes `{name}` as `{field}`")

            if not name.startswith("_") and not hasattr(self, name):
                _refuse_unknown(type(self), name)
            if not _is_absent(type(self), name, value):
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

        def model_copy(self, *, update: dict[str, Any] | None = None, deep: bool = False) -> Self:
            """Copy the object, with the fields in `update` set by their Python names."""
            copied = super().model_copy(deep=deep)
            for name, value in (update or {}).items():
                setattr(copied, name, value)
            return copied

        def model_dump(self, **options: Any) -> dict[str, Any]:
            """Return the JSON of the wire; `mode="python"` keeps dates and UUIDs.

            Options are those of pydantic.
            """
            if _SAID_ALREADY.items() >= options.items():
                from .encoding import EncodeError, encode  # noqa: PLC0415  # loads the validator

                try:
                    return encode(self)
                except EncodeError:  # a file, or a value that no JSON has: what there is, as it is
                    options["mode"] = "python"
            return super().model_dump(**{"mode": "json", **options})

        def model_dump_json(self, *, indent: int | None = None, **options: Any) -> str:
            """Return the text of the JSON of the wire. Options are those of pydantic."""
            if not _SAID_ALREADY.items() >= options.items():
                return super().model_dump_json(indent=indent, **options)

            from .encoding import encode  # noqa: PLC0415  # loads the validator

            separators = (",", ":") if indent is None else None
            return json.dumps(
                encode(self), ensure_ascii=False, indent=indent, separators=separators
            )


def _by_python_names(
    cls: type[BaseModel], data: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values under the Python names of the fields, without those that are absent.

    And what only looks like one.

    A name of the wire wins: a vendor's `from_` beside `from` is not the field `from_`, which is the
    name of `from`.
    """
    names, fields = by_wire_name(cls), wire_names(cls)
    if data.keys() <= names.keys():
        absent = never_null(cls)
        pairs = ((names[name], value) for name, value in data.items())
        return {
            name: value
            for name, value in pairs
            if value is not MISSING and (value is not None or name not in absent)
        }, {}

    found = {names[name] for name in data if name in names}
    values: dict[str, Any] = {}
    others: dict[str, Any] = {}

    for name, value in data.items():
        python_name = names.get(name, name)
        if name not in names and name in fields and name in found:
            others[name] = value
        elif not _is_absent(cls, python_name, value):
            values[python_name] = value

    return values, others


def _validated(name: str, value: Any, validator: TypeAdapter[Any]) -> Any:
    """A property that the class does not name, as the type of those says.

    As it is where it is of another.
    """
    try:
        return _restored(name, value, validator.validate_python(value))
    except ValueError:
        return value


def _is_absent(cls: type[BaseModel], name: str, value: Any) -> bool:
    """Whether a value makes a field absent: MISSING, or None if the contract forbids null."""
    return value is MISSING or (value is None and name in never_null(cls))


def _refuse_unknown(cls: type[BaseModel], name: str) -> None:
    """A misspelt field would be sent as a property that the contract does not name."""
    if name in wire_names(cls):
        return
    if fault := unknown_fault(cls, name):
        raise AttributeError(fault.replace(f"{cls.__name__}()", cls.__name__, 1))


def _restored(name: str, value: Any, result: Any) -> Any:
    """The value that pydantic made of another, with numbers as they were.

    Raises:
        ValueError: For one of another kind.
    """
    if value is result:
        return result

    if isinstance(value, str | bytes | int | float):
        kind = json_kind(value)
        if kind == json_kind(result):
            return value if isinstance(result, float) else result
        if kind != "string" or isinstance(
            result, int | float
        ):  # text may stand for a date or a UUID
            raise ValueError(
                f"{name}: this must be {with_article(json_kind(result))}, not {with_article(kind)}"
            )

    if is_array(value) and is_array(result) and len(value) == len(result):
        pairs = zip(value, result, strict=True)
        return [
            entry if entry is another else _restored(name, entry, another)
            for entry, another in pairs
        ]

    if is_object(value) and is_object(result):
        return {
            key: _restored(name, value[key], item) if key in value else item
            for key, item in result.items()
        }

    return result
