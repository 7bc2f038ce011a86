"""Assumptions written into the text of a contract, for the constraints that name no source.

    schema: {type: string, maxLength: 5}
    ->  schema: {x-assumption: "…", type: string, maxLength: 5}

The text is changed, not written anew, so that comments and layout stay.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from bothends.check.claims.constraints import unsourced_constraints
from bothends.diagnostics import Lines, SourceLocation
from bothends.load import Document
from bothends.openapi.contract import Contract
from bothends.openapi.pointer import parent, split

ASSUMPTION: Final = "The documentation does not say so; this is our reading."


def find_unassumed(document: Document) -> list[SourceLocation]:
    """Return where the objects begin whose constraints have no source, the outermost of each."""
    owners = set[str]()
    for problem in unsourced_constraints(Contract(document)):
        # A name in `required` is deeper by one than other constraints.
        *_, word, last = split(problem.pointer)
        is_name = word == "required" and last.isdecimal()
        owners.add(parent(parent(problem.pointer)) if is_name else parent(problem.pointer))

    outer: list[str] = []
    for owner in sorted(owners, key=len):
        # One mark covers what is written below it.
        if not owner.startswith(tuple(f"{outer_pointer}/" for outer_pointer in outer)):
            outer.append(owner)
    return sorted(map(document.location_of, outer))


def with_assumptions(text: str, places: Iterable[SourceLocation], *, is_json: bool = False) -> str:
    """Return a contract's text with an `x-assumption` in the object at each place."""
    lines = Lines(text)
    quoted = json.dumps(ASSUMPTION)
    entry = f'"x-assumption": {quoted}' if is_json else f"x-assumption: {quoted}"
    # From the end to the beginning, so that no insertion moves a place that is still to come.
    for location in sorted(places, reverse=True):
        offset = lines.offset(location.line, location.column)
        if text[offset : offset + 1] == "{":
            text = f"{text[: offset + 1]}{entry}, {text[offset + 1 :]}"
        else:
            indent = " " * (location.column - 1)
            text = f"{text[:offset]}{entry}\n{indent}{text[offset:]}"

    return text
