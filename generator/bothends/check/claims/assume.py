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
    owners = sorted({_owner(each.pointer) for each in unsourced_constraints(Contract(document))})
    # One mark covers what is written below it.
    outer = [
        owner
        for owner in owners
        if not any(owner.startswith(f"{other}/") for other in owners if other != owner)
    ]
    return sorted({document.location_of(owner) for owner in outer})


def with_assumptions(text: str, places: Iterable[SourceLocation], *, is_json: bool = False) -> str:
    """Return a contract's text with an `x-assumption` in the object at each place."""
    lines = Lines(text)
    quoted = json.dumps(ASSUMPTION)
    entry = f'"x-assumption": {quoted}' if is_json else f"x-assumption: {quoted}"
    # From the end to the beginning, so that no insertion moves a place that is still to come.
    for place in sorted(places, reverse=True):
        offset = lines.offset(place.line, place.column)
        if text[offset : offset + 1] == "{":
            text = f"{text[: offset + 1]}{entry}, {text[offset + 1 :]}"
        else:
            indent = " " * (place.column - 1)
            text = f"{text[:offset]}{entry}\n{indent}{text[offset:]}"

    return text


def _owner(pointer: str) -> str:
    """The object that carries a constraint; a name in `required` is deeper by one."""
    *_, word, last = ["", *split(pointer)]
    return parent(parent(pointer)) if word == "required" and last.isdecimal() else parent(pointer)
