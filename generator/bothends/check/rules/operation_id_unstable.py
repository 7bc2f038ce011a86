"""An operationId should be chosen by a person, since the Python name is made from it.

Why: an id that a framework makes from path and method, or that ends in a number because another had
its name, changes when the path or the order of the operations does.

Bad:

    operationId: read_tides_tides__tide_id__get

Better:

    operationId: readTide
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.INFO


def check(contract: Contract) -> Iterator[Problem]:
    """Ids that end with their path and method, or in the number of a namesake."""
    ids = {str(as_object(operation.value).get("operationId")) for operation in contract.operations}
    for operation in contract.operations:
        found = operation.value.get("operationId")
        if not isinstance(found, str):
            continue

        # FastAPI: the function's name, then the path with each sign as `_`, then the method.
        path = re.sub(r"\W", "_", operation.path)
        namesake = re.sub(r"_?\d+$", "", found)
        if found.endswith(f"{path}_{operation.method}"):
            reason = "is made of path and method, and changes when they do"
        elif namesake != found and namesake in ids:
            reason = f"is {namesake} with a number, which depends on the order of the operations"
        else:
            continue

        yield Problem(
            below(operation.pointer, "operationId"),
            f"The operationId {found} {reason}.",
            "Choose one that says what the operation does.",
            key=True,
        )
