"""Whether two parts of a contract mean the same: they differ in words for people at most."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from bothends.openapi.extensions import UNMISTAKABLE, extension_schemas
from bothends.openapi.grammar import Kind, Shape
from bothends.openapi.json_value import is_array, is_object

Grammar: TypeAlias = Mapping[Kind, Mapping[str, tuple[Shape, Kind]]]


_WORDS: Final = frozenset(
    {"$comment", "description", "example", "examples", "externalDocs", "summary"}
)
"""Fields that people read, and no request or reply depends on."""

_READ_FROM_OTHERS: Final = frozenset(
    {"x-collection-format", "x-isnullable", "x-list-delimiter", "x-nullable", "x-sunset"}
)
"""Extensions of other tools that repairs turn into words of the standard, or that are compared."""


def means_same(old: Any, new: Any, kind: str, grammar: Grammar) -> bool:
    """Whether two objects of OpenAPI differ in words and other tools' extensions at most.

    The order of their fields counts: names and arguments follow it.
    """
    if old is new:
        return True
    if not (is_object(old) and is_object(new)) or kind not in grammar:
        return is_same_value(old, new)

    fields = grammar[kind]
    names = _meaningful(old, fields)
    if [*old] != [*new] and names != _meaningful(new, fields):
        return False

    for name in names:
        before, after = old[name], new[name]
        shape, inner = fields.get(name, fields.get("*", ("one", "")))
        if shape == "list" and is_array(before) and is_array(after):
            pairs = list(zip(before, after, strict=False))
            is_same = len(before) == len(after)
        elif shape == "map" and is_object(before) and is_object(after):
            pairs = list(zip(before.values(), after.values(), strict=False))
            is_same = list(before) == list(after)
        else:
            pairs, is_same = [(before, after)], True

        if not (is_same and all(means_same(*pair, inner, grammar) for pair in pairs)):
            return False

    return True


def _meaningful(value: Mapping[str, Any], fields: Mapping[str, Any]) -> list[str]:
    """The fields of an object of OpenAPI but words and other tools' extensions."""
    is_map = "*" in fields
    return [name for name in value if (is_map or name not in _WORDS) and not is_foreign(name)]


def is_same_value(old: Any, new: Any) -> bool:
    """Whether two values of JSON are written alike: `1` and `true` are equal in Python."""
    if old is new:
        return True
    if type(old) is not type(new) or old != new:
        return False
    return not isinstance(old, dict | list) or json.dumps(old) == json.dumps(new)


def is_foreign(field: str) -> bool:
    """Whether a field is an extension that means nothing here."""
    return field.startswith("x-") and not is_read(field)


def is_read(extension: str) -> bool:
    """Whether an extension means something here."""
    return (
        extension in extension_schemas()
        or extension.startswith(UNMISTAKABLE)
        or extension.lower() in _READ_FROM_OTHERS
    )
