"""Classes that a module of models names and does not import.

In the layout by tags a model names classes of other modules, which only type checkers see imported:

    if TYPE_CHECKING:
        from .commit import Commit

    class Tag(Model):
        commit: Commit

When a value is first read as a `Tag`, `Commit` is looked up in the package and becomes a global of
the module, so that pydantic and `get_type_hints` find it. Its own fields stay unread until then.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from functools import cache
from inspect import get_annotations
from typing import Any, ForwardRef

from pydantic import BaseModel
from typing_extensions import TypeAliasType

_WORD = re.compile(r"[A-Za-z_]\w*")


def resolve_class(cls: type[BaseModel]) -> None:
    """Bring the classes that the fields of a model name into its module."""
    for owner in cls.__mro__:
        if issubclass(owner, BaseModel) and owner is not BaseModel:
            resolve(str(owner.__module__), get_annotations(owner).values())


def resolve(module: str, annotations: Iterable[Any]) -> None:
    """Bring what annotations name into a module; those that are no text name nothing more."""
    package = module.rpartition(".")[0]
    exported = _exported(package)
    if not exported or module not in sys.modules:
        return

    namespace = vars(sys.modules[module])
    for annotation in annotations:
        text = annotation.__forward_arg__ if isinstance(annotation, ForwardRef) else annotation
        for word in _WORD.findall(text) if isinstance(text, str) else ():
            if word in exported and word not in namespace:
                namespace[word] = value = getattr(sys.modules[package], word)
                if isinstance(value, TypeAliasType):
                    resolve(str(value.__module__), [value.__value__])


@cache
def _exported(package: str) -> frozenset[str]:
    """The public names of the package that a module of models is in."""
    return frozenset(getattr(sys.modules.get(package), "__all__", ()))
