"""A value that an `enum` lists twice is a slip: often another one was meant.

Why: values should be unique (JSON Schema 2020-12 Validation §6.1.2), and a value that was
overwritten by a copy of its neighbour is missing.

Bad:

    enum: [ebb, flood, ebb]

Better:

    enum: [ebb, flood, slack]
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_array
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING
_LONGEST = 60


def check(contract: Contract) -> Iterator[Problem]:
    """Values of an enum that stand there before."""
    for node in contract.written_schemas():
        seen = set[str]()
        for index, value in enumerate(as_array(node.value.get("enum"))):
            text = json.dumps(value, sort_keys=True, ensure_ascii=False)
            if text in seen:
                abbreviated = text if len(text) <= _LONGEST else "this value"
                message = f"The enum has {abbreviated} twice."
                yield Problem(below(node.pointer, "enum", index), message, "Leave one out.")
            seen.add(text)
