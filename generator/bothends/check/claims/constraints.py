"""Constraints of a contract, and whether each says what it rests on.

A constraint is a keyword of a schema that narrows what is allowed, other than `type`: `CONSTRAINTS` below, and
`additionalProperties`, `unevaluatedProperties` and `unevaluatedItems` where they are false; further `required: true` of
a request body and of a parameter outside the path (in the path OpenAPI leaves no choice).

It is covered by `x-claims` or `x-assumption`

- on the object that carries it;
- for a schema: on the object that directly holds that schema, which is a parameter, a header, a media type, or the
  schema around it (of which it is a property, an item, an alternative); for the schema of a media type also on the
  request body or response that holds the media type;
- for one name in the `required` of a schema: also on the schema of that property.

A reference carries nothing over: a component is marked where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.openapi.contract import Contract, Node
from bothends.openapi.json_value import as_array
from bothends.openapi.pointer import below, parent
from bothends.openapi.problem import Problem

MARKS = ("x-claims", "x-assumption")
CONSTRAINTS = (
    *("minLength", "maxLength", "pattern", "format"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"),
    *("minProperties", "maxProperties", "propertyNames", "required", "dependentRequired"),
    *("enum", "const", "not", "if"),
)
_WHEN_FALSE = ("additionalProperties", "unevaluatedProperties", "unevaluatedItems")
# How many steps up from a schema its direct holder is: `…/schema`, `…/properties/name`, `…/allOf/0`.
_HOLDING_FIELDS = (
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "allOf",
    "anyOf",
    "oneOf",
    "prefixItems",
)


def constraints_of(kind: str, value: dict[str, Any]) -> list[str]:
    """The keywords of an object that narrow what is allowed."""
    if kind in ("request body", "parameter"):
        is_needed = value.get("required") is True and value.get("in") != "path"
        return ["required"] if is_needed else []

    if kind != "schema":
        return []

    named = [
        keyword
        for keyword in CONSTRAINTS
        if value.get(keyword, False) is not False and value[keyword] != []
    ]
    return [*named, *(keyword for keyword in _WHEN_FALSE if value.get(keyword) is False)]


def unsourced_constraints(contract: Contract) -> Iterator[Problem]:
    """Constraints that name no claim and no assumption."""
    marked = {node.pointer for node in contract.all_nodes() if is_marked(node.value)}
    for node in contract.nodes("schema", "parameter", "request body"):
        if marked.isdisjoint(_covering(node)):
            for keyword in constraints_of(node.kind, node.value):
                yield from _unsourced(node, keyword, marked)


def is_marked(value: dict[str, Any]) -> bool:
    """Whether an object says what it rests on."""
    return any(mark in value for mark in MARKS)


def _covering(node: Node) -> Iterator[str]:
    """The pointers of the objects on which a mark covers this one's constraints."""
    yield node.pointer
    if node.kind != "schema":
        return

    above = parent(node.pointer)
    holder = (
        parent(above)
        if above.rpartition("/")[2] in _HOLDING_FIELDS and node.parent == "schema"
        else above
    )
    yield holder
    if node.parent == "media type":
        yield parent(parent(holder))


def _unsourced(node: Node, keyword: str, marked: set[str]) -> Iterator[Problem]:
    pointer = below(node.pointer, keyword)
    hint = "Add x-claims with the ids of claims.yaml, or x-assumption where the documentation is silent."

    if keyword != "required" or node.kind != "schema":
        yield Problem(pointer, f"{keyword} names no claim and no assumption.", hint, key=True)
        return

    for index, name in enumerate(as_array(node.value["required"])):
        if below(node.pointer, "properties", str(name)) not in marked:
            message = f'That "{name}" is required names no claim and no assumption.'
            yield Problem(below(pointer, index), message, hint)
