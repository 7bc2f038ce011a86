"""Judging deep values of schemas whose alternatives overlap: each part of a value once by each schema.

The validator would judge a part once for every way that leads there, which doubles, or worse, at every level: a small
hostile body would keep it busy for hours. So here the schemas of properties and items stand behind a keyword of ours, that
asks for the verdict on the part and remembers it. Annotations do not cross from a part to its whole, so nothing else
changes (JSON Schema 2020-12 §7.7.1).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from jsonschema_rs import ValidationError, Validator

from .json_value import is_array, is_object
from .pointer import join

PART = "x-bothends-part"
_KEYED = frozenset(("properties", "patternProperties", "dependentSchemas"))
_APPLIED = frozenset(("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"))
"""What judges the same value; the others judge parts of it."""

_LEADING_ON = (
    _KEYED
    | _APPLIED
    | {
        "$ref",
        "additionalProperties",
        "propertyNames",
        "unevaluatedProperties",
        "items",
        "prefixItems",
        "contains",
        "unevaluatedItems",
    }
)

Compile = Callable[[dict[str, Any], dict[str, Any]], Validator]
"""A validator from a schema and the classes of its own keywords."""


class Memo:
    """The schemas of a contract, found by `find`, as validators that remember."""

    def __init__(self, find: Callable[[str], Any], compiled: Compile) -> None:
        self._find, self._compiled = find, compiled
        self._validators: dict[str, Validator] = {}
        self._keywords = {PART: _part_keyword(self._allows)}
        self._verdicts = threading.local()

    def error(self, pointer: str, value: Any) -> ValidationError | None:
        """The first error of a value, or None when the schema at `pointer` allows it.

        That of a part only says which schema refused it: its message is the pointer.
        """
        self._verdicts.known = {}
        try:
            self._validator(pointer).validate(value)
        except ValidationError as error:
            return error
        finally:
            del self._verdicts.known
        return None

    def _allows(self, pointer: str, value: Any) -> bool:
        known: dict[tuple[str, str], bool] = self._verdicts.known
        key = (pointer, json.dumps(value, sort_keys=True))
        if key not in known:
            known[key] = self._validator(pointer).is_valid(value)
        return known[key]

    def _validator(self, pointer: str) -> Validator:
        if pointer not in self._validators:
            self._validators[pointer] = self._compiled(self._schema(pointer), self._keywords)
        return self._validators[pointer]

    def _schema(self, pointer: str) -> dict[str, Any]:
        """The schema at a pointer, whole, but for the schemas of the parts of its values."""
        numbers = {pointer: 0}
        made: dict[str, Any] = {}

        def refer(target: str) -> str:
            return f"#/$defs/{numbers.setdefault(target, len(numbers))}"

        while len(made) < len(numbers):
            target = list(numbers)[len(made)]
            made[str(len(made))] = _split(self._find(target), target, refer)
        return {"$ref": "#/$defs/0", "$defs": made}


def _split(schema: Any, pointer: str, refer: Callable[[str], str]) -> Any:
    if not is_object(schema):
        return schema
    made = {word: value for word, value in schema.items() if word != "$defs"}
    if "$ref" in made:
        made["$ref"] = refer(str(made["$ref"]).removeprefix("#"))
    for word in _LEADING_ON & made.keys() - {"$ref"}:
        inner = partial(_split, refer=refer) if word in _APPLIED else _as_part
        made[word] = _each(made[word], f"{pointer}/{word}", inner, keyed=word in _KEYED)
    return made


def _each(value: Any, at: str, inner: Callable[[Any, str], Any], *, keyed: bool) -> Any:
    if is_array(value):
        return [inner(item, f"{at}/{index}") for index, item in enumerate(value)]
    if keyed and is_object(value):
        return {name: inner(item, at + join(name)) for name, item in value.items()}
    return inner(value, at)


def _as_part(schema: Any, pointer: str) -> Any:
    return {PART: pointer} if is_object(schema) and _LEADING_ON & schema.keys() else schema


def _part_keyword(allows: Callable[[str, Any], bool]) -> type:
    class Part:
        def __init__(self, _parent_schema: dict[str, Any], value: Any, _schema_path: list[str | int]) -> None:
            self.pointer = str(value)

        def validate(self, instance: Any) -> None:
            if not allows(self.pointer, instance):
                raise ValueError(self.pointer)

    return Part
