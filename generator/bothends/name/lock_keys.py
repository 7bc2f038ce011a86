"""The key of a place in `names.lock`: its pointer in the contract as written, without anything that order decides."""

from __future__ import annotations

from typing import Any

from bothends.load import Document
from bothends.openapi.json_value import is_array, is_object
from bothends.openapi.pointer import below, split


def stable(document: Document, written: Document, pointer: str) -> str:
    """The pointer of a place in the contract as `written`, with list positions replaced by what stands there.

    A parameter is known by its location and name, an alternative by its title; reordering them changes nothing.
    """
    parts = split(document.original(pointer))
    node: Any = written.data
    result: list[str] = []

    for part in parts:
        result.append(_told(part, node))
        node = _child(node, part)

    return below("", *result)


def parameter(operation_place: str, location: str, wire_name: str) -> str:
    """The key of an operation's parameter, wherever it was declared."""
    return below(operation_place, "parameters", f"{location}:{wire_name}")


def _told(part: str, node: Any) -> str:
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
