"""Ids of items: how the wire spells them, and new ones.

example m7, two items there  ->  m3, m4, …
type: integer                ->  3, 4, …
format: uuid                 ->  00000000-0000-4000-8000-000000000003, …
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from bothends.runtime.json.text import MAX_DIGITS
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView

from .own_value import own_value
from .resources import Resource


def spellings(identity: Any) -> list[Any]:
    """An id as it is, as text, and as a number."""
    text = str(identity)
    found = [identity, text]
    # Python refuses to read more digits; an id in a path may have as many as a caller likes.
    if text.isdecimal() and len(text) <= MAX_DIGITS:
        found.append(int(text))
    return found


def is_in_path(contract: Contract, resource: Resource, identity: Any) -> bool:
    """Whether an id can be asked for: the path parameter allows it."""
    operation = resource.operations["get"]
    declared = contract.find_array(f"{operation.pointer}/parameters")
    names = [(entry.get("name"), entry.get("in")) for entry in declared]
    parameter = (resource.id_parameter, "path")
    if parameter not in names:
        return True
    pointer = f"{operation.pointer}/parameters/{names.index(parameter)}/schema"
    return any(contract.accepts(pointer, value) for value in spellings(identity))


def new_ids(contract: Contract, view: SchemaView, count: int) -> Iterator[tuple[int, Any]]:
    """Ids in the order of creation: 1, 2, 3; or a UUID; or like the contract's own example.

    The number of a deleted item is not used again: who holds it must not see another item.
    """
    example = own_value(contract, view)
    for number in range(count + 1, count + 1000):
        candidates: list[Any] = [number, str(number), str(uuid.UUID(int=number, version=4))]
        if isinstance(example, str) and example[-1:].isdigit():
            ending = format(number, "x")
            candidates.insert(0, example[: -len(ending)] + ending)
        for value in filter(view.accepts, candidates):
            yield number, value
            break
