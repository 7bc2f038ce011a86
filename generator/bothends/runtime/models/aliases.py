"""The types that aliases and annotated types stand for."""

from __future__ import annotations

import sys
import typing
from typing import Any, get_args, get_origin

import typing_extensions

from .lazy_names import resolve

ALIASES = tuple(
    {
        typing_extensions.TypeAliasType,
        getattr(typing, "TypeAliasType", typing_extensions.TypeAliasType),
    }
)


def resolved(type_: Any) -> Any:
    """Return the type that an alias, or an annotated type, stands for."""
    type_ = bare(type_)
    while isinstance(type_, ALIASES):
        type_ = bare(alias_value(type_))
    return type_


def alias_value(alias: Any) -> Any:
    """Return the type that an alias is a name of, with its own names resolved."""
    resolve(alias.__module__, [alias.__value__])
    namespace = vars(sys.modules[alias.__module__]) if alias.__module__ in sys.modules else {}

    def holder() -> None: ...

    # `get_type_hints` resolves names in the annotation of a function, on every Python.
    holder.__annotations__ = {"value": alias.__value__}
    return typing_extensions.get_type_hints(holder, namespace, include_extras=True)["value"]


def bare(type_: Any) -> Any:
    """Return a type without its annotations."""
    while get_origin(type_) is typing.Annotated:
        type_ = get_args(type_)[0]
    return type_
