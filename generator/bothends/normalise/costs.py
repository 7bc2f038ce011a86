"""How deeply a value may nest before the schemas that judge it multiply.

A recursive schema whose alternatives overlap judges each level several times as often as the one
above. The contract layer judges deeper values another way (`runtime/schema/memo.py`).

Example: `Tree: {anyOf: [{properties: {left: {$ref: Tree}}}, {properties: {left: {$ref: Tree}}}]}`
judges each level twice as often as the one above, so a value of 17 levels costs 2^17 judgements,
more than the budget. The result is `components/x-costly: {"/components/schemas/Tree": 15, …}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bothends.load import Document
from bothends.openapi.schema_cost import ANY_NAME, ITEM, MOST, SchemaCost
from bothends.openapi.walk import schema_uses

# Judgements of one part of a value: some tens of milliseconds.
_BUDGET = 100_000

# Deeper values are not read at all.
_DEEPEST = 200


def measure(document: Document) -> Document:
    """State the depth for each outermost schema that has one."""
    roots = [slot.pointer for slot in schema_uses(document.data)]
    limits = _limits(SchemaCost(document), roots)
    # Most contracts have none: the document stays as it is, and contract.json carries nothing.
    if not limits:
        return document

    components = {**document.data["components"], "x-costly": limits}
    return document.with_data({**document.data, "components": components}, {})


def _limits(expansion: SchemaCost, roots: Iterable[str]) -> dict[str, int]:
    inside = _inside(expansion, roots)
    users: dict[str, set[str]] = {}

    for pointer, parts in inside.items():
        for _, inner in parts:
            users.setdefault(inner, set()).add(pointer)

    counts = {pointer: expansion.count(pointer) for pointer in inside}
    limits: dict[str, int] = {}
    changed = set(counts)

    for depth in range(1, _DEEPEST):
        affected = set[str]()
        for pointer in changed:
            affected |= {user for user in users.get(pointer, ()) if user not in limits}

        grown = {pointer: _worst(inside[pointer], counts) for pointer in affected}
        changed = {pointer for pointer, count in grown.items() if count > counts[pointer]}
        counts |= {pointer: grown[pointer] for pointer in changed}
        limits |= {pointer: depth for pointer in changed if counts[pointer] > _BUDGET}
        if not changed:
            break

    return {root: limits[root] for root in roots if root in limits}


def _inside(expansion: SchemaCost, roots: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Return the schemas that judge the parts of a value, for each schema below the roots."""
    found: dict[str, list[tuple[str, str]]] = {}
    waiting = list(roots)
    while waiting:
        pointer = waiting.pop()
        if pointer not in found:
            parts = expansion.inside(pointer) if expansion.count(pointer) <= MOST else []
            found[pointer] = parts
            waiting += [inner for _, inner in parts]

    return found


def _worst(parts: list[tuple[str, str]], counts: Mapping[str, int]) -> int:
    """How often the part of a value is judged that is judged most."""
    sums: dict[str, int] = {}
    for name, inner in parts:
        sums[name] = sums.get(name, 0) + counts[inner]

    everywhere = sums.pop(ANY_NAME, 0)
    items = sums.pop(ITEM, 0)
    return max([items, everywhere, *(count + everywhere for count in sums.values())])
