"""The keywords of a model's constructor: which are no field, and which field was meant.

`Tide(hieght=1.5)` is a slip; `Tide(wind="N")` adds a property that the contract does not name,
which an open object allows. Only a name that is nearly a field's is taken for a slip; anything goes
through `model_validate`.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from pydantic import BaseModel, ValidationError

from .model_fields import by_wire_name, is_closed, wire_names

_NEAR: Final = 0.8
_ALIKE: Final = 0.6
# Names of three letters are near to many that are meant otherwise: `at` and `to`, `ids` and `idx`.
_SHORTEST: Final = 4


def keyword_fault(cls: type[BaseModel], keywords: Iterable[str]) -> str:
    """Return what is wrong with the keywords of a constructor, or nothing.

    Args:
        cls: The class that is built.
        keywords: Names of fields in Python or on the wire, or of undeclared properties.
    """
    fields, by_wire = wire_names(cls), by_wire_name(cls)
    keywords = list(keywords)
    found = set[str]()

    for keyword in keywords:
        field = keyword if keyword in fields else by_wire.get(keyword)
        if field is None:
            fault = unknown_fault(cls, keyword) or _instead_of_required(cls, keyword, keywords)
            if fault:
                return fault
        elif field in found:
            return f"{cls.__name__}() has two values for {field!r}"
        else:
            found.add(field)

    return ""


def file_fault(cls: type[BaseModel], error: ValidationError) -> str:
    """Return what is wrong with the values of a constructor, if each of them should be a File.

    `AddChartRequest(file=b"…")` is the first thing that people try.
    """
    found = error.errors(include_url=False, include_context=False)
    if any(each["type"] != "file" for each in found):
        return ""

    first = found[0]
    label = ".".join(map(str, first["loc"]))
    got = type(first["input"]).__name__
    return f"{cls.__name__}(): {label!r} {first['msg'].removeprefix('Input ')}; got {got}"


def _instead_of_required(cls: type[BaseModel], keyword: str, keywords: Iterable[str]) -> str:
    """What is wrong with a keyword that is alike to a required field without a value.

    `Message(txt="x")`: short names are near to many, but here one is missing.
    """
    names = wire_names(cls)
    missing = [
        name
        for name, field in cls.model_fields.items()
        if field.is_required() and not {name, names[name]} & {*keywords}
    ]
    near = get_close_matches(keyword, missing, n=1, cutoff=_ALIKE)
    start = f"{cls.__name__}() has no field {keyword!r}"
    return f"{start}; did you mean {near[0]!r}, which is required?" if near else ""


def unknown_fault(cls: type[BaseModel], keyword: str) -> str:
    """Return what is wrong with the name of a property that is no field, or nothing."""
    fields = wire_names(cls)
    plain = keyword.replace("_", "").lower()
    alike = [name for name in fields if name.replace("_", "").lower() == plain]
    near = alike
    if not alike and len(keyword) >= _SHORTEST:
        near = get_close_matches(keyword, fields, n=1, cutoff=_NEAR)

    start = f"{cls.__name__}() has no field {keyword!r}"
    if is_closed(cls):
        hint = f"did you mean {near[0]!r}?" if near else f"its fields are: {', '.join(fields)}"
        return f"{start}, and the contract allows no others; {hint}"
    if near:
        return (
            f"{start}; did you mean {near[0]!r}? (For a property that the contract does not name, use"
            f" {cls.__name__}.model_validate({{...}}).)"
        )
    return ""
