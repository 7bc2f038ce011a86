"""How a schema is composed of others: `$ref`, `allOf`, `anyOf`, `oneOf`.

Worked example: `/Cat` is `{allOf: [{$ref: '#/Pet'}, {properties: {lives: …}}]}`.

    branches("/Cat", cat, "allOf")      ->  ["/Cat/allOf/0", "/Cat/allOf/1"]
    composed(find, ["/Cat"], "allOf")   ->  these two, "/Cat" before them and "/Pet" after
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from bothends.runtime.json.value import is_object

COMPOSING = ("allOf", "anyOf", "oneOf")


def reference(schema: dict[str, Any]) -> str:
    """The pointer that the schema's `$ref` stands for."""
    target: str = schema["$ref"]
    return target.removeprefix("#")


def branches(pointer: str, schema: dict[str, Any], *keywords: str) -> list[str]:
    """Return the pointers of the schemas in these keywords of the schema at `pointer`."""
    found: list[str] = []
    for keyword in keywords:
        count = len(schema.get(keyword, ()))
        found += [f"{pointer}/{keyword}/{index}" for index in range(count)]
    return found


def composed(find: Callable[[str], Any], pointers: Iterable[str], *keywords: str) -> dict[str, Any]:
    """Return the schemas at these pointers and all that they are composed of, by pointer.

    Each is there once, so a schema that refers to itself ends; the nearest come first.
    """
    found: dict[str, Any] = {}
    pending = list(pointers)
    while pending:
        pointer = pending.pop(0)
        if pointer in found:
            continue

        found[pointer] = schema = find(pointer)
        if is_object(schema):
            if "$ref" in schema:
                pending.append(reference(schema))
            pending += branches(pointer, schema, *keywords)

    return found


def tag_text(tag: object) -> str:
    """The text of a discriminating value in a mapping: that of 2 and of 2.0 is "2"."""
    if isinstance(tag, float) and tag.is_integer():
        return str(int(tag))
    if tag is None or isinstance(tag, bool | int | float):
        return json.dumps(tag)
    return tag if isinstance(tag, str) else ""
