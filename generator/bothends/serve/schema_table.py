"""Schemas as rows that a person reads: property, type with links, rules, description.

{type: object, required: [id], properties: {id: {type: string, minLength: 1}}}
->  id    string    required    minLength 1
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from bothends.runtime.json.value import is_array, is_object

_COMPONENTS: Final = "#/components/schemas/"
_DEEPEST: Final = 4
_RULES: Final = (
    *("format", "const", "default", "minLength", "maxLength", "pattern", "minimum", "maximum"),
    *("exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems"),
    *("minProperties", "maxProperties", "readOnly", "writeOnly", "deprecated"),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text; with a `link` to the schema that it names."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class RowView:
    """One property of an object."""

    name: str
    type: tuple[Piece, ...]
    required: bool
    rules: str
    description: str


def anchor(name: str) -> str:
    """Return the anchor of a named schema on the page."""
    return f"schema-{name}"


def schema_rows(schema: Any) -> tuple[RowView, ...]:
    """Return a row per property of an object, those of its `allOf` included."""
    return tuple(_rows(schema, 0))


def schema_type(schema: Any) -> tuple[Piece, ...]:
    """Return the type of a schema in words, `array of Tide or null`."""
    return tuple(_type(schema, 0))


def schema_rules(schema: Any) -> str:
    """Return what narrows a schema: `minLength 1, one of "ebb", "flood"`."""
    if not is_object(schema):
        return ""

    rules = [f"{word} {_short(schema[word])}" for word in _RULES if word in schema]
    if is_array(schema.get("enum")):
        rules.append(f"one of {', '.join(map(_short, schema['enum']))}")
    return ", ".join(rules)


def _rows(schema: Any, depth: int) -> Iterator[RowView]:
    if not is_object(schema) or depth > _DEEPEST:
        return

    required = schema.get("required")
    names = required if is_array(required) else []
    properties = schema.get("properties")
    for name, inner in (properties if is_object(properties) else {}).items():
        described = inner.get("description") if is_object(inner) else ""
        text = described if isinstance(described, str) else ""
        yield RowView(name, schema_type(inner), name in names, schema_rules(inner), text)

    parts = schema.get("allOf")
    for part in parts if is_array(parts) else []:
        yield from _rows(part, depth + 1)


def _type(schema: Any, depth: int) -> Iterator[Piece]:
    if not is_object(schema) or depth > _DEEPEST:
        yield Piece("nothing" if schema is False else "anything")
        return

    reference = schema.get("$ref")
    if isinstance(reference, str):
        name = reference.removeprefix(_COMPONENTS).replace("~1", "/").replace("~0", "~")
        yield Piece(name, anchor(name) if reference.startswith(_COMPONENTS) else "")
        return

    for word, joint in (("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")):
        members = schema.get(word)
        if is_array(members) and members:
            for index, member in enumerate(members):
                if index:
                    yield Piece(joint)
                yield from _type(member, depth + 1)
            return

    yield from _plain_type(schema, depth)


def _plain_type(schema: dict[str, Any], depth: int) -> Iterator[Piece]:
    types = schema.get("type", [])
    names = [str(name) for name in types] if is_array(types) else [str(types)]
    if "array" in names and "items" in schema:
        yield Piece("array of ")
        yield from _type(schema["items"], depth + 1)
        names.remove("array")
        names = ["", *names] if names else []

    text = " or ".join(names)
    if text or not names:
        yield Piece(text or ("" if "items" in schema else "anything"))


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"
