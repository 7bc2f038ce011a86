"""Merge keys of YAML 1.1, which YAML 1.2 has not, but which have one plain meaning.

    responses: {'200': {description: Fine.}, <<: *errors}

is read as if the keys of the mapping `errors` were written out, where the mapping has none of that
name itself (https://yaml.org/type/merge.html). Vendors write it in published contracts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from bothends.normalise.repairs.edit import Edit
from bothends.openapi.json_value import is_array, is_object
from bothends.openapi.pointer import below

_MERGE: Final = "<<"
_MESSAGE: Final = "YAML 1.2 has no merge keys. The keys are read as if they were written out here."


def repair_merge_keys(data: Any) -> Iterator[Edit]:
    """Find mappings with a merge key, and write out what it stands for."""
    # Hardly any contract has one. Looking for the key alone is five times as fast as a walk that
    # knows the pointer of every value.
    if _has_merge_key(data):
        yield from _edits(data, "")


def _has_merge_key(data: Any) -> bool:
    stack = [data]
    while stack:
        value = stack.pop()
        if is_object(value):
            if _MERGE in value:
                return True
            stack.extend(value.values())
        elif is_array(value):
            stack.extend(value)
    return False


def _edits(data: Any, pointer: str) -> Iterator[Edit]:
    if is_array(data):
        for index, item in enumerate(data):
            yield from _edits(item, below(pointer, index))
        return
    if not is_object(data):
        return

    sources = dict(_merged(data, below(pointer, _MERGE)))
    for key, (value, source) in sources.items():
        yield Edit("merge-key", below(pointer, key), "", _written_out(value), source=source)
    if sources:
        yield Edit("merge-key", below(pointer, _MERGE), _MESSAGE, at_key=True)
    for key, value in data.items():
        if key != _MERGE or not sources:
            yield from _edits(value, below(pointer, key))


def _merged(data: dict[str, Any], pointer: str) -> Iterator[tuple[str, tuple[Any, str]]]:
    """The keys that a mapping takes from its merge key: each with its value, and where that is.

    Of several mappings the first that has a key counts.
    """
    merged = data.get(_MERGE)
    mappings = (
        [(item, below(pointer, index)) for index, item in enumerate(merged)]
        if is_array(merged)
        else [(merged, pointer)]
    )
    seen = {_MERGE, *data}
    for mapping, where in mappings:
        if not is_object(mapping):
            continue
        own = [(key, (value, below(where, key))) for key, value in mapping.items()]
        for key, found in (*own, *_merged(mapping, below(where, _MERGE))):
            if key not in seen:
                seen.add(key)
                yield key, found


def _written_out(value: Any) -> Any:
    """A merged value, whose own merge keys are written out too."""
    if is_array(value):
        return [_written_out(item) for item in value]
    if not is_object(value):
        return value

    merged = {key: item for key, (item, _) in _merged(value, "")}
    own = {key: item for key, item in value.items() if key != _MERGE or not merged}
    return {key: _written_out(item) for key, item in (own | merged).items()}
