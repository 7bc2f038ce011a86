"""The key of a place in `names.lock`: its pointer in the contract as written, without positions.

Example: the second parameter of an operation is `{name: since, in: query}`.

    /paths/~1tides/get/parameters/1  →  /paths/~1tides/get/parameters/query:since

A parameter that is inserted before it moves it to position 2, and its key stays.
"""

from __future__ import annotations

from typing import Any

from bothends.load import Document
from bothends.openapi.json_value import is_array, is_object
from bothends.openapi.pointer import below, split


def stable(document: Document, written: Document, pointer: str) -> str:
    """Return the key of a place: its pointer in the contract as a person wrote it.

    List positions are replaced by what is at them: a parameter is known by its location and name,
    an alternative by its title, so reordering them changes nothing. A component that comes from
    another file is known by that file, `models/tide.yaml#/properties/level`, because its key in the
    bundle depends on which other files there are.
    """
    parts = split(document.original(pointer))
    node: Any = written.data
    result: list[str] = []

    for part in parts:
        result.append(_stable_part(part, node))
        node = _child(node, part)

    component = written.parts.get(written.pointer_in_text(below("", *parts[:3])))
    if component is not None and component.lock_path:
        return f"{component.lock_path}#{component.pointer}{below('', *result[3:])}"

    return below("", *result)


def parameter(operation_key: str, location: str, wire_name: str) -> str:
    """Return the key of an operation's parameter, wherever it was declared."""
    return below(operation_key, "parameters", f"{location}:{wire_name}")


def _stable_part(part: str, node: Any) -> str:
    if not is_array(node):
        return part

    item = _child(node, part)
    if is_object(item):
        if isinstance(item.get("in"), str) and isinstance(item.get("name"), str):
            return f"{item['in']}:{item['name']}"
        if isinstance(item.get("title"), str):
            return str(item["title"])

    return part


def _child(node: Any, part: str) -> Any:
    if is_object(node):
        return node.get(part)
    if is_array(node) and part.isdecimal() and int(part) < len(node):
        return node[int(part)]
    return None
