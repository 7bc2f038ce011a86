"""An integer should say how large it may be: by a format or by bounds.

Why: Python's integers have no limit, those of other languages and of databases do. A contract
without one lets a client send what the vendor's server cannot hold.

Bad:

    count: {type: integer}

Better:

    count: {type: integer, format: int32}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.carried import limited_by_others, request_schemas
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import types_of
from bothends.openapi.problem import Problem

SEVERITY = Severity.INFO
_BOUNDS = frozenset({"format", "maximum", "exclusiveMaximum", "enum", "const"})


def check(contract: Contract) -> Iterator[Problem]:
    """Integers in requests without a format and without an upper bound."""
    limited = limited_by_others(contract, _BOUNDS)
    for pointer, schema in request_schemas(contract):
        is_integer = "integer" in types_of(schema) and "number" not in types_of(schema)
        if is_integer and pointer not in limited and not _BOUNDS & set(schema):
            hint = "Add format: int32 or int64, or a maximum."
            yield Problem(pointer, "This integer may be of any size.", hint, key=True)
