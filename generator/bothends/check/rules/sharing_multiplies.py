"""What is shared must not make a contract many times as large where it is written out.

Why: parameters, responses and bodies are written out where they are used, as are schemas that are
no class. A response of 200 headers that 200 operations name is 40,000 headers, from a contract of a
few kilobytes. A real contract becomes at most 3.3 times as large, and 25 times is the bound. Nothing
is generated for operations that use the parts that add most. `sharing` in `[tool.bothends.bounds]`
allows more.

Bad:

    components:
      responses: {Done: {description: Done., headers: {A1: {schema: true}, A2: {schema: true}}}}
    # two hundred headers, and each of two hundred operations answers so

Better:

    responses: {'200': {description: Done., headers: {A1: {schema: true}}}}
    # the headers that this operation sends
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.diagnostics import Severity
from bothends.openapi.contract import Contract, operations_in
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem
from bothends.openapi.written_out import Part, WrittenOut, size_of

SEVERITY = Severity.WARNING
# What the smallest contract may become: a second of work.
_LEAST = 10_000


def check(contract: Contract) -> Iterator[Problem]:
    """Find the shared parts that add most, until the rest is within the bound."""
    data = contract.document.data
    sizes = WrittenOut(contract.document)
    allowed = max(_LEAST, (contract.bounds.sharing - 1) * size_of(data))

    uses = {**sizes.uses(), **dict(_inherited(data))}
    added = {part: (count - 1) * sizes.of(part) for part, count in uses.items()}
    excess = sum(added.values()) - allowed
    if excess <= 0:
        return

    for part, size in sorted(added.items(), key=lambda item: (-item[1], item[0])):
        message = f"This is written out at {uses[part]:,} places: {size:,} values more."
        hint = "Share less of it, or allow more: `sharing` in [tool.bothends.bounds]."
        # What the whole contract has is no part that could be left out.
        severity = None if part.pointer.count("/") > 1 else Severity.ERROR
        yield Problem(part.pointer, message, hint, key=True, severity=severity)

        excess -= size
        if excess <= 0:
            return


def _inherited(data: dict[str, Any]) -> Iterator[tuple[Part, int]]:
    """What operations have of their path item and of the contract, with how many have it."""
    total = 0
    for path, item in as_object(data.get("paths")).items():
        pointer = below("/paths", path)
        count = len(list(operations_in(item, pointer)))
        total += count
        if count > 1 and "parameters" in item:
            yield Part(below(pointer, "parameters")), count

    for field in ("servers", "security"):
        if field in data and total > 1:
            yield Part(below("", field)), total
