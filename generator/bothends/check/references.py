"""References to other documents, which nothing has brought in."""

from __future__ import annotations

from collections.abc import Iterator

from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem


def external_references(contract: Contract) -> Iterator[Problem]:
    """References to other documents that were not followed, with the reason."""
    unread = contract.document.unread
    for node in contract.nodes("reference"):
        reference = node.value["$ref"]
        if node.pointer in unread:
            yield Problem(below(node.pointer, "$ref"), *unread[node.pointer])
        elif not reference.startswith("#"):
            yield Problem(
                below(node.pointer, "$ref"),
                f"This refers to another document: {reference}.",
                "References are followed only inside the contract; bundle the documents into one.",
            )
