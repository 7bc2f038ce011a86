"""An extension that is almost one of ours is probably a slip.

Why: an unknown extension is ignored, so a slip in its name silently switches off what it says.

Bad:

    x-claim: [H1]

Better:

    x-claims: [H1]
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract
from bothends.openapi.extensions import extension_schemas
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.WARNING


def check(contract: Contract) -> Iterator[Problem]:
    """Extensions with a name close to one of ours."""
    ours = list(extension_schemas())
    judged: dict[str, list[str]] = {}

    for node in contract.all_nodes():
        for key in node.value:
            if not key.lower().startswith("x-") or key in ours:
                continue

            if key not in judged:
                judged[key] = difflib.get_close_matches(
                    key.lower().replace("_", "-"), ours, n=1, cutoff=0.85
                )

            if judged[key]:
                yield Problem(
                    below(node.pointer, key),
                    f"{key} is not known.",
                    f"Did you mean {judged[key][0]}?",
                    key=True,
                )
