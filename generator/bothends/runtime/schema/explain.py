"""Why a value breaks a schema, for a person, without repeating the value: input may be secret or hostile."""

from __future__ import annotations

import json
from collections.abc import Callable, Sized
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from typing_extensions import override

from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import json_type

from .memo import CONSTANT, PART

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

_SHOWN_OPTIONS = 12
_STANDARD = {CONSTANT: "enum"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a value breaks the contract: a JSON pointer into the value ("" is the whole), the rule, the keyword."""

    pointer: str
    rule: str
    keyword: str

    @override
    def __str__(self) -> str:
        return f"{self.pointer}: {self.rule}" if self.pointer else self.rule


def explain(error: ValidationError) -> Fault:
    """The fault that a validation error tells of. Only names and limits of the contract appear in it, and counts."""
    keyword = error.kind.name
    rule = _null if error.instance is None and keyword != "falseSchema" else _RULES.get(keyword)
    return Fault(
        _pointer(error), rule(error) if rule else f"must keep the contract's {keyword}", _STANDARD.get(keyword, keyword)
    )


def _pointer(error: ValidationError) -> str:
    path = error.evaluation_path
    declared = {after for word, after in pairwise(path) if word == "properties"}
    parts = [str(part) if isinstance(part, int) or part in declared else "*" for part in error.instance_path]
    return join(*parts)


def _null(_: ValidationError) -> str:
    return "must not be null"


def _size(noun: str, bound: str) -> Callable[[ValidationError], str]:
    def rule(error: ValidationError) -> str:
        allowed, instance = _kind(error).limit, cast("Sized", error.instance)
        return f"{bound} {allowed} {noun if allowed != 1 else _SINGULAR[noun]}, got {len(instance)}"

    return rule


_SINGULAR = {"items": "item", "characters": "character", "properties": "property"}


def _limit(words: str) -> Callable[[ValidationError], str]:
    return lambda error: f"must be {words} {_kind(error).limit}"


def _kind(error: ValidationError) -> Any:
    return error.kind


def _type(error: ValidationError) -> str:
    return f"must be {' or '.join(_kind(error).types)}, got {json_type(error.instance)}"


def _enum(error: ValidationError) -> str:
    options = [json.dumps(option, ensure_ascii=False) for option in _kind(error).options]
    rest = len(options) - _SHOWN_OPTIONS
    return f"must be one of {', '.join(options[:_SHOWN_OPTIONS])}" + (f" and {rest} more" if rest > 0 else "")


def _undeclared(error: ValidationError) -> str:
    count = len(_kind(error).unexpected)
    return "has a property that is not declared" if count == 1 else f"has {count} properties that are not declared"


def _any(error: ValidationError) -> str:
    return "matches none of the alternatives: " + "; or ".join(
        str(explain(branch[0])) for branch in _kind(error).context[:4] if branch
    )


_RULES: dict[str, Callable[[ValidationError], str]] = {
    "type": _type,
    "required": lambda error: f"property {_kind(error).property!r} is required",
    "enum": _enum,
    "const": lambda error: f"must be {json.dumps(_kind(error).expected_value, ensure_ascii=False)}",
    "maxItems": _size("items", "at most"),
    "minItems": _size("items", "at least"),
    "maxLength": _size("characters", "at most"),
    "minLength": _size("characters", "at least"),
    "maxProperties": _size("properties", "at most"),
    "minProperties": _size("properties", "at least"),
    "maximum": _limit("at most"),
    "minimum": _limit("at least"),
    "exclusiveMaximum": _limit("less than"),
    "exclusiveMinimum": _limit("greater than"),
    "multipleOf": lambda error: f"must be a multiple of {_kind(error).multiple_of}",
    "pattern": lambda error: f"must match the pattern {_kind(error).pattern}",
    "format": lambda error: f"must be a valid {_kind(error).format}",
    "uniqueItems": lambda _: "must not hold the same item twice",
    "additionalProperties": _undeclared,
    "unevaluatedProperties": _undeclared,
    "propertyNames": lambda error: f"has a property whose name is not allowed: {explain(_kind(error).error).rule}",
    "anyOf": _any,
    "oneOf": lambda error: (
        _any(error) if type(error.kind).__name__ == "OneOfNotValid" else "matches several alternatives"
    ),
    "contains": lambda _: "lacks an item that must be there",
    "not": lambda _: "is of a form that is not allowed",
    CONSTANT: lambda _: "must be a value that the contract states",
    PART: lambda _: "is not as the contract describes it",
    "falseSchema": lambda _: "is not allowed here",
}
