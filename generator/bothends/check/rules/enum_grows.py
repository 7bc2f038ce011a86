"""A list of values that will surely grow should not be closed in what a server sends.

Why: the day the vendor adds a currency or a kind of event, every answer that holds it breaks the
contract, and a client that is strict refuses it.

Bad:

    currency: {type: string, enum: [EUR, USD]}

Better:

    currency: {type: string, pattern: '^[A-Z]{3}$', examples: [EUR, USD]}
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.diagnostics import Severity
from bothends.openapi.carried import reply_schemas
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem

SEVERITY = Severity.INFO
_GROWING = frozenset(
    {
        "country",
        "currency",
        "event",
        "eventtype",
        "feature",
        "language",
        "locale",
        "model",
        "provider",
        "timezone",
    }
)


def check(contract: Contract) -> Iterator[Problem]:
    """Enumerations in replies whose property is by its name one of a list that others extend."""
    # Not in requests: there the list is what a server takes, and it may well be closed.
    found = set[str]()
    for pointer, schema in reply_schemas(contract):
        for name, value in as_object(schema.get("properties")).items():
            plain = name.lower().replace("_", "").replace("-", "")
            listed, at = contract.resolve(value, below(pointer, "properties", name))
            if plain in _GROWING and len(listed.get("enum") or ()) > 1 and at not in found:
                found.add(at)
                yield Problem(
                    below(at, "enum"),
                    f"The values of {name} will grow, and every new one breaks the contract.",
                    "Leave the list to the description or the examples.",
                    key=True,
                )
