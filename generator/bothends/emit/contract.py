"""`contract.json`: the normalised contract as both ends read it, and the names that differ from its own."""

from __future__ import annotations

import json

from bothends import ir
from bothends.load import Document


def emit_contract(api: ir.Api, document: Document) -> str:
    """The contract as JSON text, in the contract's own order. What is generated for nothing is left out."""
    data = dict(document.data)
    renamed = {
        component.wire_name: str(component.name)
        for component in api.components
        if component.wire_name != component.name
    }
    if renamed:
        data["x-names"] = renamed

    return json.dumps(data, indent=1, ensure_ascii=True, allow_nan=False) + "\n"
