"""Which schema inside one is which schema inside another.

Worked example. `{oneOf: [A, B]}` became `{oneOf: [C, A]}`: both A belong together, and B became C.
`{properties: {size: S}}` became `{allOf: [{properties: {size: T}}]}`: S became T.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from bothends.diff.schema.properties import property_pointers
from bothends.load import Document
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import below
from bothends.openapi.reference import follow, target_of

InnerPair: TypeAlias = tuple[tuple[str, str], str]
"""A pair of pointers, and how the value is reached from the one around it."""

_Keys: TypeAlias = tuple[str | int, ...]

_BY_KEY: Final = {"properties": ".{}", "patternProperties": ".*", "dependentSchemas": ""}
_SINGLE: Final = {
    "items": "[]",
    "contains": "[]",
    "unevaluatedItems": "[]",
    "additionalProperties": ".*",
    "unevaluatedProperties": ".*",
    "then": "",
    "else": "",
}
"""The keywords of schemas inside, and how a value of one is reached from the one around it.

Nobody reads, writes or fills in anything because of `if`, `not` or `propertyNames`.
"""


def inner_pairs(old: Document, new: Document, pair: tuple[str, str]) -> list[InnerPair]:
    """Pair the schemas inside the two at a pair of pointers, as far as both have them."""
    was, now = as_object(old.value_at(pair[0])), as_object(new.value_at(pair[1]))
    steps: list[tuple[_Keys, str]] = []
    for keyword, step in _SINGLE.items():
        if keyword in was:
            steps.append(((keyword,), step))
    for keyword, step in _BY_KEY.items():
        steps += [((keyword, name), step.format(name)) for name in as_object(was.get(keyword))]
    for index in range(len(as_array(was.get("prefixItems")))):
        steps.append((("prefixItems", index), "[]"))

    found: list[InnerPair] = []
    for keys, step in steps:
        pointers = below(pair[0], *keys), below(pair[1], *keys)
        if _is_inside(now, keys):
            found.append((pointers, step))

    for keyword in ("allOf", "anyOf", "oneOf"):
        members = _members(old, pair[0], keyword), _members(new, pair[1], keyword)
        found += [(pointers, "") for pointers in _matched(*members)]
    if "allOf" in was or "allOf" in now:
        found += _moved_properties(old, new, pair)

    return found


def _is_inside(schema: dict[str, Any], keys: _Keys) -> bool:
    value: Any = schema
    for key in keys:
        if isinstance(key, int):
            return key < len(as_array(value))
        if key not in as_object(value):
            return False
        value = value[key]

    return True


_Member: TypeAlias = tuple[str, str, str | None]
"""The pointer of a member, what it says in the end, and the component that it refers to."""


def _members(document: Document, pointer: str, keyword: str) -> list[_Member]:
    members: list[_Member] = []
    for index, member in enumerate(as_array(as_object(document.value_at(pointer)).get(keyword))):
        member_pointer = below(pointer, keyword, index)
        schema, _ = follow(document.value_at, member, member_pointer)
        members.append((member_pointer, json.dumps(schema, sort_keys=True), target_of(member)))

    return members


def _matched(old: list[_Member], new: list[_Member]) -> Iterator[tuple[str, str]]:
    """Pair the members that say the same, then those of one component, the others in order."""
    old_members, new_members = dict.fromkeys(old), dict.fromkeys(new)
    for part in (1, 2):
        by_part: dict[str | None, list[_Member]] = {}
        for member in new_members:
            by_part.setdefault(member[part], []).append(member)

        for member in [*old_members]:
            alike = by_part.get(member[part])
            if alike and member[part] is not None:
                partner = alike.pop(0)
                del old_members[member], new_members[partner]
                yield member[0], partner[0]

    for member, partner in zip(old_members, new_members, strict=False):
        yield member[0], partner[0]


def _moved_properties(old: Document, new: Document, pair: tuple[str, str]) -> list[InnerPair]:
    """Properties that one schema declares itself, and the other in a part of its `allOf`."""
    old_pointers, new_pointers = property_pointers(old, pair[0]), property_pointers(new, pair[1])
    found: list[InnerPair] = []
    for name, pointer in old_pointers.items():
        new_pointer = new_pointers.get(name)
        if new_pointer is None:
            continue
        if pointer.removeprefix(pair[0]) != new_pointer.removeprefix(pair[1]):
            found.append(((pointer, new_pointer), f".{name}"))

    return found
