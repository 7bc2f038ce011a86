"""Makes a component of every inline object with declared properties, so that each gets a name.

Enumerations and unions stay where they are: in Python they are written out (`Literal[0, 1]`, `Cat |
Dog`), and a signature that says so tells more than a name would.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bothends.load import Document
from bothends.normalise.members import member_label
from bothends.openapi.free_key import free_key
from bothends.openapi.json_value import as_array, copied, is_array, is_object
from bothends.openapi.pointer import below, split
from bothends.openapi.reference import reference_of, schema_reference
from bothends.openapi.walk import Slot, operations, schema_uses, subschemas


def objects(document: Document) -> Document:
    """Move inline objects to `components/schemas` and refer to them."""
    data = copied(document.data)
    hoister = _Hoister(document, data)
    for slot in list(schema_uses(data)):
        hoister.visit(slot, is_component=slot.pointer.startswith("/components/schemas/"))

    hoister.number()
    data["components"]["schemas"].update(hoister.hoisted)
    return document.with_data(data, hoister.origins)


@dataclass(slots=True)
class _Moved:
    """An inline object that becomes a component: its key, its place, and what refers to it."""

    key: str
    schema: Any
    pointer: str
    references: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


class _Label(str):
    """A word for a member of a union, where the pointer has a keyword and a position."""

    __slots__ = ()


class _Hoister:
    def __init__(self, document: Document, data: dict[str, Any]) -> None:
        self.document, self.data = document, data
        self.moved: dict[str, _Moved] = {}
        self.hoisted: dict[str, Any] = {}
        self.origins: dict[str, str] = {}
        ids = Counter(operation.get("operationId") for *_, operation in operations(data))
        # An id that two operations have names neither.
        self.operation_names = {
            pointer: str(operation["operationId"])
            if ids[operation.get("operationId")] == 1 and operation.get("operationId")
            else f"{method}.{path}"
            for pointer, path, method, operation in operations(data)
        }

    def visit(self, slot: Slot, *, is_component: bool = False, within: str = "") -> None:
        """Hoist inner objects first, so that a component is moved with its references in place.

        `within` is set below `allOf`: its members describe one object together and are not objects
        of their own.
        """
        schema = slot.holder[slot.key]
        for inner in list(subschemas(schema, slot.pointer)):
            keyword = split(inner.pointer)[len(split(slot.pointer))]
            self.visit(inner, within=keyword if keyword in _APPLICATORS else "")

        if not is_component and not within and _deserves_a_name(schema):
            written = self.document.original(slot.pointer)
            # It was moved already if it is a part of something shared, with its first use.
            if written not in self.moved:
                key = legal_key(".".join(self.trail(slot.pointer, written)))
                self.moved[written] = _Moved(key, schema, slot.pointer)

            reference: dict[str, Any] = {}
            self.moved[written].references.append(reference)
            slot.holder[slot.key] = reference

    def number(self) -> None:
        """Give each moved object its key, and write the references to it.

        Two may have the same way: `/a-b` and `/a/b` after other characters are left out. They are
        numbered by where they are written, so that the order of the contract names nothing.
        """
        used = set(self.data["components"]["schemas"])
        for written in sorted(self.moved):
            moved = self.moved[written]
            moved.key = free_key(moved.key, used)
            used.add(moved.key)

        for moved in self.moved.values():
            self.hoisted[moved.key] = moved.schema
            self.origins[f"/components/schemas/{moved.key}"] = moved.pointer
            for reference in moved.references:
                reference["$ref"] = schema_reference(moved.key)

    def trail(self, pointer: str, written: str) -> list[str]:
        parts, used = split(written), split(pointer)
        for back, label in self.labels(used):
            for way in (parts, used):
                # The two differ in front only, where a component is used.
                way[back : back + 2 or None] = [_Label(), label]

        if parts[0] == "components":
            return [parts[2], *spoken_steps(parts[3:])]
        # Written in an operation that a reference points into: `targets` made a component of it.
        if used[0] == "components":
            return [used[2], *spoken_steps(used[3:])]

        if used[3] == "parameters":
            used[4] = str(self.parameters(used)[int(used[4])].get("name"))
            # A parameter of the path item is named after the path: the operations share it.
            if parts[2] == "parameters":
                return [parts[1], *spoken_steps(used[3:])]

        return [self.operation_names[below("", *used[:3])], *spoken_steps(used[3:])]

    def labels(self, parts: list[str]) -> list[tuple[int, _Label]]:
        """Return the words of the union members on a way, and where each is, from its end."""
        found: list[tuple[int, _Label]] = []
        for index, (keyword, index_text) in enumerate(pairwise(parts)):
            if keyword not in {"oneOf", "anyOf"} or not index_text.isdecimal():
                continue
            members = self.document.value_at(below("", *parts[: index + 1]))
            if is_array(members) and (label := member_label(members, int(index_text))):
                found.append((index - len(parts), _Label(label)))
        return found

    def parameters(self, parts: list[str]) -> Any:
        _, path, method = parts[:3]
        return self.data["paths"][path][method]["parameters"]


# Below these a schema says more about the same value, or judges one without describing it.
_APPLICATORS = (
    "allOf",
    "not",
    "if",
    "then",
    "else",
    "dependentSchemas",
    "contains",
    "propertyNames",
)

# What comes after these is a name that the contract chose, or a media type.
_KEYED = {
    "properties",
    "content",
    "parameters",
    "responses",
    "headers",
    "$defs",
    "definitions",
    "patternProperties",
}
_SPOKEN = {
    "items": "item",
    "additionalProperties": "value",
    "requestBody": "request",
    "oneOf": "option",
    "anyOf": "option",
}


def spoken_steps(parts: list[str]) -> list[str]:
    """The way down to a schema in words, without those that say nothing."""
    steps: list[str] = []
    before = ""

    for part in parts:
        if isinstance(part, _Label):
            steps += [part] if part else []
            before = ""
        elif before in _KEYED:
            steps += [part] if "/" not in part else []
            before = ""
        else:
            steps += [_SPOKEN.get(part, part)] if part != "schema" and part not in _KEYED else []
            before = part

    return steps


def _deserves_a_name(schema: Any) -> bool:
    if not is_object(schema) or (reference_of(schema) and not schema.get("properties")):
        return False

    kind = schema.get("type")
    may_be = kind is None or kind == "object" or (is_array(kind) and "object" in kind)
    if may_be and schema.get("properties"):
        return True

    parts = [*as_array(schema.get("allOf"))]
    # Some tools write each object as the only part of an `allOf`.
    if may_be and any(map(_deserves_a_name, parts)):
        return True

    parts += [{word: schema.get(word)} for word in ("oneOf", "anyOf")]
    telling = sum(map(_tells_more, parts))
    # A map beside a class says what the other properties of its objects are.
    others = [part.get("additionalProperties") for part in parts if is_object(part)]
    is_map_beside = any(is_object(values) and values for values in others)
    return may_be and (telling > 1 or (telling == 1 and is_map_beside))


def _tells_more(member: Any) -> bool:
    if not is_object(member):
        return False
    alternatives = [
        item for word in ("oneOf", "anyOf") if is_array(found := member.get(word)) for item in found
    ]
    return bool({"$ref", "properties", "allOf"} & member.keys()) or any(
        map(_tells_more, alternatives)
    )


def legal_key(text: str) -> str:
    """Only the characters that a component key may have (OpenAPI 3.1 §4.8.7)."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", text).strip("_.") or "schema"
