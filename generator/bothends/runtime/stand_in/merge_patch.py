"""What a PATCH changes in an item, by RFC 7396.

{a: {b: 1, c: 2}} with {a: {c: null}}  ->  {a: {b: 1}}
"""

from __future__ import annotations

from typing import Any

from bothends.runtime.json.value import is_object

Item = dict[str, Any]


def merge_patch(old: Item, changes: Item) -> Item:
    """The changes with what objects inside them keep (RFC 7396 §2).

    A null stays: it removes a property only if the schema does not allow null there.
    """
    found: Item = {}
    for name, value in changes.items():
        old_value = old.get(name)
        found[name] = _inner_merge(old_value, value) if is_object(value) else value
    return found


def _inner_merge(old: Any, changes: Item) -> Item:
    merged = dict(old) if is_object(old) else {}
    for name, value in changes.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _inner_merge(merged.get(name), value) if is_object(value) else value
    return merged
