"""`prefixEncoding` and `itemEncoding` must be those of the parts of a list.

Why: they tell by position how the items of an array are sent, in a multipart media type alone
(OpenAPI 3.2 §4.14.3.2). Of anything else they say nothing, and the part that was meant is sent as
the specification has it.

Bad:

    multipart/mixed:
      schema: {type: object, properties: {cover: {type: string}}}
      prefixEncoding: [{contentType: text/plain}]

Better:

    multipart/mixed:
      schema: {type: array, prefixItems: [{type: string}]}
      prefixEncoding: [{contentType: text/plain}]
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.counted import counted
from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract, Node
from bothends.openapi.json_value import as_array, as_object, types_of
from bothends.openapi.pointer import below, split
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING
_BY_POSITION = ("prefixEncoding", "itemEncoding")
# What may say elsewhere that the value is an array.
_OPEN = frozenset({"allOf", "anyOf", "oneOf", "$ref", "$dynamicRef"})


def check(contract: Contract) -> Iterator[Problem]:
    """Encodings of no item."""
    for node in contract.nodes("media type"):
        words = [word for word in _BY_POSITION if word in node.value]
        if not words:
            continue

        media_type = split(node.pointer)[-1].lower()
        if not media_type.startswith("multipart/") and "/content/" in node.pointer:
            for word in words:
                message = f"{media_type} has no parts, so this {word} says nothing."
                hint = "Only a media type of multipart has parts, such as multipart/mixed."
                yield Problem(below(node.pointer, word), message, hint, key=True)
        else:
            yield from _of_parts(contract, node, words)


def _of_parts(contract: Contract, node: Node, words: list[str]) -> Iterator[Problem]:
    # Each item of a stream is a part.
    if "itemSchema" in node.value:
        return

    schema, _ = contract.resolve(node.value.get("schema"), below(node.pointer, "schema"))
    described = as_object(schema)
    if not _may_be_array(described):
        for word in words:
            message = f"Only an array has parts by position, so this {word} says nothing."
            hint = "Give it `schema: {type: array, …}` or an `itemSchema`."
            yield Problem(below(node.pointer, word), message, hint, key=True)
        return

    count = len(as_array(described.get("prefixItems")))
    encodings = as_array(node.value.get("prefixEncoding"))
    if described.get("items") is not False or _OPEN & described.keys():
        return
    for index in range(count, len(encodings)):
        message = f"The list has {counted(count, 'item')}, so no part is at position {index}."
        hint = "Add the schema of the item to `prefixItems`, or remove the encoding."
        yield Problem(below(node.pointer, "prefixEncoding", index), message, hint)
    if "itemEncoding" in node.value and len(encodings) >= count:
        message = "Each item of the list has an encoding of its own, so this one says nothing."
        hint = "Describe the items that follow by `items`, or remove it."
        yield Problem(below(node.pointer, "itemEncoding"), message, hint, key=True)


def _may_be_array(schema: dict[str, Any]) -> bool:
    if _OPEN & schema.keys():
        return True
    if "type" not in schema:
        return bool({"items", "prefixItems"} & schema.keys())
    return "array" in types_of(schema)
