"""From a path to a `Document`: plain JSON data, and the line and column of any node on demand.

A contract in several files is one `Document`: see the room `bundle`. A contract is untrusted
input: whatever its bytes are, the answer is a `Document` or a `ContractError` with a place.
"""

from bothends.load.bundle import load_contract
from bothends.load.document import Document
from bothends.load.faults import OF_ONE_PLACE
from bothends.load.other_formats import format_of_fields
from bothends.load.overlay import apply_overlay
from bothends.load.read import load_document, parse_document
from bothends.load.read_json import RepeatedParts
from bothends.openapi.json_value import JsonValue

__all__ = [
    "OF_ONE_PLACE",
    "Document",
    "JsonValue",
    "RepeatedParts",
    "apply_overlay",
    "format_of_fields",
    "load_contract",
    "load_document",
    "parse_document",
]
