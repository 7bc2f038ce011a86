"""Lists, dictionaries, alternatives and references must not lead through more than 100 in a row.

Why: what is no class is written out where it is used, and a list in a list in a list is as deep as
Python can read. No value is that deep: JSON is read to 200 levels. The members of an `allOf` are
written out as well, in the class that has it, and so are parameters that refer to parameters.
Properties are what begins a new class. Nothing is generated for operations that use such a part.

Bad:

    A: {type: array, items: {$ref: '#/components/schemas/B'}}
    B: {type: array, items: {$ref: '#/components/schemas/C'}}
    # and so on

Better:

    A: {type: object, properties: {parts: {type: array, items: {$ref: '#/components/schemas/B'}}}}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.diagnostics import Severity
from bothends.openapi.circles import chain_lengths, circles
from bothends.openapi.contract import Contract
from bothends.openapi.problem import Problem
from bothends.openapi.reference import SCHEMAS, target_of
from bothends.openapi.walk import KEYED, MANY, ONE, subschemas

SEVERITY = Severity.WARNING
_MOST = 100
# A schema of properties is a class. The others hold schemas that somebody else refers to.
_APART = frozenset(("properties", "$defs", "definitions"))
_INSIDE = frozenset((*ONE, *MANY, *KEYED)) - _APART


def check(contract: Contract) -> Iterator[Problem]:
    """Find the schemas where a chain becomes too long, not those that only lead to them."""
    # In 3.0 a schema that is a reference is nothing else.
    nodes = (*contract.nodes("schema"), *contract.nodes("reference"))
    inside: dict[str, list[str]] = {}
    for node in nodes:
        if written_out := list(_written_out(node.value, node.pointer)):
            inside[node.pointer] = written_out

    # Most schemas hold none and end a chain: they are left out.
    uses: dict[str, list[str]] = {}
    for pointer, written_out in inside.items():
        uses[pointer] = [inner for inner in written_out if inner in inside]

    lengths = chain_lengths(uses)
    rings = circles(uses) if max(lengths.values(), default=0) > _MOST else {}
    reported = set[str]()
    for pointer in uses:
        if lengths[pointer] <= _MOST:
            continue

        ring = rings.get(pointer, frozenset((pointer,)))
        below = (inner for name in ring for inner in uses[name] if inner not in ring)
        if reported.isdisjoint(ring) and all(lengths[inner] <= _MOST for inner in below):
            reported.add(pointer)
            message, hint = _words(contract.document.value_at(pointer), pointer)
            yield Problem(pointer, message, hint, key=True)


def _words(value: dict[str, Any], pointer: str) -> tuple[str, str]:
    """What is said of the part where a chain becomes too long, and what to do."""
    if target_of(value) is not None and f"{SCHEMAS}/" not in pointer:
        message = f"It leads through more than {_MOST} references, one after the other."
        return message, "Refer to what stands at the end of them."
    if "allOf" in value or "/allOf/" in pointer:
        message = f"Its `allOf` leads through more than {_MOST} schemas, each part of the next."
        return message, "Write their properties in fewer schemas."

    message = f"It leads through more than {_MOST} schemas to a value, and none is a class."
    return message, "Make objects with `properties` of some of them."


def _written_out(schema: dict[str, Any], pointer: str) -> Iterator[str]:
    """The schemas that are written out where this one is, by one step."""
    target = target_of(schema)
    if target is not None:
        yield target

    if not _INSIDE.isdisjoint(schema):
        inside = {word: value for word, value in schema.items() if word not in _APART}
        for slot in subschemas(inside, pointer):
            yield slot.pointer
