"""`required` names a property that the schema does not declare, and one that it declares is spelled much like it.

Why: the property that was meant is then optional, and every value without the misspelt one is
refused.

Bad:

    required: [heigth]
    properties: {height: {type: number}}

Better:

    required: [height]
    properties: {height: {type: number}}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.nearest import nearest
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING


def check(contract: Contract) -> Iterator[Problem]:
    """Names in `required` that are near a declared property and are none."""
    for node in contract.nodes("schema"):
        declared = as_object(node.value.get("properties"))
        required = as_array(node.value.get("required"))
        taken = set(map(str, required))
        free = [str(name) for name in declared if str(name) not in taken]
        for index, name in enumerate(required):
            if name in declared or not isinstance(name, str):
                continue

            if near := nearest(name, free, 0.75):
                yield Problem(
                    below(node.pointer, "required", index),
                    f'"{name}" is required, and there is no such property.',
                    f'Did you mean "{near}"?',
                )
