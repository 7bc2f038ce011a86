"""No part of a contract must have more members than people write.

Why: a schema of 5,000 properties becomes a class that no editor can show, and a contract of a few
kilobytes keeps the generator busy for minutes. Bounds are 1,500 properties in a schema and
parameters in an operation, 400 alternatives in a union and 500 of everything else, at least twice
what the largest real contracts have. Nothing is generated for operations that use such a part.
`[tool.bothends.bounds]` in pyproject.toml allows more.

Bad:

    oneOf: [{$ref: '#/components/schemas/Event1'}, {$ref: '#/components/schemas/Event2'}]
    # and so on

Better:

    type: object
    properties: {kind: {type: string}, body: true}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract, Node
from bothends.openapi.grammar import GRAMMAR
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING
# A registry of parts that stand beside each other: each is as costly as it is long, and no more.
_REGISTRIES = frozenset(("root", "paths", "components"))
_BOUNDS = {
    "properties": "properties",
    "required": "properties",
    "parameters": "parameters",
    "allOf": "alternatives",
    "anyOf": "alternatives",
    "oneOf": "alternatives",
}
_LISTS = {"schema": ("required",), "operation": ("security", "tags")}
_IS = frozenset(("const", "enum"))
_CONSTANT = frozenset(("const", "enum", "type", "title", "description", "deprecated"))


def check(contract: Contract) -> Iterator[Problem]:
    """Find each member of an object that holds more than its bound."""
    for node in contract.all_nodes():
        if node.kind not in _REGISTRIES:
            for field, value, pointer in _members(node):
                yield from _problem(contract, field, value, pointer)

    # What every operation inherits costs them all, and there is no part to leave out.
    for field in ("servers", "security"):
        value, pointer = contract.document.data.get(field), below("", field)
        yield from _problem(contract, field, value, pointer, Severity.ERROR)
        for index, item in enumerate(as_array(value)):
            yield from _problem(contract, field, item, below(pointer, index), Severity.ERROR)


def _members(node: Node) -> Iterator[tuple[str, Any, str]]:
    """The lists and mappings of an object: field, value, pointer."""
    fields = GRAMMAR[node.kind]
    if "*" in fields:
        yield node.kind, node.value, node.pointer
        return

    named = (field for field, (shape, _) in fields.items() if shape != "one")
    for field in (*named, *_LISTS.get(node.kind, ())):
        if field in node.value:
            yield field, node.value[field], below(node.pointer, field)


def _problem(
    contract: Contract, field: str, value: Any, pointer: str, severity: Severity | None = None
) -> Iterator[Problem]:
    bound = _BOUNDS.get(field, "members")
    most: int = getattr(contract.bounds, bound)
    found = _size(value, bound)
    if found > most:
        message = f"There are {found:,} {bound} here, and at most {most:,} are read."
        hint = f"Split this part, or allow more: `{bound}` in [tool.bothends.bounds]."
        yield Problem(pointer, message, hint, key=True, severity=severity)


def _size(value: Any, bound: str) -> int:
    if bound != "alternatives":
        return len(value) if is_array(value) or is_object(value) else 0

    # Constants are no class, and cost little.
    members = list(map(as_object, as_array(value)))
    constants = [each for each in members if _CONSTANT.issuperset(each) and _IS.intersection(each)]
    return len(members) - len(constants)
