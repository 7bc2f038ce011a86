"""One row of the results: two things, measured in turns."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
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
class Load:
    """What a server did under load."""

    rate: float
    """Requests per second."""
    slowest: float
    """The milliseconds that 99 of 100 requests keep."""
    spent: float
    """Microseconds of CPU per request, of all its processes."""


@dataclass(frozen=True, slots=True)
class Share:
    """One comparison over sockets. The ratio is of CPU: rates depend on who else has the cores."""

    name: str
    ours: Callable[[], Load]
    peer: Callable[[], Load]
    reach: float
    rounds: int = 3

    def measured(self) -> str:
        """Measure both sides in turns. Return a line of the table."""
        pairs = [(self.ours(), self.peer()) for _ in range(self.rounds)]
        ours, peer = (_medians(side) for side in zip(*pairs, strict=True))
        ratio = statistics.median(mine.spent / its.spent for mine, its in pairs)
        verdict = "reached" if ratio <= self.reach else "short"
        return f"| {self.name} | {ours} | {peer} | {ratio:.2f} | {self.reach:.2f} | {verdict} |"

    def quick(self) -> str:
        """Measure ours once."""
        return f"{self.name}: {_medians((self.ours(),))}"


def _medians(loads: Iterable[Load]) -> str:
    measured = list(loads)
    rate = statistics.median(load.rate for load in measured)
    slowest = statistics.median(load.slowest for load in measured)
    spent = statistics.median(load.spent for load in measured)
    return f"{spent:.0f} µs, {rate:.0f}/s, p99 {slowest:.1f} ms"


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
