"""What a proof has come to, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bothends.cli.terminal import tabulate
from bothends.counted import counted
from bothends.diagnostics import visible

if TYPE_CHECKING:
    from bothends.prove import Cause, Evidence
    from bothends.prove.evidence.record import Key


# A report of 508 causes was 332 KB on one real server: the terminal shows what fits on two screens.
_MOST_UNTRIED = 24
_MOST_FACTS = 14
_MOST_GAPS = 5
_MOST_NAMES = 3
"""A row of more operations has their number: the table stays as wide as a terminal."""


def summarise_evidence(evidence: Evidence, *, verbose: bool = False) -> str:
    """Counts by server and part; with `verbose`, by operation too.

    Each cause of failures once, with the smallest request; what was not tried; the verdict.
    """
    from bothends.prove import causes

    found = causes(evidence)
    return (
        _table(evidence, verbose=verbose)
        + "".join(_covered(evidence, verbose=verbose))
        + "".join(_described(found))
        + "".join(_again(found))
        + "".join(_untried(evidence))
        + "".join(_inapplicable(evidence))
        + _verdict(evidence, len(found))
    )


def _table(evidence: Evidence, *, verbose: bool) -> str:
    parts: dict[tuple[str, ...], list[Key]] = {}
    for key in sorted(evidence.tallies):
        package, server, operation, part = key[:4]
        name = (package, server, part, operation) if verbose else (package, server, part)
        parts.setdefault(name, []).append(key)

    rows: list[tuple[str, ...]] = []
    for names, keys in parts.items():
        tallies = [evidence.tallies[key] for key in keys]
        operations = sorted({key[2] for key in keys})
        display = ", ".join(operations)
        if len(operations) > _MOST_NAMES:
            display = f"{len(operations)} operations"
        counts = (
            len(tallies),
            *map(sum, zip(*((t.tried, t.failed) for t in tallies), strict=True)),
        )
        rows.append((*names[:3], visible(display), *map(str, counts)))

    head = ("package", "server", "part", "operations", "kinds of check", "tried", "failed")
    return tabulate(head, rows, right=frozenset(head[4:]))


def _covered(evidence: Evidence, *, verbose: bool) -> Iterable[str]:
    """A line per package: how many schema keywords were tried on all sides, and which were not."""
    for package in sorted(evidence.promises):
        for side, done in (("request", "kept and broken"), ("reply", "met")):
            keywords = [
                item for item in evidence.keywords.items() if item[0][:2] == (package, side)
            ]
            full = [key for key, sides in keywords if not sides.gap(key)]
            if keywords:
                yield f"{package}: {len(full)} of {len(keywords)} {side} keywords {done}\n"
            gaps = [
                f"  {sides.gap(key)}: {visible(key[2])}\n"
                for key, sides in sorted(keywords)
                if sides.gap(key)
            ]
            most = len(gaps) if verbose else _MOST_GAPS
            yield from gaps[:most]
            if len(gaps) > most:
                yield f"  and {len(gaps) - most} more: --verbose has all\n"


def _untried(evidence: Evidence) -> Iterable[str]:
    from bothends.prove import untried

    if evidence.untried:
        yield "\nnot tried:\n"
    parts = untried(evidence)
    for part in parts[:_MOST_UNTRIED]:
        yield f"  {part.package} ({', '.join(part.subjects)}): {visible(part.text)}\n"
    if len(parts) > _MOST_UNTRIED:
        yield f"  and {len(parts) - _MOST_UNTRIED} more: --html and --json have all\n"


def _inapplicable(evidence: Evidence) -> Iterable[str]:
    from bothends.prove import inapplicable

    if evidence.inapplicable:
        yield "\n"
    for part in inapplicable(evidence):
        yield f"{part.package} ({', '.join(part.subjects)}): {visible(part.text)}\n"


def _described(found: list[Cause]) -> Iterable[str]:
    """Each cause.

    Facts about a server that others wrote come last, and of many of them only the first, so that
    the report fits on two screens.
    """
    faults = [cause for cause in found if not cause.fact]
    facts = [cause for cause in found if cause.fact]
    for cause in (*faults, *facts[:_MOST_FACTS]):
        yield "\n" + visible(cause.text, keep="\n") + "\n"
    if len(facts) > _MOST_FACTS:
        yield f"\nand {len(facts) - _MOST_FACTS} more: --html and --json have all\n"


def _again(found: list[Cause]) -> Iterable[str]:
    """How to get a server for the curl lines, because that of the proof is gone."""
    from bothends.prove import serve_commands
    from bothends.prove.wire.message import MASK

    commands = [*serve_commands(found)]
    if commands:
        yield "\nto send such a request again, where the log says what goes wrong:\n"

    yield from (f"  {command}\n" for command in commands)
    if any(MASK in item.smallest.curl for item in found):
        yield f"\nin such a request, {MASK} stands for the credential as the request carries it\n"


def _verdict(evidence: Evidence, found: int) -> str:
    from bothends.prove.report.causes import counted

    if evidence.interrupted:
        return f"\nnot proved, because the run did not come to its end: {visible(evidence.interrupted)}\n"
    if evidence.is_proved:
        return f"\nproved: every answer was one that the contract describes{_share(evidence)}\n"
    if evidence.has_fault:
        return (
            "\nnot proved: a fault of bothends ended a part of it, named above; please report it\n"
        )
    if not found:
        return "\nnothing was tried\n"

    failed = sum(failure.count for failure in evidence.failures)
    return f"\nnot proved: {counted(failed, 'failed check')}, {counted(found, 'cause')}\n"


def _share(evidence: Evidence) -> str:
    """Say how much was proved: the values sent, and why something was not tried."""
    from bothends.prove import untried

    drawn = sum(count for count, _ in evidence.draws.values())
    sent = sum(count for _, count in evidence.draws.values())
    shares = [f"{sent:,} of {drawn:,} drawn values went over the wire"] if drawn else []
    if evidence.untried:
        shares.append(f"not all was tried: {counted(len(untried(evidence)), 'reason')} above")
    return f"; {', '.join(shares)}" if shares else ""
