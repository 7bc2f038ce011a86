"""Why a value breaks a schema, without repeating the value: it may be secret or hostile.

Worked example: `{properties: {limit: {maximum: 100}}, additionalProperties: {type: string}}`.

    {"limit": 700}   ->  Fault("/limit", "must be at most 100", "maximum")
    {"hunter2": 7}   ->  Fault("/*", "must be string, got integer", "type")

The second name is the caller's own, and may be a password.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from typing_extensions import override

from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_object, json_type

from .closest import Alternative, closest, constant_fault, type_fault
from .memo import CONSTANT, PART

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

    from .contract import Contract

_SHOWN_OPTIONS = 12
_LONGEST_NAME = 80
_UNMATCHED = frozenset({"BacktrackLimitExceeded", "RegexEngineFailure"})
_FORMAT_EXAMPLES = {
    "date": ", such as 2026-01-02",
    "date-time": ", with a zone, such as 2026-01-02T10:00:00Z",
    "duration": ", such as P1DT12H",
    "email": ", such as name@host.example",
    "hostname": ", such as host.example",
    "ipv4": ", such as 192.0.2.1",
    "ipv6": ", such as 2001:db8::1",
    "json-pointer": ", such as /name/0",
    "time": ", with a zone, such as 10:00:00Z",
    "uri": ", such as https://host.example/path",
    "uri-reference": ", such as /path",
    "uuid": ", such as 5f0c1a5e-2b1c-4c55-9d52-0f3f0d6f7a10",
}
_STANDARD = {CONSTANT: "enum"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a value: a JSON pointer into the value ("" is the value), rule and keyword."""

    pointer: str
    rule: str
    keyword: str

    @override
    def __str__(self) -> str:
        return f"{self.pointer}: {self.rule}" if self.pointer else self.rule


def explain(error: ValidationError, contract: Contract) -> Fault:
    """The fault that a validation error tells of.

    Only names and limits of the contract appear in it, and counts.

    Of a union that the value fits nothing of, it is the fault of the alternative that is closest to
    the value.
    """
    keyword = error.kind.name
    if keyword in _UNIONS and error.instance is not None:
        return _explain_union(error, contract)

    rule = _plain_rule(error)
    if keyword in ("maxLength", "minLength"):
        schema = contract.find(join(*error.schema_path[:-1]))
        # A text of this format stands for bytes, of which each counts as one character.
        if is_object(schema) and schema.get("format") == "binary":
            rule = rule.replace("character", "byte")
    return Fault(_pointer(error), rule, _STANDARD.get(keyword, keyword))


def _plain_rule(error: ValidationError) -> str:
    keyword = error.kind.name
    if error.instance is None and keyword != "falseSchema":
        return "must not be null"
    if type(error.kind).__name__ in _UNMATCHED:
        # Its message would repeat the value, which may be a password, and it has no limit to speak
        # of.
        return "cannot be matched with the contract's pattern within the limit of steps"
    rule = _RULES.get(keyword)
    return rule(error) if rule else _UNIONS.get(keyword) or f"must keep the contract's {keyword}"


def _pointer(error: ValidationError) -> str:
    path = error.evaluation_path
    declared = {after for word, after in pairwise(path) if word == "properties"}
    parts: list[str] = []
    for part in error.instance_path:
        # A name that the contract does not declare is the caller's own, and may be a secret.
        is_known = isinstance(part, int) or part in declared
        parts.append(str(part) if is_known else "*")
    return join(*parts)


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


def _one_of(values: Sequence[Any]) -> str:
    options = [json.dumps(value, ensure_ascii=False) for value in values]
    remainder = len(options) - _SHOWN_OPTIONS
    return f"must be one of {', '.join(options[:_SHOWN_OPTIONS])}" + (
        f" and {remainder} more" if remainder > 0 else ""
    )


def _undeclared(error: ValidationError) -> str:
    """Name one undeclared property, because it is what the caller has to look for."""
    names = [str(name) for name in _kind(error).unexpected]
    if len(names) > 1:
        many = f"has {len(names)} properties that are not declared"
        return f"{many}, {names[0][:_LONGEST_NAME]!a} among them"
    return f"has a property that is not declared: {names[0][:_LONGEST_NAME]!a}"


