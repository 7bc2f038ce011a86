"""What a schema says of the outermost array or object of a large text, judged by its beginning.

    {type: array, maxItems: 100}      [{},{},{},…     16 MB: refused after 64 KB

A validator judges what is read whole, and its error holds a copy of the value: a quarter of a
million objects that are 100 too many took 400 MB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pydantic_core import from_json

from bothends.runtime.json.value import is_array, is_object

from .explain import Fault
from .unique import has_twice

_SPACES = b" \t\r\n"
# Each takes four times the one before: a text without too many is read a third more at most.
_BEGINNINGS = (65_536, 262_144, 1_048_576, 4_194_304)


class Outermost:
    """The bounds that a schema, and what it refers to, has for its own value."""

    def __init__(self, find: Callable[[str], Any], pointer: str) -> None:
        self._types: list[list[str]] = []
        self._sizes: dict[str, int] = {}
        self._required: list[str] = []
        self._is_unique = False
        for schema in _asserted(find, pointer, set()):
            self._note(schema)

    def _note(self, schema: dict[str, Any]) -> None:
        if "type" in schema:
            types = schema["type"]
            self._types.append(types if is_array(types) else [types])
        for keyword in ("maxItems", "maxProperties"):
            limit = schema.get(keyword)
            if isinstance(limit, int):
                self._sizes[keyword] = min(limit, self._sizes.get(keyword, limit))
        if schema.get("additionalProperties") is False and "patternProperties" not in schema:
            declared = len(schema.get("properties", ()))
            existing = self._sizes.get("additionalProperties", declared)
            self._sizes["additionalProperties"] = min(declared, existing)
        self._required += schema.get("required", ())
        self._is_unique = self._is_unique or schema.get("uniqueItems") is True

    def fault_of_text(self, text: bytes) -> Fault | None:
        """Why the schema refuses a JSON text whatever comes after its beginning, or None."""
        first = text[:64].lstrip(_SPACES)[:1]
        if first not in (b"[", b"{"):
            return None

        empty: dict[str, Any] | list[Any] = [] if first == b"[" else {}
        if (fault := self._type_fault(empty)) is not None:
            return fault

        limit = self._limit(empty)
        if limit is None or text.count(b",") < limit[1]:
            return None

        for size in _BEGINNINGS:
            if size >= len(text):
                break
            try:
                beginning = from_json(text[:size], allow_inf_nan=False, allow_partial=True)
            except ValueError:  # the strict reader says what is wrong
                break
            if len(beginning) > limit[1]:
                return _size_fault(*limit, "more")
        return None

    def fault_of_value(self, value: Any) -> Fault | None:
        """Why the schema refuses a value for what it is outermost, without a copy; or None."""
        if not is_array(value) and not is_object(value):
            return None
        if (fault := self._type_fault(value)) is not None:
            return fault

        limit = self._limit(value)
        if limit is not None and len(value) > limit[1]:
            return _size_fault(*limit, str(len(value)))
        if is_array(value):
            is_wrong = self._is_unique and has_twice(value)
            rule = "must not hold the same item twice"
            return Fault("", rule, "uniqueItems") if is_wrong else None

        missing = [name for name in self._required if name not in value]
        rule = f"property {missing[0]!r} is required" if missing else ""
        return Fault("", rule, "required") if missing else None

    def _type_fault(self, value: dict[str, Any] | list[Any]) -> Fault | None:
        found = "array" if is_array(value) else "object"
        for types in self._types:
            if found not in types:
                return Fault("", f"must be {' or '.join(types)}, got {found}", "type")
        return None

    def _limit(self, value: dict[str, Any] | list[Any]) -> tuple[str, int] | None:
        """The keyword that bounds the size of a value, and the bound."""
        keywords = ("maxItems",) if is_array(value) else ("maxProperties", "additionalProperties")
        limits = [(self._sizes[word], word) for word in keywords if word in self._sizes]
        if not limits:
            return None
        limit, keyword = min(limits)
        return keyword, limit


def _asserted(find: Callable[[str], Any], pointer: str, seen: set[str]) -> Iterator[dict[str, Any]]:
    """The schemas that each value of a schema obeys: itself, its `$ref`, and those of `allOf`."""
    schema = find(pointer)
    if pointer in seen or not is_object(schema):
        return

    seen.add(pointer)
    yield schema
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        yield from _asserted(find, reference[1:], seen)
    for number in range(len(schema.get("allOf", ()))):
        yield from _asserted(find, f"{pointer}/allOf/{number}", seen)


def _size_fault(keyword: str, limit: int, found: str) -> Fault:
    if keyword == "additionalProperties":
        return Fault("", f"has more properties than the {limit} that are declared", keyword)
    noun = "item" if keyword == "maxItems" else "property"
    nouns = noun if limit == 1 else {"item": "items", "property": "properties"}[noun]
    return Fault("", f"at most {limit} {nouns}, got {found}", keyword)
