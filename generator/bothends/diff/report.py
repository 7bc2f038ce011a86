"""Render changes as text, JSON, Markdown for a pull request, or findings for CI."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from itertools import groupby

from bothends.diagnostics import Finding, Severity, visible
from bothends.diff.change import Change, Verdict, version_step
from bothends.runtime.operation import MISSING

_SEVERITIES = {
    Verdict.BREAKING: Severity.ERROR,
    Verdict.UNKNOWN: Severity.WARNING,
    Verdict.COMPATIBLE: Severity.INFO,
    Verdict.NOTE: Severity.INFO,
}
_MOST_SUBJECTS = 3


def render_text(changes: Sequence[Change]) -> str:
    """The changes by verdict, one block each, and a last line that counts them."""
    wire = [change for change in changes if not _is_of_python(change)]
    python = [change for change in changes if _is_of_python(change)]
    lines: list[str] = []

    for title, part in (("on the wire", wire), ("for Python callers", python)):
        for verdict, group in groupby(part, key=lambda change: change.verdict):
            lines.append(f"{verdict} {title}:")
            for change in group:
                lines += _block(change)
            lines.append("")

    lines.append(summary(changes))
    return "\n".join(visible(line) for line in lines) + "\n"


def render_markdown(changes: Sequence[Change]) -> str:
    """A table for a pull request."""
    if not changes:
        return "The contract allows what it allowed before.\n"

    lines = ["| | where | what | example |", "|---|---|---|---|"]
    for change in changes:
        example = visible(change.witness.text) if change.witness else ""
        # In code nothing is markup but these two.
        code = example.replace("|", "\\|").replace("`", "'")
        where = "<br>".join(_prose(text) for text in (_subjects(change), *_places(change)[-1:]))
        cells = (
            f"**{change.verdict}**",
            where,
            _prose(change.message),
            f"`{code}`" if code else "",
        )
        lines.append(f"| {' | '.join(cells)} |")

    return "\n".join([*lines, "", summary(changes), ""])


def render_json(changes: Sequence[Change]) -> str:
    """`{"changes": […], "version": "major"}`, each change with all that is known of it."""
    listed = [asdict(change) for change in changes]
    for change in listed:
        # An example that is no JSON value, such as a server that is gone, is text alone.
        if change["witness"] and change["witness"]["value"] is MISSING:
            del change["witness"]["value"]
    return json.dumps({"changes": listed, "version": version_step(changes)}, indent=1) + "\n"


def as_findings(changes: Iterable[Change]) -> list[Finding]:
    """The changes as findings: breaking is an error, unknown a warning, the rest an information."""
    findings: list[Finding] = []
    for change in changes:
        location = change.new or change.old
        if location is not None and location.path.startswith("git:"):
            # As one of the file of that name: no CI system knows the revision.
            location = replace(location, path=location.path.split(":", 2)[2])

        message = f"{change.verdict}: {_subjects(change)}: {change.message}"
        example = f"for example: {change.witness.text}" if change.witness else ""
        severity = _SEVERITIES[change.verdict]
        findings.append(Finding(f"diff-{change.code}", severity, message, location, example))

    return findings


def in_one_line(change: Change) -> str:
    """`breaking: GET /tides: the operation is gone`."""
    return visible(f"{change.verdict}: {_subjects(change)}: {change.message}")


def summary(changes: Sequence[Change]) -> str:
    """`2 breaking, 1 compatible; the next version is a major one`."""
    verdicts = [change.verdict for change in changes]
    counts = [f"{verdicts.count(verdict)} {verdict}" for verdict in Verdict if verdict in verdicts]
    if not counts:
        return "no changes; the next version is a patch"

    step = version_step(changes)
    return f"{', '.join(counts)}; the next version is a {step} one"


def _is_of_python(change: Change) -> bool:
    return change.code.startswith("python-")


def _block(change: Change) -> Iterator[str]:
    yield f"  {_subjects(change)}: {change.message}  [{change.code}]"
    places = _places(change)
    if places:
        yield f"      {' → '.join(places)}"
    if change.witness:
        yield f"      for example: {change.witness.text}"


def _places(change: Change) -> list[str]:
    """Where in the old contract, and where in the new one."""
    return [str(location) for location in (change.old, change.new) if location is not None]


def _subjects(change: Change) -> str:
    listed = ", ".join(change.subjects[:_MOST_SUBJECTS])
    more = len(change.subjects) - _MOST_SUBJECTS
    return f"{listed} and {more} more" if more > 0 else listed


def _prose(text: str) -> str:
    """A text of a cell that is no code: what a name of the contract says is no link and no image.

    A mention would notify people (`@everyone`), so it is broken by a space without a width.
    """
    plain = re.sub(r"([\\\[\]*~])", r"\\\1", visible(text))
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace("@", "@&#8203;")
    return plain.replace("|", "\\|").replace("`", "'")
