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
from typing import Any, NamedTuple

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


def unsourced_constraints(contract: Contract) -> list[Problem]:
    """Find the constraints that name no claim and no assumption, in the order of the text."""
    found = _every_constraint(contract)
    return [found[key].problem for key in sorted(found) if not found[key].is_sourced]


def sourced_constraints(contract: Contract) -> list[Problem]:
    """Find the constraints that name a claim or an assumption, in the order of the text."""
    found = _every_constraint(contract)
    return [found[key].problem for key in sorted(found) if found[key].is_sourced]


def count_constraints(contract: Contract) -> int:
    """How many constraints a contract has; each name in a `required` is one."""
    return len(_every_constraint(contract))


class _Constraint(NamedTuple):
    """One constraint: what is said of it where it has no source, and whether it has one."""

    problem: Problem
    is_sourced: bool


def _every_constraint(contract: Contract) -> dict[tuple[str, int, int, str], _Constraint]:
    """All constraints, by where they are written and by their word.

    Aliases of YAML, and a body in several media types, put what is written once into several places
    of a contract. It has a source if it has one in each of them.
    """
    marked = {node.pointer for node in contract.all_nodes() if is_marked(node.value)}
    covering = {node.pointer for node in contract.nodes(*_COVERING)} & marked
    found: dict[tuple[str, int, int, str], _Constraint] = {}
    for node in contract.nodes("schema", "parameter", "request body"):
        around = node.pointer
        while around and around not in covering:
            around = parent(around)

        for problem, is_own in _constraints_at(node, marked):
            location = contract.document.location_of(problem.pointer, key=problem.key)
            word = problem.pointer.rpartition("/")[2]
            key = (location.path, location.line, location.column, word)
            is_sourced = around in covering or is_own
            if key not in found or (found[key].is_sourced and not is_sourced):
                found[key] = _Constraint(problem, is_sourced)

    return found


def is_marked(value: dict[str, Any]) -> bool:
    """Whether an object says what it rests on."""
    return any(mark in value for mark in MARKS)


def _constraints_at(node: Node, marked: set[str]) -> Iterator[tuple[Problem, bool]]:
    """The constraints of an object, and whether each has a source of its own."""
    hint = (
        "Add x-claims with the ids of claims.yaml, or x-assumption where the documentation is "
        "silent."
    )
    for keyword in constraints_of(node.kind, node.value):
        pointer = below(node.pointer, keyword)
        if keyword != "required" or node.kind != "schema":
            message = f"{keyword} names no claim and no assumption."
            yield Problem(pointer, message, hint, key=True), False
            continue

        for index, name in enumerate(as_array(node.value["required"])):
            message = f'That "{name}" is required names no claim and no assumption.'
            is_own = below(node.pointer, "properties", str(name)) in marked
            yield Problem(below(pointer, index), message, hint), is_own
