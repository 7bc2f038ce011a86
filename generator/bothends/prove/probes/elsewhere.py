"""Select the probes for a foreign server: those that the contract or an RFC decides.

Our own servers are held to more, such as paths without a slash behind, charsets, and texts like
`+1` for an integer. No standard forbids these to others: OpenAPI leaves open how the text of a
parameter becomes a value, RFC 8259 §9 allows a parser to take more than JSON, and RFC 9110 leaves
redirects, OPTIONS and other media types (§15.5.16) to the server.
"""

from __future__ import annotations

import re

_CONCERNING = {
    "cookies": r".*: missing",
    "forms": r"without .*",
    "json keywords": r".*",
    "json text": r"text that is no JSON",
    "json values": r".*",
    "magnitudes": r".*",
    "message": r".*",  # RFC 9112 §3.2 and §6.3: 400
    "methods": r"(?!OPTIONS).*",  # RFC 9110 §15.5.6: 405 names in Allow what there is
    "multipart": r"without .*",
    "parameters": r"(?:header|query) .*: (?:missing|'a b')|all of them",
    "security": r"none|good .*|wrong .*|.* without the rest",
    "sizes": r"in chunks",
}


def concerns_others(family: str, name: str) -> bool:
    """Whether a probe is one for servers that others wrote."""
    return re.fullmatch(_CONCERNING.get(family, "(?!)"), name, re.DOTALL) is not None
