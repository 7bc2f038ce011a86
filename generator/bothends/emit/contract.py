"""`contract.json`: the normalised contract as both ends read it, with the names that differ."""

from __future__ import annotations

import json

from bothends import ir
from bothends.load import Document


def emit_contract(api: ir.Api, document: Document) -> str:
    """Return the contract as JSON text, in the contract's own order.

    `x-names` maps the wire names of components to their Python names, where the two differ.
    """
    data = dict(document.data)
    renamed = {
        component.wire_name: str(component.name)
        for component in api.components
        if component.wire_name != component.name
    }
    if renamed:
        data["x-names"] = renamed

    return json.dumps(data, indent=1, ensure_ascii=True, allow_nan=False) + "\n"
