"""A path should have each of its parameters once.

Why: a name in braces stands for the one parameter of that name, so both places have the same value.
Mostly the second was meant as another parameter; OpenAPI 3.2 §4.8 does not allow it any more.

Bad:

    /harbours/{id}/tides/{id}: …

Better:

    /harbours/{harbourId}/tides/{tideId}: …
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import join
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING


def check(contract: Contract) -> Iterator[Problem]:
    """Paths that have a name in braces twice."""
    for path in as_object(contract.document.data.get("paths")):
        names = re.findall(r"\{([^{}]+)\}", path)
        for name in dict.fromkeys(names):
            if names.count(name) > 1:
                message = f"{path} has {{{name}}} twice: both are one parameter, with one value."
                hint = f"Give each its own name, such as {{{name}}} and {{other_{name}}}."
                yield Problem(join("paths", path), message, hint, key=True)
