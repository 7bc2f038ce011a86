"""What a schema says beside the values that it allows, and readers act on.

A default, `readOnly`, `writeOnly`, `deprecated` and a discriminator refuse no value (OpenAPI 3.1
§4.8.24, JSON Schema 2020-12 Validation §9), so no set shows a change of them. Each is a note.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from bothends.load import Document
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.pointer import below
from bothends.openapi.reference import follow

_FLAGS: Final = {
    "readOnly": ("is read-only now", "is no longer read-only"),
    "writeOnly": ("is write-only now", "is no longer write-only"),
    "deprecated": ("is deprecated", "is no longer deprecated"),
}


@dataclass(frozen=True, slots=True)
class Retold:
    """One annotation that changed: where, and how, in words."""

    code: str
    old_pointer: str
    new_pointer: str
    path: str
    message: str


def compare_annotations(
    old: Document, new: Document, pair: tuple[str, str], seen: set[tuple[str, str]], path: str = ""
) -> Iterator[Retold]:
    """Find the annotations that differ in two schemas and what is inside both.

    Args:
        old: The old contract, normalised.
        new: The new contract, normalised.
        pair: The pointers of the two schemas.
        seen: The pairs that were looked at; they are not looked at again.
        path: How a value of the schemas is reached, in words.
    """
    was, old_pointer = follow(old.value_at, old.value_at(pair[0]), pair[0])
    now, new_pointer = follow(new.value_at, new.value_at(pair[1]), pair[1])
    if (old_pointer, new_pointer) in seen or not (is_object(was) and is_object(now)):
        return
    seen.add((old_pointer, new_pointer))

    for code, message in _changed(was, now):
        yield Retold(code, old_pointer, new_pointer, path, message)

    for steps, inner in _inside(was, now):
        pointers = below(old_pointer, *steps), below(new_pointer, *steps)
        yield from compare_annotations(old, new, pointers, seen, path + inner)


def _changed(was: dict[str, Any], now: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for keyword, (gained, lost) in _FLAGS.items():
        before, after = was.get(keyword) is True, now.get(keyword) is True
        if before != after:
            yield f"{keyword.lower()}-changed", gained if after else lost

    # As text: 1 is not true.
    defaults = [json.dumps(each["default"]) if "default" in each else "none" for each in (was, now)]
    if defaults[0] != defaults[1]:
        yield "default-changed", f"the default was {defaults[0]}, is {defaults[1]}"

    choice, chosen = (as_object(each.get("discriminator")) for each in (was, now))
    if choice.get("propertyName") != chosen.get("propertyName"):
        names = [each.get("propertyName", "none") for each in (choice, chosen)]
        yield "discriminator-changed", f"the discriminator was {names[0]}, is {names[1]}"

    mapping, mapped = (as_object(each.get("mapping")) for each in (choice, chosen))
    for value in {**mapping, **mapped}:
        targets = [each.get(value, "nothing") for each in (mapping, mapped)]
        if targets[0] != targets[1]:
            words = f"{value!r} of the discriminator meant {targets[0]}, means {targets[1]}"
            yield "discriminator-changed", words


def _inside(
    was: dict[str, Any], now: dict[str, Any]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The schemas inside both: the steps of their pointers, and of their values."""
    for name in as_object(was.get("properties")):
        if name in as_object(now.get("properties")):
            yield ("properties", name), f".{name}"

    for keyword, step in (("items", "[]"), ("additionalProperties", ".*")):
        if keyword in was and keyword in now:
            yield (keyword,), step

    for keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
        for index in range(min(len(as_array(was.get(keyword))), len(as_array(now.get(keyword))))):
            yield (keyword, index), ""
