"""Judging deep values of schemas whose alternatives overlap: each part of a value once by each schema.

The validator would judge a part once for every way that leads there, which doubles, or worse, at every level: a small
hostile body would keep it busy for hours. So here the schemas of properties and items stand behind a keyword of ours, that
asks for the verdict on the part and remembers it. Annotations do not cross from a part to its whole, so nothing else
changes (JSON Schema 2020-12 §7.7.1).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from jsonschema_rs import ValidationError, Validator

from bothends.runtime.json.parts import Parts
from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_array, is_deeper, is_object

PART = "x-bothends-part"
CONSTANT = "x-bothends-constant"
"""Stands for `const` and `enum` where they hold arrays or objects inside others."""

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

_TELLING = _LEADING_ON | {
    "required",
    "dependentRequired",
    "minProperties",
    "maxProperties",
    "minItems",
    "maxItems",
    "uniqueItems",
}
"""What looks into an array or object, or counts what is inside."""

_CONSTANTS = {"const": 0, "enum": 1}
"""The words that hold values, and how deep each is if none of them is an array or object."""

Compile = Callable[[dict[str, Any], dict[str, Any]], Validator]
"""A validator from a schema and the classes of its own keywords."""


class _Now(threading.local):
    """What is judged in this thread."""

    def __init__(self) -> None:
        self.parts = Parts()
        self.verdicts: dict[tuple[str, int], bool] = {}


class Memo:
    """The schemas of a contract, found by `find`, as validators that remember."""

    def __init__(self, find: Callable[[str], Any], compiled: Compile) -> None:
        self._find, self._compiled = find, compiled
        self._validators: dict[str, Validator] = {}
        self._keywords = {PART: _keyword(self._allows), CONSTANT: _keyword(self._is_constant)}
        self._now = _Now()

    def errors(self, pointer: str, value: Any) -> list[ValidationError]:
        """Why the schema at `pointer` refuses a value: the first error, then that of the part that it is in, and so on.

        Empty when the schema allows it. The message of an error in a part is the pointer of the schema that refused the part.
        """
        with self.knowing(value) as parts:
            return list(self._errors(pointer, parts, parts.stand_in_of(value)))

    def accepts(self, pointer: str, value: Any) -> bool:
        """Whether the schema at `pointer` allows a value that is known."""
        return self._allows(pointer, self._now.parts.stand_in_of(value))

    def knows(self, value: Any) -> bool:
        """Whether a value is an array or object within the one that `knowing` was told of, in this thread."""
        return self._now.parts.has(value)

    @contextmanager
    def knowing(self, value: Any) -> Generator[Parts]:
        """As long as this is open, the value must not change: its parts are known by where they are in memory."""
        before = self._now.parts, self._now.verdicts
        parts = Parts()
        parts.stand_in(value)
        self._now.parts, self._now.verdicts = parts, {}

        try:
            yield parts
        finally:
            self._now.parts, self._now.verdicts = before

    def _errors(self, pointer: str, parts: Parts, stand_in: Any) -> Iterator[ValidationError]:
        part = parts.part(stand_in)
        try:
            self._validator(pointer).validate(part)
        except ValidationError as error:
            yield error
            if error.kind.name == PART:
                for step in error.instance_path:
                    part = part[step]
                yield from self._errors(error.message, parts, part)

    def _allows(self, pointer: str, stand_in: Any) -> bool:
        parts, verdicts = self._now.parts, self._now.verdicts
        number = parts.number(stand_in)
        if number is None:
            return self._validator(pointer).is_valid(stand_in)

        if (pointer, number) not in verdicts:
            verdicts[pointer, number] = self._validator(pointer).is_valid(parts.part(stand_in))
        return verdicts[pointer, number]

    def _is_constant(self, pointer: str, part: Any) -> bool:
        parts = self._now.parts
        schema: dict[str, Any] = self._find(pointer)
        if "const" in schema and not parts.is_same(part, schema["const"]):
            return False
        return "enum" not in schema or any(parts.is_same(part, option) for option in schema["enum"])

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
    for word, depth in _CONSTANTS.items():
        if word in made and is_deeper(made[word], depth + 1):
            del made[word]
            made[CONSTANT] = pointer

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
    """A schema that asks for the verdict, unless it cannot tell an array or object from what stands for it."""
    if not is_object(schema) or not (
        schema.keys() & _TELLING
        or any(is_deeper(schema.get(word), depth) for word, depth in _CONSTANTS.items())
    ):
        return schema
    return {PART: str(schema["$ref"]).removeprefix("#") if schema.keys() == {"$ref"} else pointer}


def _keyword(allows: Callable[[str, Any], bool]) -> type:
    class Keyword:
        def __init__(
            self, _parent_schema: dict[str, Any], value: Any, _schema_path: list[str | int]
        ) -> None:
            self.pointer = str(value)

        def validate(self, instance: Any) -> None:
            if not allows(self.pointer, instance):
                raise ValueError(self.pointer)

    return Keyword
