"""One row of the results: two things, measured in turns."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Measure = Callable[[], float]
"""Does a thing once and gives its cost."""


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison, and the ratio that is to be reached."""

    name: str
    ours: Measure
    peer: Measure
    reach: float | None = None
    unit: Literal["µs", "ms", "s", "MB"] = "µs"
    rounds: int = 25

    def measured(self) -> str:
        """Measure both sides in turns, so that a disturbance hits both. Return a line of the table."""
        pairs = [(self.ours(), self.peer()) for _ in range(self.rounds)]
        ours, peer = (statistics.median(side) for side in zip(*pairs, strict=True))
        # Pair by pair: the speed of a machine that others use changes from one to the next.
        ratio = statistics.median(mine / its for mine, its in pairs)
        reach, verdict = "none", "for comparison"
        if self.reach is not None:
            reach = f"{self.reach:.2f}"
            verdict = "reached" if ratio <= self.reach else "short"
        values = f"{ours:.1f} {self.unit} | {peer:.1f} {self.unit} | {ratio:.2f}"
        return f"| {self.name} | {values} | {reach} | {verdict} |"

    def quick(self) -> str:
        """Measure ours only, in few rounds."""
        ours = statistics.median(self.ours() for _ in range(min(self.rounds, 7)))
        return f"{self.name}: {ours:.1f} {self.unit}"


@dataclass(frozen=True, slots=True)
class Bound:
    """One thing that has a bound of its own instead of a peer."""

    name: str
    ours: Measure
    bound: float | None
    unit: Literal["s", "MB", "x"] = "s"
    rounds: int = 3

    def measured(self) -> str:
        """Return a line of the table."""
        ours = statistics.median(self.ours() for _ in range(self.rounds))
        if self.bound is None:
            return f"| {self.name} | {ours:.2f} {self.unit} | none | | none | for comparison |"
        verdict = "reached" if ours <= self.bound else "short"
        values = f"{ours:.2f} {self.unit} | {self.bound:.2f} {self.unit} | {ours / self.bound:.2f}"
        return f"| {self.name} | {values} | 1.00 | {verdict} |"

    def quick(self) -> str:
        """Measure it once."""
        return f"{self.name}: {self.ours():.2f} {self.unit}"
