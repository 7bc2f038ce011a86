"""What a proof has come to, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from bothends.cli.terminal import tabulate
from bothends.diagnostics import visible

if TYPE_CHECKING:
    from bothends.prove import Cause, Evidence


def summarise_evidence(evidence: Evidence) -> str:
    """Counts by server and part; each cause of failures once, with the smallest request; what was not tried; the verdict."""
    from bothends.prove import causes

    found = causes(evidence)
    parts = groupby(sorted(evidence.tallies), key=lambda key: (key[0], key[1], key[3]))
    rows: list[tuple[str, ...]] = []

    for (package, subject, part), keys in parts:
        tallies = [evidence.tallies[key] for key in keys]
        tried, failed = sum(one.tried for one in tallies), sum(one.failed for one in tallies)
        rows.append((package, subject, part, str(len(tallies)), str(tried), str(failed)))

    head = ("package", "server", "part", "kinds of check", "tried", "failed")
    table = tabulate(head, rows, right=frozenset(head[3:]))
    return (
        table
        + "".join(_covered(evidence))
        + "".join(map(_told, found))
        + "".join(_again(found))
        + "".join(_untried(evidence))
        + _verdict(evidence, len(found))
    )


def _covered(evidence: Evidence) -> Iterable[str]:
    """A line per package: how many schema keywords were tried on all sides."""
    for package in sorted(evidence.promises):
        for side, done in (("request", "kept and broken"), ("reply", "met")):
            places = {
                location: sides
                for location, sides in evidence.keywords.items()
                if location[:2] == (package, side)
            }
            full = sum(not sides.gap(location) for location, sides in places.items())
            if places:
                yield f"{package}: {full} of {len(places)} {side} keywords {done}\n"


def _untried(evidence: Evidence) -> Iterable[str]:
    if evidence.untried:
        yield "\nnot tried:\n"
    for package, subject, told in sorted(evidence.untried):
        yield f"  {package} ({subject}): {told}\n"


def _told(cause: Cause) -> str:
    return "\n" + visible(cause.text, keep="\n") + "\n"


def _again(found: list[Cause]) -> Iterable[str]:
    """How to get a server for the curl lines, for that of the proof is gone."""
    from bothends.prove import serve_commands
    from bothends.prove.wire.message import MASK

    commands = [*serve_commands(found)]
    if commands:
        yield "\nto send such a request again, where the log says what goes wrong:\n"

    yield from (f"  {command}\n" for command in commands)
    if any(MASK in one.smallest.curl for one in found):
        yield f"\nin such a request, {MASK} stands for the credential as the request carries it\n"


def _verdict(evidence: Evidence, found: int) -> str:
    from bothends.prove.report.causes import counted

    if evidence.is_proved:
        return "\nproved: every answer was one that the contract describes\n"
    if not found:
        return "\nnothing was tried\n"

    failed = sum(one.count for one in evidence.failures)
    return f"\nnot proved: {counted(failed, 'failed check')}, {counted(found, 'cause')}\n"