def _explain_union(error: ValidationError, contract: Contract) -> Fault:
    keyword = error.kind.name
    existing = closest(error, contract.find) if type(error.kind).__name__ in _FITTING_NONE else None
    if existing is None:
        return Fault(_pointer(error), _UNIONS[keyword], keyword)

    message, found = existing
    types = [another for item in found if (another := type_fault(item, error)) is not None]
    if len(types) == len(found):
        names = dict.fromkeys(name for item in types for name in _kind(item).types)
        return Fault(
            _pointer(error),
            f"must be {' or '.join(names)}, got {json_type(error.instance)}",
            keyword,
        )

    constants = [constant_fault(item, error) for item in found if type_fault(item, error) is None]
    wrong = [item for item in constants if item is not None]
    places = {_pointer(item) for item in wrong}
    if (
        len(wrong) == len(constants) > 1 and len(places) == 1
    ):  # it has a tag, which is none of theirs
        return Fault(places.pop(), _one_of([_kind(item).expected_value for item in wrong]), keyword)

    if lacking := _lacking(found, len(_kind(error).context), contract):
        return Fault(_pointer(error), lacking, keyword)

    fault = explain(message.errors[0], contract)
    # Of unions in unions the innermost tells: a tree is one at each level.
    beside = ""
    if not fault.rule.endswith(_BESIDE):
        beside = _beside(message, len(_kind(error).context) - 1, contract)
    return Fault(fault.pointer, fault.rule + beside, keyword)


def _lacking(found: Sequence[Alternative], count: int, contract: Contract) -> str:
    """The rule of a union that only lists which properties must be there; "" for another one.

    `anyOf: [{required: [text]}, {required: [media]}]` -> "property 'text' or 'media' is required"
    """
    sets: list[str] = []
    for alternative in found:
        schema = contract.find(alternative.pointer)
        if not is_object(schema):
            return ""
        keywords = {name for name in schema if not name.startswith("x-")}
        if keywords != {"required"} or len(schema["required"]) > _SHOWN_OPTIONS:
            return ""
        sets.append(" and ".join(map(repr, schema["required"])))

    if len(sets) < count or len(sets) > _SHOWN_OPTIONS:
        return ""
    noun = "properties" if any(" and " in names for names in sets) else "property"
    verb = "are" if noun == "properties" else "is"
    return f"{noun} {' or '.join(sets)} {verb} required"


def _beside(message: Alternative, others: int, contract: Contract) -> str:
    """Which alternative a fault is that of, and that it has others beside it."""
    if not others:
        return ""
    name = contract.name_at(message.pointer) or f"alternative {message.number + 1}"
    return f" (as {name}; {others} other {'alternatives do' if others > 1 else 'alternative does'}{_BESIDE}"


_UNIONS = {"anyOf": "matches none of the alternatives", "oneOf": "matches several alternatives"}
_BESIDE = " not fit either)"
_FITTING_NONE = ("AnyOf", "OneOfNotValid")


_RULES: dict[str, Callable[[ValidationError], str]] = {
    "type": _type,
    "required": lambda error: f"property {_kind(error).property!r} is required",
    "enum": lambda error: _one_of(_kind(error).options),
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
    "format": lambda error: (
        f"must be a valid {_kind(error).format}{_FORMAT_EXAMPLES.get(_kind(error).format, '')}"
    ),
    "uniqueItems": lambda _: "must not hold the same item twice",
    "additionalProperties": _undeclared,
    "unevaluatedProperties": _undeclared,
    "propertyNames": lambda error: (
        f"has a property whose name is not allowed: {_plain_rule(_kind(error).error)}"
    ),
    "contains": lambda _: "lacks an item that must be there",
    "not": lambda _: "is of a form that is not allowed",
    CONSTANT: lambda _: "must be a value that the contract states",
    PART: lambda _: "is not as the contract describes it",
    "falseSchema": lambda _: "is not allowed here",
}
