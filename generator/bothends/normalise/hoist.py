"""Makes a component of every inline object with declared properties, so that each gets a name.

Enumerations and unions stay where they are: in Python they are written out (`Literal[0, 1]`, `Cat |
Dog`), and a signature that says so tells more than a name would.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from bothends.load import Document
from bothends.openapi.json_value import is_array, is_object
from bothends.openapi.pointer import below, split
from bothends.openapi.reference import reference_of, schema_reference
from bothends.openapi.walk import Slot, operations, schema_uses, subschemas


def objects(document: Document) -> Document:
    """Move inline objects to `components/schemas` and refer to them."""
    data = copy.deepcopy(document.data)
    hoister = _Hoister(document, data)
    for slot in list(schema_uses(data)):
        hoister.visit(slot, is_component=slot.pointer.startswith("/components/schemas/"))

    data["components"]["schemas"].update(hoister.hoisted)
    return document.with_data(data, hoister.origins)


class _Hoister:
    def __init__(self, document: Document, data: dict[str, Any]) -> None:
        self.document, self.data = document, data
        self.keys: dict[str, str] = {}
        self.used: set[str] = set(data["components"]["schemas"])
        self.hoisted: dict[str, Any] = {}
        self.origins: dict[str, str] = {}
        self.operation_names = {
            pointer: operation.get("operationId") or f"{method}.{path}"
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
            key = self.keys.get(written)
            # It has a key if it is a part of something shared that was moved with its first use.
            if key is None:
                key = self.keys[written] = self.key(slot.pointer, written)
                self.hoisted[key] = schema
                self.origins[f"/components/schemas/{key}"] = slot.pointer

            slot.holder[slot.key] = {"$ref": schema_reference(key)}

    def key(self, pointer: str, written: str) -> str:
        """Return the key of an inline object: its operation or component, then the way to it."""
        expected = legal_key(".".join(self.trail(pointer, written)))
        key, number = expected, 2
        # Two inline objects may have the same way: `/a-b` and `/a/b` after other characters are
        # left out.
        while key in self.used:
            key, number = f"{expected}.{number}", number + 1

        self.used.add(key)
        return key

    def trail(self, pointer: str, written: str) -> list[str]:
        parts, used = split(written), split(pointer)
        if parts[0] == "components":
            return [parts[2], *spoken_steps(parts[3:])]

        if used[3] == "parameters":
            used[4] = str(self.parameters(used)[int(used[4])].get("name"))
            # A parameter of the path item is named after the path: the operations share it.
            if parts[2] == "parameters":
                return [parts[1], *spoken_steps(used[3:])]

        return [self.operation_names[below("", *used[:3])], *spoken_steps(used[3:])]

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
        if before in _KEYED:
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

    members = schema.get("allOf")
    parts = [*members] if is_array(members) else []
    parts += [{word: schema.get(word)} for word in ("oneOf", "anyOf")]
    return may_be and sum(map(_tells_more, parts)) > 1


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
