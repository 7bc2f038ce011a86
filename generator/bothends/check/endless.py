"""Component schemas whose values never end: each holds another of its kind, which it requires.

Example: of these two, no value of `Node` can be written down; a `Tree` ends where `left` is missing.

    Node: {type: object, required: [next], properties: {next: {$ref: '#/components/schemas/Node'}}}
    Tree: {type: object, properties: {left: {$ref: '#/components/schemas/Tree'}}}
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.reference import schema_key


def endless(components: Mapping[str, Any], users: Mapping[str, Iterable[str]]) -> set[str]:
    """The keys of the component schemas of which each value would hold others without end.

    Args:
        components: The schemas by key.
        users: For each key, the components that refer to it.
    """
    found, waiting = set(components), list(components)
    while waiting:
        key = waiting.pop()
        if key in found and _may_end(components[key], found):
            found.discard(key)
            waiting += users.get(key, ())
    return found


def _may_end(schema: Any, without_end: Container[str]) -> bool:
    """Whether a schema may have a value, when these components have none."""
    if not is_object(schema) or "enum" in schema or "const" in schema:
        return True
    key = schema_key(schema)
    if key is not None and key in without_end:
        return False
    if schema.get("nullable") is True:  # in 3.0: null ends
        return True
    if not all(_may_end(part, without_end) for part in as_array(schema.get("allOf"))):
        return False
    for word in ("anyOf", "oneOf"):
        members = as_array(schema.get(word))
        if members and not any(_may_end(member, without_end) for member in members):
            return False

    inner: list[Any] = []
    if schema.get("type") in ("object", ["object"]):
        properties = as_object(schema.get("properties"))
        required = as_array(schema.get("required"))
        inner = [member for name, member in properties.items() if name in required]
    elif schema.get("type") in ("array", ["array"]) and schema.get("minItems", 0) != 0:
        inner = [schema.get("items")]
    return all(_may_end(each, without_end) for each in inner)
