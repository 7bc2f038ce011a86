"""Schemas (2.0 §5.2.31): discriminators are names, null is an extension, a file is a type.

{discriminator: kind, required: [kind]}     {discriminator: {propertyName: kind}, required: [kind]}
{type: string, x-nullable: true}            {type: string, nullable: true}
{$ref: '#/definitions/T', x-nullable: true} {anyOf: [{$ref: '#/components/schemas/T'}, null]}
{type: file}                                {type: string, format: binary}
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final

from bothends.diagnostics import Finding, Severity
from bothends.load import Document
from bothends.normalise.v2_0.moves import Moves
from bothends.openapi.json_value import is_array, is_object
from bothends.openapi.pointer import below
from bothends.openapi.reference import local_pointer, reference_of
from bothends.openapi.walk import subschemas

NULL: Final[dict[str, Any]] = {"type": "string", "nullable": True, "enum": [None]}
"""The schema of null alone, as OpenAPI 3.0 has to write it."""

_NULLABLE: Final = ("x-nullable", "x-isnullable")


class Schemas:
    """Converts schemas; references are changed last, when all targets have their new place."""

    def __init__(self, moves: Moves) -> None:
        self.moves = moves
        self._references: list[dict[str, Any]] = []
        self._lists_of_items: list[str] = []

    def convert(self, schema: Any, written: str, pointer: str) -> Any:
        """Write one schema, and all inside it, as in 3.0."""
        self.moves.add(pointer, written)
        return self._schema(schema, written)

    def refer(self) -> None:
        """Let each reference lead to where its target is in the new contract."""
        for holder in self._references:
            reference = holder["$ref"]
            if reference.startswith("#/"):
                holder["$ref"] = f"#{self.moves.moved(local_pointer(reference))}"

    def note_reference(self, holder: dict[str, Any]) -> None:
        """Remember a reference of another kind of object, for `refer`."""
        self._references.append(holder)

    def findings(self, document: Document) -> Iterator[Finding]:
        """Say where a list of schemas in `items` was read as alternatives."""
        for pointer in dict.fromkeys(self._lists_of_items):
            message = "Swagger 2.0 has one schema in items; each item is read as any of these."
            hint = "Write `items: {$ref: …}`; alternatives are possible from OpenAPI 3.0 on."
            location = document.location_of(pointer)
            yield Finding("repaired-items", Severity.WARNING, message, location, hint)

    def _schema(self, schema: Any, written: str) -> Any:
        if not is_object(schema):
            return schema

        result = dict(schema)
        is_nullable = any(schema.get(word) is True for word in _NULLABLE)
        for word in _NULLABLE:
            result.pop(word, None)

        if reference_of(schema) is not None:
            self._references.append(result)
            return {"anyOf": [result, NULL]} if is_nullable else result

        if isinstance(result.get("discriminator"), str):
            result["discriminator"] = {"propertyName": result["discriminator"]}
        if result.get("type") == "file":
            result |= {"type": "string", "format": "binary"}

        if is_array(result.get("items")):
            # The Items Object is one schema. A list of several says that they occur, in any order.
            self._lists_of_items.append(below(written, "items"))
            result["items"] = {"anyOf": result["items"]}

        for keyword, value in result.items():
            result[keyword] = copy.copy(value)
        for slot in subschemas(result, ""):
            inner = slot.holder[slot.key]
            slot.holder[slot.key] = self._schema(inner, written + slot.pointer)

        return _nullable(result) if is_nullable else result


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """Allow null too. An `enum` is widened, because vendors do not list null in it."""
    if not isinstance(schema.get("type"), str):
        return {"anyOf": [schema, NULL]}

    enum = schema.get("enum")
    if is_array(enum) and None not in enum:
        schema["enum"] = [*enum, None]
    return {**schema, "nullable": True}
