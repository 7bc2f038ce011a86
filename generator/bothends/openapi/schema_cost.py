"""How many schemas judge one value when every `$ref` is followed.

Example: `A: {anyOf: [{$ref: B}, {$ref: B}]}` judges by `B` twice. If `B` does the same with `C`, and
so on, twenty components are a million judgements of one value: a contract of a kilobyte that keeps
a server busy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.openapi.document import ContractDocument
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.pointer import below
from bothends.openapi.reference import target_of

MOST = 2_500
"""More evaluations of one value than any contract needs: the most in forty large ones is below
500. A union of 3,000 is too deep for Python's parser while it is not flat."""

# `inside` takes one frame for each step, and Python stops at 1,000.
_DEEPEST = 100
_ONE = ("not", "if", "then", "else")
_MANY = ("allOf", "anyOf", "oneOf")
_CHILD = ("additionalProperties", "unevaluatedProperties", "propertyNames")
_ITEM = ("items", "contains", "unevaluatedItems")
ANY_NAME, ITEM = "*", "[]"

_APPLYING = frozenset(("$ref", "dependentSchemas", *_ONE, *_MANY))
"""The keywords of schemas that judge the same value; most schemas have none."""

_INNER = frozenset(("properties", "patternProperties", "prefixItems", *_CHILD, *_ITEM))
"""Those of schemas that judge the parts of a value."""


class SchemaCost:
    """What the schemas of a contract become when every reference is followed.

    Made once per contract.
    """

    def __init__(self, document: ContractDocument) -> None:
        self._document = document
        self._schemas: dict[str, Any] = {}
        self._counts: dict[str, int] = {}
        self._heights: dict[str, int] = {}
        self._inner: dict[str, list[tuple[str, str]]] = {}

    def count(self, pointer: str) -> int:
        """How many schemas judge one value that the schema at `pointer` judges.

        Never more than MOST + 1.
        """
        if pointer not in self._counts:
            self._measure(pointer)
        return MOST + 1 if self._heights[pointer] > _DEEPEST else self._counts[pointer]

    def applied(self, pointer: str) -> Iterator[str]:
        """The schemas that judge the same value as the schema at `pointer`, by one step."""
        schema = self._at(pointer)
        if not is_object(schema) or _APPLYING.isdisjoint(schema):
            return

        if target := target_of(schema):
            yield target

        for word in _ONE:
            if word in schema:
                yield self._found(pointer, schema, word)

        for word in _MANY:
            for index in range(len(as_array(schema.get(word)))):
                yield self._found(pointer, schema, word, index)

        for name in as_object(schema.get("dependentSchemas")):
            yield self._found(pointer, schema, "dependentSchemas", name)

    def inside(self, pointer: str) -> list[tuple[str, str]]:
        """Return the schemas that judge inside a value, each as often as it does: (part, pointer).

        Only for a schema whose `count` is within bounds.
        """
        if pointer not in self._inner:
            self._inner[pointer] = []  # a schema that applies itself adds nothing
            schema = self._at(pointer)
            if not is_object(schema) or (
                _INNER.isdisjoint(schema) and _APPLYING.isdisjoint(schema)
            ):
                return self._inner[pointer]

            found = list(self._own(pointer))
            for applied in self.applied(pointer):
                found += self.inside(applied)
            self._inner[pointer] = found

        return self._inner[pointer]

    def _own(self, pointer: str) -> Iterator[tuple[str, str]]:
        schema = self._at(pointer)
        if not is_object(schema) or _INNER.isdisjoint(schema):
            return

        for name in as_object(schema.get("properties")):
            yield name, self._found(pointer, schema, "properties", name)

        for pattern in as_object(schema.get("patternProperties")):
            yield ANY_NAME, self._found(pointer, schema, "patternProperties", pattern)

        for part, words in ((ANY_NAME, _CHILD), (ITEM, _ITEM)):
            for word in words:
                if is_object(schema.get(word)):
                    yield part, self._found(pointer, schema, word)

        for index in range(len(as_array(schema.get("prefixItems")))):
            yield ITEM, self._found(pointer, schema, "prefixItems", index)

    def _found(self, pointer: str, schema: dict[str, Any], *parts: str | int) -> str:
        """Return the pointer of a schema inside another; remembered, because joining is slow."""
        inner: Any = schema
        for part in parts:
            inner = inner[part]

        found = below(pointer, *parts)
        self._schemas[found] = inner
        return found

    def _measure(self, start: str) -> None:
        """Count a schema and all that it applies, each once; chains are long, so in a loop."""
        entered: dict[str, list[str]] = {}
        waiting = [start]
        while waiting:
            pointer = waiting[-1]
            if pointer in entered:
                applied = entered.pop(pointer)
                total = 1 + sum(self._counts[inner] for inner in applied)
                self._counts[pointer] = min(total, MOST + 1)
                heights = [self._heights[inner] for inner in applied]
                self._heights[pointer] = 1 + max(heights, default=0)
                waiting.pop()
            elif pointer in self._counts:
                waiting.pop()
            elif not is_object(schema := self._at(pointer)) or _APPLYING.isdisjoint(schema):
                self._counts[pointer] = self._heights[pointer] = 1
                waiting.pop()
            else:
                # A schema that applies itself adds nothing.
                self._counts[pointer] = self._heights[pointer] = 0
                entered[pointer] = list(self.applied(pointer))
                waiting += [inner for inner in entered[pointer] if inner not in self._counts]

    def _at(self, pointer: str) -> Any:
        if pointer not in self._schemas:
            try:
                self._schemas[pointer] = self._document.value_at(pointer)
            except KeyError:
                self._schemas[pointer] = None
        return self._schemas[pointer]
