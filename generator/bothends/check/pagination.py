"""Pagination that cannot work: parameters, items and cursors that the contract does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.nearest import nearest
from bothends.openapi.contract import Contract, Operation
from bothends.openapi.json_value import as_array, as_object, types_of
from bothends.openapi.pagination import (
    EXTENSION,
    WAYS,
    Paging,
    find_paging,
    find_part,
    page_items,
    page_parameter,
)
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

_HINT = "Name a query parameter of the operation."


def check_pagination(contract: Contract) -> Iterator[Problem]:
    """Find pages that cannot be turned.

    A parameter or part that `x-pagination` names is missing, or a cursor never ends.
    """
    for operation in contract.operations:
        paging = find_paging(contract, operation)
        if paging is None:
            continue

        ways = [way for way in WAYS if way in as_object(operation.value.get(EXTENSION))]
        if len(ways) > 1:
            yield Problem(
                paging.pointer, f"{' and '.join(ways)} are ways to turn pages: state one."
            )

        yield from _check_parameter(contract, operation, paging)
        if not paging.pointer.startswith(below(operation.pointer, EXTENSION)):
            continue  # a link may lead anywhere; without items, nothing is iterated over

        if page_items(contract, operation, paging.items) is None:
            pointer = below(paging.pointer, "items") if paging.items else paging.pointer
            yield Problem(
                pointer,
                "These are not the items of a page.",
                "Point at an array in the JSON of the success.",
            )

        yield from _check_cursor(contract, operation, paging)


def _check_parameter(contract: Contract, operation: Operation, paging: Paging) -> Iterator[Problem]:
    if paging.by == "link":
        if find_part(contract, operation, "$response.header.Link") is None:
            yield Problem(
                below(paging.pointer, "link"),
                "The success documents no header Link.",
                "Add it to its headers.",
            )
        return

    if not paging.pointer.endswith(EXTENSION):
        # A link costs the iteration, and nothing else: real ones pass values to names that are no
        # parameters. The rule `link-undeclared` says which.
        return

    keyword = "parameter" if paging.by == "cursor" else paging.by
    pointer = below(paging.pointer, keyword)
    found = page_parameter(contract, operation, paging.parameter)
    if found is None:
        message = f'The operation has no parameter "{paging.parameter}".'
        declared = [str(parameter.get("name")) for parameter, _ in contract.parameters(operation)]
        near = nearest(paging.parameter, declared)
        hint = f'Did you mean "{near}"?' if near else _HINT
        yield Problem(pointer, message, hint)
    elif found[0].get("in") != "query":
        yield Problem(pointer, f'"{paging.parameter}" is no query parameter.', _HINT)
    elif found[0].get("required") is True and paging.by == "cursor":
        yield Problem(
            pointer, f'"{paging.parameter}" is required, so nobody can ask for the first page.'
        )


def _check_cursor(contract: Contract, operation: Operation, paging: Paging) -> Iterator[Problem]:
    if paging.by != "cursor":
        return

    pointer = below(paging.pointer, "cursor")
    found = find_part(contract, operation, paging.cursor)
    if found is None:
        yield Problem(
            pointer,
            f"The success has no part {paging.cursor}.",
            _near_part(contract, operation, paging.cursor),
        )
    elif found.is_required and not _may_be_empty(found.schema):
        yield Problem(
            pointer,
            "No page can be the last: each has a cursor.",
            "Let it be absent, null or empty where pages end.",
        )


def _near_part(contract: Contract, operation: Operation, expression: str) -> str:
    """What to do about an expression that leads nowhere: the nearest property beside it."""
    around, _, name = expression.rpartition("/")
    found = find_part(contract, operation, around if "/" in around else f"{around}#")
    names = [*as_object(found.schema.get("properties"))] if found else []
    near = nearest(name, names)
    if near:
        return f"Did you mean {around}/{near}?"
    return "Point at a property or a header that it documents."


def _may_be_empty(schema: dict[str, Any]) -> bool:
    types = types_of(schema)
    is_nullable = (
        "null" in types or schema.get("nullable") is True or None in as_array(schema.get("enum"))
    )
    branches = [*as_array(schema.get("anyOf")), *as_array(schema.get("oneOf"))]
    is_blank = "string" in types and not ({"pattern", "enum", "const", "format"} & schema.keys())
    blank = is_blank and not schema.get("minLength")
    return (
        not types
        or is_nullable
        or blank
        or any(_may_be_empty(as_object(branch)) for branch in branches)
    )
