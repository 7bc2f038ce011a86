"""One change between two contracts, and how its verdict follows from direction and effect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from bothends.diagnostics import SourceLocation
from bothends.runtime.operation import MISSING


class Direction(StrEnum):
    """Who sends the value that the change is about."""

    REQUEST = "request"
    REPLY = "reply"
    NEITHER = "neither"

    def turned(self) -> Direction:
        """The direction as the other side sees it: a webhook's request is read like a reply."""
        return _TURNED[self]


_TURNED: Final = {
    Direction.REQUEST: Direction.REPLY,
    Direction.REPLY: Direction.REQUEST,
    Direction.NEITHER: Direction.NEITHER,
}


class Effect(StrEnum):
    """What happens to the set of allowed values."""

    NARROWS = "narrows"
    WIDENS = "widens"
    BOTH = "both"
    NONE = "none"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What the change means for those who keep using the old contract."""

    BREAKING = "breaking"
    UNKNOWN = "unknown"
    COMPATIBLE = "compatible"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Witness:
    """An example of a breaking change: one contract allows it, the other refuses it.

    Args:
        text: The example as it is shown.
        value: The JSON value, where the change is one of a schema.
    """

    text: str
    value: Any = field(default=MISSING, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Args:
        code: The kind of change, such as `request-narrowed`.
        subjects: The operations that it reaches, such as `GET /tides`; `contract` for the whole.
        message: One sentence.
        direction: Who sends the value.
        effect: What happens to the set of allowed values.
        verdict: What that means.
        old: Where in the old contract; None for what is new.
        new: Where in the new contract; None for what is gone.
        witness: The example of a breaking change.
    """

    code: str
    subjects: tuple[str, ...]
    message: str
    direction: Direction
    effect: Effect
    verdict: Verdict
    old: SourceLocation | None
    new: SourceLocation | None
    witness: Witness | None = None


_VERDICTS: Final = {
    (Direction.REQUEST, Effect.NARROWS): Verdict.BREAKING,
    (Direction.REQUEST, Effect.BOTH): Verdict.BREAKING,
    (Direction.REQUEST, Effect.WIDENS): Verdict.COMPATIBLE,
    (Direction.REPLY, Effect.WIDENS): Verdict.BREAKING,
    (Direction.REPLY, Effect.BOTH): Verdict.BREAKING,
    (Direction.REPLY, Effect.NARROWS): Verdict.COMPATIBLE,
}


def verdict_of(direction: Direction, effect: Effect) -> Verdict:
    """The verdict that follows from direction and effect.

    A request set that shrinks breaks callers, a reply set that grows breaks readers. An effect that
    is not known is never called safe.
    """
    if effect is Effect.NONE:
        return Verdict.COMPATIBLE
    if effect is Effect.UNKNOWN:
        return Verdict.UNKNOWN
    return _VERDICTS.get((direction, effect), Verdict.NOTE)


def is_shared(change: Change) -> bool:
    """Whether a change of a schema is in a component, which several operations may use."""
    return (
        ": " in change.message and change.old is not None and "/components/" in change.old.pointer
    )


def version_step(changes: Iterable[Change]) -> str:
    """The step of a semantic version: `major`, `minor` or `patch`.

    What is unknown counts as breaking.
    """
    verdicts = {change.verdict for change in changes}
    if verdicts & {Verdict.BREAKING, Verdict.UNKNOWN}:
        return "major"
    return "minor" if Verdict.COMPATIBLE in verdicts else "patch"
