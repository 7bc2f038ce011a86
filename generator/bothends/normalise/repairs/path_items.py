"""Path items that are references and have fields of their own: the two are read as one.

    /waves: {$ref: '#/paths/~1tides', post: {operationId: addWave}}

has the operations of `/tides` and `addWave`.
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.normalise.repairs.edit import Edit
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below
from bothends.openapi.reference import reference_of


def repair_path_items(contract: Contract) -> Iterator[Edit]:
    """Find references with fields beside them; those hold where both say something."""
    for node in contract.nodes("reference"):
        if contract.kind_needed_at(node.pointer) != "path item":
            continue

        own = set(node.value) - {"$ref", "summary", "description"}
        found, source = contract.resolve({"$ref": node.value["$ref"]}, node.pointer)
        if not own or not found or reference_of(found) is not None:
            continue

        message = "A path item that is a reference has fields beside it: the two are read as one."
        yield Edit("path-item-reference", below(node.pointer, "$ref"), message)
        for key, value in found.items():
            if key not in node.value:
                member_pointer = below(node.pointer, key)
                yield Edit(
                    "path-item-reference", member_pointer, "", value, source=below(source, key)
                )
