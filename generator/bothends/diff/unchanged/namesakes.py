"""Which parts may ask for the same name in Python: one that is left out frees it for another.

Example: the new contract has `get_a` at another path than `getA`. The methods are `get_a()` and
`get_a_2()`, so callers of the unchanged `getA` are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final

from bothends.diff.unchanged.parts import PATHS
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import parent, split

_SIGNS: Final = re.compile(r"[\W_]+")


def namesakes(contracts: Iterable[Mapping[str, Any]], changed: Iterable[str]) -> set[str]:
    """The parts of contracts that have a name of a changed one, but for signs and capitals.

    Args:
        contracts: The parts of each, by pointer.
        changed: The pointers of the changed parts.
    """
    named: dict[tuple[str, str], set[str]] = {}
    for parts in contracts:
        for pointer, part in parts.items():
            for name in _names(pointer, part):
                key = parent(pointer), _SIGNS.sub("", name).lower()
                named.setdefault(key, set()).add(pointer)

    changed = set(changed)
    found = (pointers for pointers in named.values() if not pointers.isdisjoint(changed))
    return {*chain.from_iterable(found)} - changed


def _names(pointer: str, part: Any) -> Iterator[str]:
    """What the methods or the class of a part are called after."""
    name = split(pointer)[-1]
    if not pointer.startswith(PATHS):
        yield name
        return

    for method, operation in as_object(part).items():
        operation_id = as_object(operation).get("operationId")
        yield operation_id if isinstance(operation_id, str) else f"{method} {name}"
