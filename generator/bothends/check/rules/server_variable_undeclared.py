"""A variable in the URL of a server must be declared.

Why: OpenAPI 3.1 §4.8.5: `variables` has a default for each name in braces. Without one, a client
does not know which address is meant.

Bad:

    servers:
      - url: https://{region}.tides.example

Better:

    servers:
      - url: https://{region}.tides.example
        variables: {region: {default: eu, enum: [eu, us]}}
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING


def check(contract: Contract) -> Iterator[Problem]:
    """Names in braces that the server does not declare."""
    for node in contract.nodes("server"):
        declared = as_object(node.value.get("variables"))
        for name in re.findall(r"\{([^{}]+)\}", str(node.value.get("url", ""))):
            if name not in declared:
                message = f"The variable {name} of this server is not declared."
                hint = f"Beside url: `variables: {{{name}: {{default: …}}}}`."
                yield Problem(below(node.pointer, "url"), message, hint)
