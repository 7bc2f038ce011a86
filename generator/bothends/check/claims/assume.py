"""Assumptions written into the text of a contract, for the constraints that name no source.

    schema: {type: string, maxLength: 5}
    ->  schema: {x-assumption: "…", type: string, maxLength: 5}

One mark covers what is written below it. Where a constraint in it has a source already, the mark
names those that it is about, so that it says nothing of what the documentation states.

The text is changed, not written anew, so that comments and layout stay.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bothends.check.claims.constraints import sourced_constraints, unsourced_constraints
from bothends.diagnostics import Lines, SourceLocation
from bothends.load import Document
from bothends.nearest import in_a_row
from bothends.openapi.contract import Contract
from bothends.openapi.json_value import as_array
from bothends.openapi.pointer import parent, split
from bothends.openapi.problem import Problem

ASSUMPTION: Final = "The documentation does not say so; this is our reading."


@dataclass(frozen=True, slots=True, order=True)
class Assumption:
    """Where an object begins whose constraints have no source, and what to say of them."""

    location: SourceLocation
    text: str


def find_unassumed(document: Document) -> list[Assumption]:
    """Return the assumptions that give each constraint without a source one, the fewest."""
    contract = Contract(document)
    owned: dict[str, list[Problem]] = defaultdict(list)
    for problem in unsourced_constraints(contract):
        owned[_owner_of(problem)].append(problem)

    sourced = [problem.pointer for problem in sourced_constraints(contract)]
    outer: list[str] = []
    found: list[Assumption] = []
    for owner in sorted(owned, key=len):
        if owner.startswith(tuple(outer)):
            continue

        text = ASSUMPTION
        if any(pointer.startswith(f"{owner}/") for pointer in sourced):
            words = [_in_words(document, problem) for problem in owned[owner]]
            text = f"The documentation does not say {in_a_row(words)}; this is our reading."
        else:
            outer.append(f"{owner}/")
        found.append(Assumption(document.location_of(owner), text))
    return sorted(found)


def _owner_of(problem: Problem) -> str:
    """The object that a constraint narrows."""
    owner = parent(problem.pointer)
    return parent(owner) if _is_name(problem) else owner


def _is_name(problem: Problem) -> bool:
    """Whether a constraint is a name in `required`, which is deeper by one than the others."""
    *_, word, last = split(problem.pointer)
    return word == "required" and last.isdecimal()


def _in_words(document: Document, problem: Problem) -> str:
    *_, last = split(problem.pointer)
    if not _is_name(problem):
        return last
    return f"that {as_array(document.value_at(parent(problem.pointer)))[int(last)]} is required"


def with_assumptions(text: str, assumptions: Iterable[Assumption], *, is_json: bool = False) -> str:
    """Return a contract's text with an `x-assumption` in the object at each place."""
    lines = Lines(text)
    # From the end to the beginning, so that no insertion moves a place that is still to come.
    for assumption in sorted(assumptions, reverse=True):
        location, quoted = assumption.location, json.dumps(assumption.text, ensure_ascii=False)
        entry = f'"x-assumption": {quoted}' if is_json else f"x-assumption: {quoted}"
        offset = lines.offset(location.line, location.column)
        if text[offset : offset + 1] == "{":
            text = f"{text[: offset + 1]}{entry}, {text[offset + 1 :]}"
        else:
            indent = " " * (location.column - 1)
            text = f"{text[:offset]}{entry}\n{indent}{text[offset:]}"

    return text
