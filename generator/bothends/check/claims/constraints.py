"""Constraints of a contract, and whether each says what it rests on.

A constraint is a keyword of a schema that narrows what is allowed, other than `type`: `CONSTRAINTS`
below, and `additionalProperties`, `unevaluatedProperties` and `unevaluatedItems` where they are
false; further `required: true` of a request body and of a parameter outside the path (in the path
OpenAPI leaves no choice).

It is covered by `x-claims` or `x-assumption`

- on the object that carries it, or on any schema, parameter, header, media type, request body or
  response around it: a mark covers what is written below it;
- for one name in the `required` of a schema: also on the schema of that property.

A mark on an operation, a path item or the root covers no constraint: it says where the operation is
documented, and would hide every gap below. A reference carries nothing over, because a component is
used in many places: it is marked itself.

    responses:
      '200':
        x-claims: [H2]                     # covers maxItems and minLength
        content:
          application/json:
            schema: {type: array, maxItems: 50, items: {type: string, minLength: 1}}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.openapi.contract import Contract, Node
from bothends.openapi.json_value import as_array
from bothends.openapi.pointer import below, parent
from bothends.openapi.problem import Problem

_COVERING = ("schema", "parameter", "header", "media type", "request body", "response")
MARKS = ("x-claims", "x-assumption")
CONSTRAINTS = (
    *("minLength", "maxLength", "pattern", "format"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"),
    *("minProperties", "maxProperties", "propertyNames", "required", "dependentRequired"),
    *("enum", "const", "not", "if"),
)
_WHEN_FALSE = ("additionalProperties", "unevaluatedProperties", "unevaluatedItems")


def constraints_of(kind: str, value: dict[str, Any]) -> list[str]:
    """The keywords of an object that narrow what is allowed."""
    if kind in ("request body", "parameter"):
        is_needed = value.get("required") is True and value.get("in") != "path"
        return ["required"] if is_needed else []

    if kind != "schema":
        return []

    # `minimum: 0` is a constraint, and in Python 0 equals False.
    keywords = [word for word in CONSTRAINTS if value.get(word, False) is not False]
    found = [word for word in keywords if value[word] != []]
    found += [word for word in _WHEN_FALSE if value.get(word) is False]
    return found


def unsourced_constraints(contract: Contract) -> Iterator[Problem]:
    """Constraints that name no claim and no assumption."""
    marked = {node.pointer for node in contract.all_nodes() if is_marked(node.value)}
    covering = {node.pointer for node in contract.nodes(*_COVERING)} & marked
    for node in contract.nodes("schema", "parameter", "request body"):
        around = node.pointer
        while around and around not in covering:
            around = parent(around)

        if around not in covering:
            for keyword in constraints_of(node.kind, node.value):
                yield from _unsourced(node, keyword, marked)


def count_constraints(contract: Contract) -> int:
    """How many constraints a contract has; each name in a `required` is one."""
    count = 0
    for node in contract.nodes("schema", "parameter", "request body"):
        for keyword in constraints_of(node.kind, node.value):
            is_list = keyword == "required" and node.kind == "schema"
            count += len(as_array(node.value["required"])) if is_list else 1

    return count


def is_marked(value: dict[str, Any]) -> bool:
    """Whether an object says what it rests on."""
    return any(mark in value for mark in MARKS)


def _unsourced(node: Node, keyword: str, marked: set[str]) -> Iterator[Problem]:
    pointer = below(node.pointer, keyword)
    hint = (
        "Add x-claims with the ids of claims.yaml, or x-assumption where the documentation is "
        "silent."
    )

    if keyword != "required" or node.kind != "schema":
        yield Problem(pointer, f"{keyword} names no claim and no assumption.", hint, key=True)
        return

    for index, name in enumerate(as_array(node.value["required"])):
        if below(node.pointer, "properties", str(name)) not in marked:
            message = f'That "{name}" is required names no claim and no assumption.'
            yield Problem(below(pointer, index), message, hint)
