"""What was tried, what came of it, and how the parts of a split run become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

OUR_FAULT = "this is a fault of bothends"
"""Stands in what was not tried because the proof itself failed, and so in stored evidence."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One request that was not answered as the contract says; the smallest of its kind.

    `reason` is why the server failed, as it said itself; `cause` is the same for all failures of
    one bug, where it is known.
    """

    package: str
    subject: str
    operation: str
    part: str
    check: str
    message: str
    curl: str = ""
    count: int = 1
    cause: str = ""
    reason: str = ""

    @property
    def key(self) -> Key:
        """What was looked at."""
        return self.package, self.subject, self.operation, self.part, self.check


@dataclass(slots=True)
class Tally:
    """How often something was looked at, and how often it was wrong."""

    tried: int = 0
    failed: int = 0


@dataclass(slots=True)
class Sides:
    """How many values were on either side of a schema keyword; neither where it was never met.

    The same object or list at the same schema counts once for an operation.
    """

    kept: int = 0
    broken: int = 0

    def gap(self, location: Place) -> str:
        """What was not tried of a keyword, if anything.

        A reply may break none, so there the one side is enough.
        """
        _, side, pointer = location
        if not self.kept and not self.broken:
            return "never met"
        if not self.kept:
            return "never kept"

        # A text on the wire is text: what takes text is broken by nothing there.
        # Everything on the wire is text: `type: string` cannot be broken there, so that side is no
        # gap.
        is_text = "/parameters/" in pointer and pointer.endswith("/type")
        return "" if side == REPLY or self.broken or is_text else "never broken"


Key = tuple[str, str, str, str, str]  # package, subject, operation, part, check
Place = tuple[str, str, str]  # package, request or reply, the keyword's pointer in contract.json

REQUEST, REPLY = "request", "reply"


@dataclass(slots=True)
class Evidence:
    """The evidence for one or more packages.

    A subject is what answered: the stand-in, the default one, a URL.
    """

    seeds: list[int] = field(default_factory=list[int])
    promises: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    tallies: dict[Key, Tally] = field(default_factory=dict[Key, Tally])
    failures: list[Failure] = field(default_factory=list[Failure])
    keywords: dict[Place, Sides] = field(default_factory=dict["Place", Sides])
    excused: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    untried: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])
    """Package, subject, and what could not be tried there, with the reason."""
    inapplicable: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])
    """Package, subject, and what has no meaning for such a server, which is no gap."""
    draws: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    """By package: how many calls and replies were drawn, and how many were sent."""
    interrupted: str = ""
    """Why the run ended before its end; empty when it did not."""
    _indices: dict[tuple[Key, str], int] = field(
        default_factory=dict["tuple[Key, str]", int], repr=False, compare=False
    )
    """The index in `failures` by check and cause; a server that fails everywhere has thousands."""

    @property
    def is_proved(self) -> bool:
        """Whether nothing failed, something was tried, and the run came to its end."""
        tried = any(tally.tried for tally in self.tallies.values())
        return tried and not (self.failures or self.interrupted or self.has_fault)

    @property
    def has_fault(self) -> bool:
        """Whether a part of the proof was ended by a fault of bothends."""
        texts = [text for _, _, text in self.untried]
        return any(OUR_FAULT in text for text in [self.interrupted, *texts])

    def count(self, key: Key, *, failed: bool = False) -> None:
        """Note that a check was made."""
        tally = self.tallies.setdefault(key, Tally())
        tally.tried += 1
        tally.failed += failed

    def excuse(self, package: str, reason: str) -> None:
        """Note that something was let pass, and why."""
        self.excused[package, reason] = self.excused.get((package, reason), 0) + 1

    def skip(self, package: str, subject: str, text: str) -> None:
        """Note what could not be tried, and why."""
        self.untried.add((package, subject, text))

    def exempt(self, package: str, subject: str, text: str) -> None:
        """Note what is not applicable to a server, and why."""
        self.inapplicable.add((package, subject, text))

    def sent(self, package: str, drawn: int, sent: int) -> None:
        """Note how many of the values drawn for the agreement of both ends went over the wire."""
        before = self.draws.get(package, (0, 0))
        self.draws[package] = (before[0] + drawn, before[1] + sent)

    def fail(self, failure: Failure) -> None:
        """Note a failure.

        Of several of a kind and cause the one with the shortest request is kept.
        """
        self.count(failure.key, failed=True)
        self._keep(failure)

    def add(self, another: Evidence) -> None:
        """Take in the evidence of another run."""
        self.seeds = sorted({*self.seeds, *another.seeds})
        for package, promises in another.promises.items():
            existing = self.promises.setdefault(package, [])
            existing += [promise for promise in promises if promise not in existing]

        for key, tally in another.tallies.items():
            mine = self.tallies.setdefault(key, Tally())
            mine.tried, mine.failed = mine.tried + tally.tried, mine.failed + tally.failed

        for location, sides in another.keywords.items():
            both = self.keywords.setdefault(location, Sides())
            both.kept, both.broken = both.kept + sides.kept, both.broken + sides.broken

        for reason, count in another.excused.items():
            self.excused[reason] = self.excused.get(reason, 0) + count

        for package, (drawn, sent) in another.draws.items():
            self.sent(package, drawn, sent)

        self.untried |= another.untried
        self.inapplicable |= another.inapplicable
        self.interrupted = self.interrupted or another.interrupted
        for failure in another.failures:
            self._keep(failure)

    def _keep(self, failure: Failure) -> None:
        if len(self._indices) != len(self.failures):
            self._indices = {(entry.key, entry.cause): n for n, entry in enumerate(self.failures)}

        index = self._indices.setdefault((failure.key, failure.cause), len(self.failures))
        if index == len(self.failures):
            self.failures.append(failure)
            return

        existing = self.failures[index]
        shorter = min(existing, failure, key=lambda entry: (not entry.curl, len(entry.curl)))
        self.failures[index] = replace(shorter, count=existing.count + failure.count)


def merge_evidence(parts: Iterable[Evidence]) -> Evidence:
    """One evidence from the parts of a split run."""
    complete = Evidence()
    for part in parts:
        complete.add(part)
    return complete
