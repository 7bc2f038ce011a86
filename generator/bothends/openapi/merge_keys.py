"""Merge keys of YAML 1.1: which keys a mapping takes from others, and where those are written.

    responses: {'200': {description: Fine.}, <<: *errors}

has the keys of the mapping `errors` too, where it has none of that name itself
(https://yaml.org/type/merge.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from bothends.openapi.json_value import is_array, is_object
from bothends.openapi.pointer import below

MERGE: Final = "<<"
MESSAGE: Final = "YAML 1.2 has no merge keys. The keys are read as if they were written out here."


def has_merge_key(data: Any) -> bool:
    """Whether any mapping has a merge key."""
    # Hardly any contract has one. Looking for the key alone is five times as fast as a walk that
    # knows the pointer of every value.
    stack = [data]
    while stack:
        value = stack.pop()
        if is_object(value):
            if MERGE in value:
                return True
            stack.extend(value.values())
        elif is_array(value):
            stack.extend(value)
    return False


def merged_keys(data: dict[str, Any], pointer: str) -> Iterator[tuple[str, tuple[Any, str]]]:
    """The keys that a mapping takes from its merge key: each with its value, and where that is.

    Of several mappings the first that has a key counts. `pointer` is that of the merge key.
    """
    merged = data.get(MERGE)
    mappings = (
        [(item, below(pointer, index)) for index, item in enumerate(merged)]
        if is_array(merged)
        else [(merged, pointer)]
    )
    seen = {MERGE, *data}
    for mapping, where in mappings:
        if not is_object(mapping):
            continue
        own = [(key, (value, below(where, key))) for key, value in mapping.items()]
        for key, found in (*own, *merged_keys(mapping, below(where, MERGE))):
            if key not in seen:
                seen.add(key)
                yield key, found


@dataclass(slots=True)
class WrittenOut:
    """Data without merge keys, where each moved value was written, and where the keys were."""

    data: Any = None
    moved: dict[str, str] = field(default_factory=dict[str, str])
    places: list[str] = field(default_factory=list[str])


def write_out(data: Any) -> WrittenOut:
    """Write out all merge keys of a file."""
    found = WrittenOut()
    found.data = _written_out(data, "", "", found)
    return found


def _written_out(value: Any, new: str, old: str, found: WrittenOut) -> Any:
    if is_array(value):
        return [
            _written_out(item, below(new, index), below(old, index), found)
            for index, item in enumerate(value)
        ]
    if not is_object(value):
        return value

    merged = dict(merged_keys(value, below(old, MERGE)))
    if merged:
        found.places.append(below(old, MERGE))

    result: dict[str, Any] = {}
    for key, item in value.items():
        if key != MERGE or not merged:
            result[key] = _written_out(item, below(new, key), below(old, key), found)
    for key, (item, source) in merged.items():
        found.moved[below(new, key)] = source
        result[key] = _written_out(item, below(new, key), source, found)
    return result
