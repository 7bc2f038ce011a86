"""The parameters in a path and those that are declared must be the same.

Why: OpenAPI 3.1 §4.8.12 demands both directions. An undeclared one has no type and cannot be filled in; one that is
declared but not in the path goes nowhere.

Bad:

    /tides/{harbour}:
      get:
        parameters: [{name: port, in: path, required: true, schema: {type: string}}]

Better:

    /tides/{harbour}:
      get:
        parameters: [{name: harbour, in: path, required: true, schema: {type: string}}]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bothends.check.problem import Problem
from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import below

SEVERITY = Severity.ERROR
_TEMPLATE = re.compile(r"\{([^{}]+)\}")


def check(contract: Contract) -> Iterator[Problem]:
    """Parameters that only the path, or only the declarations, know."""
    for operation in contract.operations:
        in_path = set(_TEMPLATE.findall(operation.path))
        declared = {
            str(parameter.get("name")): pointer
            for parameter, pointer in contract.parameters(operation)
            if parameter.get("in") == "path"
        }
        for name in sorted(in_path - declared.keys()):
            message = f'"{{{name}}}" of the path is not declared for {operation.method.upper()}.'
            yield Problem(
                operation.pointer, message, "Add it to parameters, with `in: path`.", key=True
            )

        for name in sorted(declared.keys() - in_path):
            message = f'Path parameter "{name}" is not in the path {operation.path}.'
            yield Problem(below(declared[name], "name"), message)
