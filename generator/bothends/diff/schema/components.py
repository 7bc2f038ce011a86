"""The component schemas of both contracts as one document, and what they say of themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from bothends.diff.schema.closing import CLOSED, PART, closed, declared
from bothends.diff.schema.plain import (
    NEW,
    OLD,
    component_key,
    component_of,
    components_in,
    plain,
    without_sides,
)
from bothends.openapi.json_value import as_array, is_array, is_object
from bothends.openapi.reference import component_key as name_at
from bothends.openapi.reference import schema_key

_REFERENCE: Final = re.compile(r'"\$ref": ("(?:[^"\\]|\\.)*")')


class Components:
    """The component schemas of both contracts.

    Args:
        old: The component schemas of the old contract.
        new: The component schemas of the new contract.
    """

    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self._components = {
            component_key(side, name): (schema, side)
            for side, schemas in ((OLD, old), (NEW, new))
            for name, schema in schemas.items()
        }
        # Not as a decorator: that keeps every comparison of a process.
        self.schema: Callable[[str], Any] = cache(self._find_schema)
        self._changed, self._rewritten = self._find_changed(old, new)

    def is_same(self, old: Any, new: Any) -> bool:
        """Whether two plain schemas, one of each side, are equal down to their components."""
        if without_sides(old) != without_sides(new):
            return False
        return not any(name in self._changed for name in components_in(old))

    def is_same_text(self, pointer: str) -> bool:
        """Whether a component is the same on both sides in every word, with all that it reaches."""
        name = name_at(pointer)
        key = component_key(OLD, name) if name is not None else ""
        return key in self._components and key not in self._rewritten

    def kinds(self, schema: Any) -> frozenset[str]:
        """The types of JSON that a plain schema bounds its values to; none where it names none."""
        return self._kinds(schema, frozenset())

    def _kinds(self, schema: Any, seen: frozenset[str]) -> frozenset[str]:
        if not is_object(schema):
            return frozenset()
        if "type" in schema:
            listed = schema["type"] if is_array(schema["type"]) else [schema["type"]]
            # Each integer is a number.
            return frozenset("number" if kind == "integer" else str(kind) for kind in listed)
        if "const" in schema or "enum" in schema:
            values = [schema["const"]] if "const" in schema else as_array(schema["enum"])
            return frozenset(map(_kind_of, values))

        name = component_of(schema)
        parts = as_array(schema.get("allOf"))
        if name is not None and name not in seen:
            parts = [*parts, self.schema(name)]
            seen |= {name}
        # Each part bounds the whole, each alternative a part of it.
        bounds = list(filter(None, (self._kinds(part, seen) for part in parts)))
        for keyword in ("anyOf", "oneOf"):
            alternatives = [self._kinds(item, seen) for item in as_array(schema.get(keyword))]
            if alternatives and all(alternatives):
                bounds.append(frozenset[str]().union(*alternatives))
        return frozenset[str].intersection(*bounds) if bounds else frozenset()

    def declared(self, schema: Any) -> frozenset[str] | None:
        """The properties that a plain schema declares; None where it speaks of all others."""
        names = declared(schema, self.schema, set())
        return None if names is None else frozenset(names)

    def with_definitions(self, schema: Any) -> Any:
        """The schema with all components that it reaches, as a document of its own."""
        if not is_object(schema):
            return schema
        return {**schema, "$defs": {name: self.schema(name) for name in self._reached(schema)}}

    def _reached(self, schema: Any) -> list[str]:
        found = dict.fromkeys(components_in(schema))
        waiting = list(found)
        while waiting:
            for name in components_in(self.schema(waiting.pop())):
                if name not in found:
                    found[name] = None
                    waiting.append(name)

        return list(found)

    def _find_schema(self, name: str) -> Any:
        """A component by its key; `closed-` and `part-` in front say how it is used."""
        if name.startswith(CLOSED):
            remainder = name.removeprefix(CLOSED)
            is_part = remainder.startswith(PART)
            component = self.schema(remainder.removeprefix(PART))
            return closed(component, self.schema, is_part=is_part)
        if name not in self._components:
            return True
        return plain(*self._components[name])

    def _find_changed(
        self, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> tuple[set[str], set[str]]:
        """Find the components that differ between the sides, or that reach one that does.

        First those that allow other values, then those that differ in any word.
        """
        changed, rewritten = set[str](), set[str]()
        users: dict[str, list[str]] = {}
        for name in old.keys() | new.keys():
            keys = [component_key(side, name) for side in (OLD, NEW)]
            texts = [json.dumps(schemas[name]) if name in schemas else "" for schemas in (old, new)]
            # As text first: most are the same, and it takes a hundredth of the time.
            if texts[0] != texts[1]:
                rewritten |= set(keys)
                forms = [without_sides(self.schema(key)) for key in keys]
                if not all(texts) or forms[0] != forms[1]:
                    changed |= set(keys)

            for side, key, text in zip((OLD, NEW), keys, texts, strict=True):
                for used in set(_REFERENCE.findall(text)):
                    target = schema_key({"$ref": json.loads(used)})
                    users.setdefault(component_key(side, str(target)), []).append(key)

        return _with_users(changed, users), _with_users(rewritten, users)


def _with_users(names: set[str], users: Mapping[str, list[str]]) -> set[str]:
    """Some components, and all that reach one of them."""
    found = set(names)
    waiting = list(names)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in found:
                found.add(user)
                waiting.append(user)

    return found


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    if value is None:
        return "null"
    return "array" if is_array(value) else "object"
