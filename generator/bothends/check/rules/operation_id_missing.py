"""An operation should have an operationId.

Why: its Python name is made from it. Without one, the name is made from method and path, and a
change of the path renames a public method.

Bad:

    get:
      responses: {'200': {description: The tides.}}

Better:

    get:
      operationId: listTides
      responses: {'200': {description: The tides.}}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING


def check(contract: Contract) -> Iterator[Problem]:
    """Operations without an id."""
    for operation in contract.operations:
        name = f"{operation.method.upper()} {operation.path}"
        hint = "Name it, such as listTides."
        if "operationId" not in operation.value:
            yield Problem(operation.pointer, f"{name} has no operationId.", hint, key=True)
        elif not str(operation.value["operationId"]).strip():
            pointer = below(operation.pointer, "operationId")
            yield Problem(pointer, f"The operationId of {name} is empty.", hint)
