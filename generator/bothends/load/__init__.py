"""From a path to a `Document`: plain JSON data, and the line and column of any node on demand.

A contract is untrusted input: whatever its bytes are, the answer is a `Document` or a `ContractError` with a place.
"""

from bothends.load.document import Document
from bothends.load.json_value import JsonValue
from bothends.load.read import load_document, parse_document

__all__ = ["Document", "JsonValue", "load_document", "parse_document"]
