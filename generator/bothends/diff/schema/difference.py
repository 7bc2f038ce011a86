"""One place where two schemas differ, and how it is reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from bothends.openapi.pointer import below


@dataclass(frozen=True, slots=True)
class Branch:
    """The choice of one alternative of a union, by its pointers in both contracts."""

    old_pointer: str
    new_pointer: str


@dataclass(frozen=True, slots=True)
class Others:
    """A property that an object does not declare."""

    declared: frozenset[str]


Step: TypeAlias = str | int | Branch | Others
"""The name of a property, the index of an item, any other property, or a choice."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two schemas differ.

    Args:
        old_pointer: The schema in the old contract.
        new_pointer: The schema in the new contract.
        path: How a value of this place is reached in a value of the whole.
        message: What differs.
        old: The plain old schema.
        changed: The same with this one difference.
        names: The properties that the schemas around declare for the same value; None where one
            of them speaks of all others.
    """

    old_pointer: str
    new_pointer: str
    path: tuple[Step, ...]
    message: str
    old: Any
    changed: Any
    names: frozenset[str] | None = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """A pair of schemas: their pointers, and `path` and `names` of the differences there."""

    pair: tuple[str, str]
    path: tuple[Step, ...] = ()
    names: frozenset[str] | None = frozenset()

    def difference(self, message: str, old: Any, changed: Any) -> Difference:
        """A difference of the two schemas."""
        return Difference(*self.pair, self.path, message, old, changed, self.names)

    def below(
        self, keyword: str, steps: tuple[str | int | None, str | int | None], path: tuple[Step, ...]
    ) -> Place:
        """The place of two schemas below, which describe a value of its own."""
        return Place(_pair_below(self.pair, keyword, *steps), (*self.path, *path))


@dataclass(frozen=True, slots=True)
class Group:
    """The differences of one pair of schemas, without those of the schemas inside them.

    Two harmless differences may be harmful together: a new property, and `additionalProperties:
    false` that now counts it as known. So `together` is judged too.
    """

    together: Difference
    parts: tuple[Difference, ...]


def _pair_below(
    pair: tuple[str, str], keyword: str, old: str | int | None, new: str | int | None
) -> tuple[str, str]:
    """The pointers of two subschemas below a keyword.

    None where the keyword itself holds the schema.
    """
    old_steps = () if old is None else (old,)
    new_steps = () if new is None else (new,)
    return below(pair[0], keyword, *old_steps), below(pair[1], keyword, *new_steps)
