"""Claims of two contracts: what the vendor's documentation is said to state, as people read it.

A claim whose text changed allows and refuses nothing by itself. It says that the documentation was
read again, and what rests on the claim is to be read again too. So each change is a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bothends.diagnostics import SourceLocation
from bothends.diff.change import Change, Direction, Effect, Verdict


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim: its text, where its passage is found, the passage's fingerprint, and its place."""

    text: str
    passage: str
    fingerprint: str
    location: SourceLocation


def compare_claims(old: Mapping[str, Statement], new: Mapping[str, Statement]) -> Iterator[Change]:
    """Compare the claims of two contracts, by their ids."""
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        places = (was.location if was else None, now.location if now else None)
        if was is None and now is not None:
            yield _note("claim-added", name, f"it is new, and says: {now.text}", places)
        elif now is None:
            yield _note("claim-gone", name, "it is gone", places)
        elif was is not None and was.text != now.text:
            message = f"it says: {now.text} It said: {was.text}"
            yield _note("claim-changed", name, message, places)
        elif was is not None and was.passage != now.passage:
            message = f"it is found in {now.passage}, and was in {was.passage}"
            yield _note("claim-moved", name, message, places)
        elif was is not None and was.fingerprint != now.fingerprint:
            message = "the passage that it rests on has other words"
            yield _note("claim-passage-changed", name, message, places)


def _note(
    code: str, name: str, message: str, places: tuple[SourceLocation | None, SourceLocation | None]
) -> Change:
    subject = f"claim {name}"
    return Change(code, (subject,), message, Direction.NEITHER, Effect.NONE, Verdict.NOTE, *places)
