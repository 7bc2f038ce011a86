"""Judges deep values by overlapping alternatives: each part once by each schema.

Example: `Tree: {anyOf: [{properties: {left: {$ref: Tree}}}, {properties: {left: {$ref: Tree}, note:
…}}]}`. Both alternatives judge `left`, and each of these judgements splits in two again: a tree of
60 levels takes 2^60 steps, so a small hostile body would keep the validator busy for hours. Here
the schema becomes

    {anyOf: [{properties: {left: {x-bothends-part: "/components/schemas/Tree"}}}, …]}

and `x-bothends-part` is a keyword of ours: it looks up the verdict of that schema on that part, and
judges the part only the first time. Annotations do not cross from a part to the value around it, so
nothing else changes (JSON Schema 2020-12 §7.7.1). The values that the validator sees are the
placeholders of `json/parts.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from jsonschema_rs import ValidationError, Validator

from bothends.runtime.json.budget import spend_choices
from bothends.runtime.json.parts import Parts
from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_array, is_deeper, is_object

PART = "x-bothends-part"
CONSTANT = "x-bothends-constant"
"""Replaces `const` and `enum` where they hold arrays or objects inside others."""

_KEYED = frozenset(("properties", "patternProperties", "dependentSchemas"))
# Keywords whose schemas judge the same value; those of the others judge parts of it.
_APPLIED = frozenset(("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"))

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

# Keywords that look into an array or object, or count its members.
_LOOKING_INSIDE = _LEADING_ON | {
    "required",
    "dependentRequired",
    "minProperties",
    "maxProperties",
    "minItems",
    "maxItems",
    "uniqueItems",
}

# Keywords that hold values, and how deep each is if none of its values is an array or object.
_CONSTANTS = {"const": 0, "enum": 1}

# What a part costs to store and to judge, beside the choice of a member of a union.
_CHOICES_OF_PART = 2

Compile = Callable[[dict[str, Any], dict[str, Any]], Validator]
"""A validator from a schema and the classes of its own keywords."""


class _Judging(threading.local):
    """The value that is judged in this thread, and the verdicts so far."""

    def __init__(self) -> None:
        self.parts = Parts()
        self.verdicts: dict[tuple[str, int], bool] = {}


class Memo:
    """The schemas of a contract, found by `find`, as validators that remember."""

    def __init__(self, find: Callable[[str], Any], compiled: Compile) -> None:
        self._find, self._compiled = find, compiled
        self._validators: dict[str, Validator] = {}
        self._keywords = {PART: _keyword(self._allows), CONSTANT: _keyword(self._is_constant)}
        self._judging = _Judging()

    def errors(self, pointer: str, value: Any) -> list[ValidationError]:
        """Return why the schema refuses a value: the first error, then that of its part, and so on.

        Empty when the schema allows it. The message of an error in a part is the pointer of the
        schema that refused the part.
        """
        with self.knowing(value) as parts:
            return list(self._errors(pointer, parts, parts.placeholder_of(value)))

    def accepts(self, pointer: str, value: Any) -> bool:
        """Whether the schema at `pointer` allows a value for which `knows` is true."""
        return self._allows(pointer, self._judging.parts.placeholder_of(value))

    def knows(self, value: Any) -> bool:
        """Whether a value is an array or object inside the value that `knowing` has open."""
        return self._judging.parts.has(value)

    @contextmanager
    def knowing(self, value: Any) -> Generator[Parts]:
        """Remember verdicts on the parts of a value while this is open.

        The value must not change meanwhile: its parts are identified by their place in memory.
        """
        before = self._judging.parts, self._judging.verdicts
        parts = Parts()
        parts.placeholder(value)
        spend_choices(_CHOICES_OF_PART * len(parts))
        self._judging.parts, self._judging.verdicts = parts, {}

        try:
            yield parts
        finally:
            self._judging.parts, self._judging.verdicts = before

    def _errors(self, pointer: str, parts: Parts, placeholder: Any) -> Iterator[ValidationError]:
        part = parts.part(placeholder)
        try:
            self._validator(pointer).validate(part)
        except ValidationError as error:
            yield error
            if error.kind.name == PART:
                for step in error.instance_path:
                    part = part[step]
                yield from self._errors(error.message, parts, part)

    def _allows(self, pointer: str, placeholder: Any) -> bool:
        parts, verdicts = self._judging.parts, self._judging.verdicts
        index = parts.index(placeholder)
        if index is None:
            return self._validator(pointer).is_valid(placeholder)

        if (pointer, index) not in verdicts:
            verdicts[pointer, index] = self._validator(pointer).is_valid(parts.part(placeholder))
        return verdicts[pointer, index]

    def _is_constant(self, pointer: str, part: Any) -> bool:
        parts = self._judging.parts
        schema: dict[str, Any] = self._find(pointer)
        if "const" in schema and not parts.is_same(part, schema["const"]):
            return False
        return "enum" not in schema or any(parts.is_same(part, option) for option in schema["enum"])

    def _validator(self, pointer: str) -> Validator:
        if pointer not in self._validators:
            self._validators[pointer] = self._compiled(self._schema(pointer), self._keywords)
        return self._validators[pointer]

    def _schema(self, pointer: str) -> dict[str, Any]:
        """Return the schema with its references, and `x-bothends-part` for the schemas of parts."""
        numbers = {pointer: 0}
        definitions: dict[str, Any] = {}

        def refer(target: str) -> str:
            return f"#/$defs/{numbers.setdefault(target, len(numbers))}"

        while len(definitions) < len(numbers):
            target = list(numbers)[len(definitions)]
            definitions[str(len(definitions))] = _split(self._find(target), target, refer)

        return {"$ref": "#/$defs/0", "$defs": definitions}


def _split(schema: Any, pointer: str, refer: Callable[[str], str]) -> Any:
    if not is_object(schema):
        return schema

    split = {word: value for word, value in schema.items() if word != "$defs"}
    for word, depth in _CONSTANTS.items():
        if word in split and is_deeper(split[word], depth + 1):
            del split[word]
            split[CONSTANT] = pointer

    if "$ref" in split:
        split["$ref"] = refer(str(split["$ref"]).removeprefix("#"))

    for word in _LEADING_ON & split.keys() - {"$ref"}:
        inner = partial(_split, refer=refer) if word in _APPLIED else _as_part
        split[word] = _each(split[word], f"{pointer}/{word}", inner, keyed=word in _KEYED)

    return split


def _each(value: Any, pointer: str, inner: Callable[[Any, str], Any], *, keyed: bool) -> Any:
    if is_array(value):
        return [inner(item, f"{pointer}/{index}") for index, item in enumerate(value)]
    if keyed and is_object(value):
        return {name: inner(item, pointer + join(name)) for name, item in value.items()}
    return inner(value, pointer)


def _as_part(schema: Any, pointer: str) -> Any:
    """Replace a subschema by a reference to its cached verdict.

    Subschemas that never look inside arrays or objects stay as they are: a placeholder is enough
    for them.
    """
    if not is_object(schema):
        return schema

    depths = _CONSTANTS.items()
    has_deep_constant = any(is_deeper(schema.get(word), depth) for word, depth in depths)
    if not schema.keys() & _LOOKING_INSIDE and not has_deep_constant:
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
