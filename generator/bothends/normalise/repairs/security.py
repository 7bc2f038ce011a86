"""Security requirements that name an undeclared scheme (OpenAPI 3.1 §4.8.30)."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from bothends.normalise.repairs.edit import Edit
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import below, split


def repair_security(contract: Contract) -> Iterator[Edit]:
    """Leave an undeclared scheme out of its alternative.

    The others of the alternative are still needed.
    """
    components = as_object(contract.document.data.get("components"))
    declared = list(as_object(components.get("securitySchemes")))

    for node in contract.nodes("root", "operation"):
        for index, alternative in enumerate(as_array(node.value.get("security"))):
            for name in as_object(alternative):
                pointer = below(node.pointer, "security", index, name)
                key = split(name)[-1] if name.startswith("#/components/securitySchemes/") else ""
                if name in declared:
                    continue
                if key in declared:
                    # OpenAPI 3.2 takes the URI of a scheme as well.
                    yield Edit("security-scheme", pointer, f"{name} is read as {key}.", new_key=key)
                else:
                    yield Edit(
                        "security-scheme",
                        pointer,
                        f'There is no security scheme "{name}"; requests are read as needing none of that name.',
                        hint=_hint(name, declared),
                    )


def _hint(name: str, declared: list[str]) -> str:
    if close := difflib.get_close_matches(name, declared, n=1):
        return f"Did you mean {close[0]}?"
    existing = f"; there are: {', '.join(declared)}" if declared else ""
    return f"Declare it in components.securitySchemes{existing}."
