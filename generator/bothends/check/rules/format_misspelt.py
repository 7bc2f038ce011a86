"""A format that is written almost as a known one is probably a slip.

Why: a format that nobody knows is ignored (JSON Schema 2020-12 §7.2.3), so that the value is plain
text in the models, and nothing is checked.

Bad:

    format: datetime

Better:

    format: date-time
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING

_FORMATS: Final = (
    *("binary", "byte", "date", "date-time", "duration", "email", "hostname", "idn-email"),
    *("idn-hostname", "int32", "int64", "ipv4", "ipv6", "iri", "iri-reference", "json-pointer"),
    *("password", "regex", "relative-json-pointer", "time", "uri", "uri-reference"),
    *("uri-template", "uuid", "double", "float"),
)
_KNOWN: Final = {format_.replace("-", ""): format_ for format_ in _FORMATS}


def check(contract: Contract) -> Iterator[Problem]:
    """Formats that differ from a known one in capitals and signs only."""
    for node in contract.nodes("schema"):
        declared = node.value.get("format")
        if not isinstance(declared, str):
            continue
        intended = _KNOWN.get(re.sub(r"[\W_]", "", declared).lower(), declared)
        if intended != declared:
            message = f"{declared} is no known format, and is not checked."
            yield Problem(below(node.pointer, "format"), message, f"Did you mean {intended}?")
