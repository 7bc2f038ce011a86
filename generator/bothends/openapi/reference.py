"""Reads and follows `$ref` (OpenAPI 3.1 §4.8.23, JSON Schema 2020-12 §8.2.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

from bothends.openapi.json_value import as_object, is_array, is_object
from bothends.openapi.pointer import below, unescape

SCHEMAS = "/components/schemas"
VARIANTS = "x-variants"
"""The key of the components that says, for each variant for one direction, which schema it is
of."""

AROUND = " \t\r\n\u00a0`'\"\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
"""What editors and web pages put around a text that is copied."""


def reference_of(node: Any) -> str | None:
    """Return the text of a node's `$ref`, or None where the node is no reference."""
    # A property may be called `$ref`: below `properties` the key holds a schema, not a text.
    reference = node.get("$ref") if is_object(node) else None
    return reference if isinstance(reference, str) else None


def local_pointer(reference: str) -> str:
    """Return the pointer in a reference of the form `#/…`."""
    # A pointer in a fragment is percent-encoded (RFC 6901 §6).
    return unquote(reference.partition("#")[2])


def target_of(node: Any) -> str | None:
    """Return the pointer of a node's `$ref`; None for another document, an anchor or no `$ref`."""
    reference = reference_of(node)
    if reference is None or not (reference == "#" or reference.startswith("#/")):
        return None
    return local_pointer(reference)


def schema_reference(key: str) -> str:
    """Return the reference to a component schema."""
    return "#" + below(SCHEMAS, key)


def schema_key(node: Any) -> str | None:
    """Return the key of the component schema that a node refers to, or None."""
    return component_key(target_of(node) or "")


def component_key(pointer: str) -> str | None:
    """Return the key of the component schema at a pointer, or None for another place."""
    head, _, key = pointer.rpartition("/")
    return unescape(key) if head == SCHEMAS else None


def component_of(pointer: str) -> str:
    """Return the pointer of the component that holds a pointer, or the pointer of another place."""
    return "/".join(pointer.split("/")[:4]) if pointer.startswith("/components/") else pointer


def follow(value_at: Callable[[str], Any], node: Any, pointer: str) -> tuple[Any, str]:
    """Follow references from `node` at `pointer` until a value that is no reference.

    Returns:
        The value and its pointer. Where a reference leads nowhere, or round in a circle, that reference.
    """
    seen = set[str]()
    while (target := target_of(node)) is not None and target not in seen:
        seen.add(target)
        try:
            node = value_at(target)
        except KeyError:
            break
        pointer = target

    return node, pointer


def references_in(node: Any) -> Iterator[str]:
    """Find the pointers that the local references inside a part of the contract lead to."""
    for each in _objects_in(node):
        if target := target_of(each):
            yield target


def mapped_in(node: Any) -> Iterator[str]:
    """Find the pointers of the schemas that discriminators inside a part map values to."""
    for each in _objects_in(node):
        mapping = as_object(as_object(each.get("discriminator")).get("mapping"))
        for name in mapping.values():
            # A name of a component, or a reference (OpenAPI 3.1 §4.8.25).
            is_name = isinstance(name, str) and "/" not in name
            yield below(SCHEMAS, name) if is_name else local_pointer(str(name))


def _objects_in(node: Any) -> Iterator[dict[str, Any]]:
    """A part of the contract, and all objects inside it, as far as they are objects."""
    stack = [node]
    while stack:
        each = stack.pop()
        if is_array(each):
            stack.extend(each)
        elif is_object(each):
            yield each
            stack.extend(each.values())
