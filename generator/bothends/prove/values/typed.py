"""From JSON values to what a caller or a handler would write: models by their constructors."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.models.keywords import keyword_fault
from bothends.runtime.models.model_fields import wire_names


def constructed(value: Any) -> Any:
    """The same value with each model in it made anew by its constructor, as people make them.

    ValueError when a constructor refuses. A model that has something under a name that the class
    does not name, and that is the Python name of a field, can only be read, not written: it stays
    as it is.
    """
    if isinstance(value, BaseModel):
        arguments = constructor_arguments(value)
        if arguments is None:
            return value
        return type(value)(**{name: constructed(item) for name, item in arguments.items()})

    if is_array(value):
        return [constructed(item) for item in value]
    if is_object(value):
        return {name: constructed(item) for name, item in value.items()}

    return value


def constructor_arguments(model: BaseModel) -> dict[str, Any] | None:
    """What the constructor was given to make this model; None when it cannot be made by it."""
    extra = model.model_extra or {}
    names = wire_names(type(model))
    if extra.keys() & {*names, *names.values(), "self"} or keyword_fault(type(model), extra):
        return None

    fields = {name: vars(model)[name] for name in names if name in model.model_fields_set}
    return {**fields, **extra}
