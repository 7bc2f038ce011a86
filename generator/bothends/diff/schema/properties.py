"""The properties that a schema declares: its own, and those of the parts of its `allOf`."""

from __future__ import annotations

from bothends.load import Document
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.pointer import below
from bothends.openapi.reference import follow


def property_pointers(document: Document, pointer: str) -> dict[str, str]:
    """The properties of the schema at a pointer, each with the pointer of its schema."""
    found: dict[str, str] = {}
    waiting, seen = [pointer], set[str]()
    while waiting:
        schema, target = follow(document.value_at, document.value_at(waiting[-1]), waiting.pop())
        if not is_object(schema) or target in seen:
            continue

        seen.add(target)
        for name in as_object(schema.get("properties")):
            found.setdefault(name, below(target, "properties", name))
        waiting += [
            below(target, "allOf", index) for index in range(len(as_array(schema.get("allOf"))))
        ]

    return found
