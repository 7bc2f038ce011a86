"""Group failures by cause: one bug is one cause, for all checks and servers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from bothends.prove.evidence.record import Evidence, Failure
from bothends.prove.evidence.subjects import (
    PORT_AGAIN,
    REMEMBERING,
    SERVED_AGAIN,
    STAND_IN,
    UNCHECKED,
)

# The report on a bad server has to fit on two screens; the page and the JSON name all.
_FEW = 8
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Cause:
    """The failures that come from one thing, the one with the smallest request first.

    Of our own servers they are of one operation. Of a server that others wrote they are one `fact`,
    on any operations.
    """

    failures: tuple[Failure, ...]
    fact: str = ""

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that it was seen on."""
        return tuple(sorted({entry.operation for entry in self.failures}))

    @property
    def smallest(self) -> Failure:
        """The one to begin with."""
        return self.failures[0]

    @property
    def count(self) -> int:
        """How many checks have failed for it."""
        return sum(entry.count for entry in self.failures)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The servers that it was seen on."""
        return tuple(sorted({entry.subject for entry in self.failures}))

    @property
    def headline(self) -> str:
        """What is wrong: the server's own reason, or what the check says."""
        if self.fact:
            return self.fact
        return self.smallest.reason or self.smallest.cause or self.smallest.message

    @property
    def checks(self) -> dict[tuple[str, str], int]:
        """Count the failures by part of the proof, and by check or kind of probe."""
        counts: dict[tuple[str, str], int] = {}
        for entry in sorted(self.failures, key=_kind):
            counts[_kind(entry)] = counts.get(_kind(entry), 0) + entry.count
        return counts

    @property
    def seen_by(self) -> str:
        """The checks in words, part by part."""
        parts = groupby(self.checks.items(), key=lambda entry: entry[0][0])
        texts: list[str] = []
        for part, kinds in parts:
            checks = ", ".join(f"{check} ({count})" for (_, check), count in kinds)
            texts.append(f"{part}: {checks}")

        return "; ".join(texts)

    @property
    def text(self) -> str:
        """Describe the cause: operation, fault, checks, and the smallest request that shows it."""
        item = self.smallest
        if self.fact:
            return self._fact_text
        lines = [
            f"{item.package} {item.operation}: {counted(self.count, 'failed check')}",
            f"  {self.headline}",
            f"  on {' and '.join(self.subjects)}; by {self.seen_by}",
            *(
                [f"  for example {item.check}: {item.message}"]
                if self.headline != item.message
                else []
            ),
            item.curl if "\n" in item.curl else f"  {item.curl}",  # Python is pasted as it stands
        ]
        return "\n".join(lines).rstrip()

    @property
    def _fact_text(self) -> str:
        """Describe a fact in four lines: fact, operations, an example, its command."""
        item, names = self.smallest, self.operations
        more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
        example = f"  for example {item.operation}, {item.check}: {item.message}"
        operations = counted(len(names), "operation")
        lines = [
            f"{self.fact}: {operations}, {counted(self.count, 'failed check')}",
            f"  {', '.join(names[:_FEW])}{more}",
            example if len(example) <= _LONGEST else f"{example[:_LONGEST]}…",
            item.curl if "\n" in item.curl else f"  {item.curl}",
        ]
        return "\n".join(lines).rstrip()


def causes(evidence: Evidence) -> list[Cause]:
    """All failures by their causes.

    First those for which the server has said why, for they explain others.
    """
    groups: dict[tuple[str, ...], list[Failure]] = {}
    facts: dict[tuple[str, str, str], list[Failure]] = {}
    for failure in evidence.failures:
        if failure.subject.startswith("http"):
            fact = failure.cause or failure.message
            facts.setdefault((failure.package, failure.subject, fact), []).append(failure)
            continue
        same = (failure.cause,) if failure.cause else (*_kind(failure), failure.message)
        groups.setdefault((failure.package, failure.operation, *same), []).append(failure)

    found = [Cause(tuple(sorted(group, key=_size))) for group in groups.values()]
    found += [Cause(tuple(sorted(group, key=_size)), key[2]) for key, group in facts.items()]
    return sorted(found, key=lambda cause: (not cause.smallest.reason, -len(cause.operations)))


def _kind(failure: Failure) -> tuple[str, str]:
    """The check that has failed.

    Of a probe its family, for each request that is sent has a check of its own.
    """
    return failure.part, failure.check.partition(": ")[0]


def counted(number: int, noun: str) -> str:
    """A number of things."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _size(failure: Failure) -> tuple[bool, int, bool]:
    """Of two requests of one size that to a server as people run it."""
    return not failure.curl, len(failure.curl), UNCHECKED in failure.subject


def serve_commands(found: Iterable[Cause]) -> Iterator[str]:
    """Yield the commands that serve again the packages whose server ended with the proof."""
    flags = {STAND_IN: "", REMEMBERING: " --remember"}
    again = set[tuple[str, str]]()
    for cause in found:
        smallest = cause.smallest
        if SERVED_AGAIN in smallest.curl and not smallest.subject.startswith("http"):
            server = smallest.subject.partition(UNCHECKED)[0]
            again.add((smallest.package, flags.get(server, " --default")))

    for package, flag in sorted(again):
        yield f"bothends serve {package}{flag} --port {PORT_AGAIN}"
