"""References must lead to something in the same document."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from bothends.check.problem import Problem
from bothends.openapi.contract import Contract, Node
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below, join, parent, split
from bothends.openapi.reference import local_pointer


def external_references(contract: Contract) -> Iterator[Problem]:
    """References to other documents. They are never followed: a contract must not make us fetch or read anything."""
    for node in contract.nodes("reference"):
        reference = node.value["$ref"]
        if not reference.startswith("#"):
            yield Problem(
                below(node.pointer, "$ref"),
                f"This refers to another document: {reference}.",
                "References are followed only inside the contract; bundle the documents into one.",
            )


def dangling_references(contract: Contract) -> Iterator[Problem]:
    """References inside the document that lead nowhere, or only to each other."""
    anchors = {
        f"#{node.value['$anchor']}" for node in contract.nodes("schema") if "$anchor" in node.value
    }
    for node in contract.nodes("reference"):
        reference = node.value["$ref"]
        if reference.startswith("#") and reference not in anchors:
            yield from _follow(contract, node)


def _follow(contract: Contract, node: Node) -> Iterator[Problem]:
    pointer = below(node.pointer, "$ref")
    reference: str = node.value["$ref"]

    target = local_pointer(reference)
    try:
        value = contract.document.value_at(target) if target.startswith("/") or not target else None
    except KeyError:
        value = None

    if value is None:
        yield Problem(pointer, f"Nothing is at {reference}.", _suggest(contract, target))
    elif _is_circle(contract, reference):
        yield Problem(
            pointer,
            f"{reference} refers, by way of others, to itself.",
            "Let one of them say what it is.",
        )


def _is_circle(contract: Contract, reference: str) -> bool:
    """Whether bare references only lead from one to the next; a schema may well contain itself."""
    seen: set[str] = set()
    while reference not in seen:
        seen.add(reference)
        try:
            value = as_object(contract.document.value_at(local_pointer(reference)))
        except KeyError:
            return False

        if set(value) != {"$ref"} or not isinstance(value["$ref"], str):
            return False

        reference = value["$ref"]

    return True


def _suggest(contract: Contract, target: str) -> str:
    """The closest name among the neighbours of what is missing."""
    try:
        neighbours = as_object(contract.document.value_at(parent(target)))
    except KeyError:
        return "References look like #/components/schemas/Name."

    wanted = "".join(split(target)[-1:])
    close = difflib.get_close_matches(wanted, neighbours, n=1)
    return f"Did you mean #{parent(target)}{join(close[0])}?" if close else ""
