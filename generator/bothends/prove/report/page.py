"""The evidence as one HTML page that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import groupby

from bothends.diagnostics import visible
from bothends.prove.evidence.record import REPLY, REQUEST, Evidence, Key, Tally
from bothends.prove.report.causes import Cause, causes, counted, serve_commands
from bothends.prove.report.untried import inapplicable, untried

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; color: #1c1e21 }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2.5rem } h3 { font-size: 1rem; margin-bottom: .25rem }
ul.facts { list-style: none; display: flex; flex-wrap: wrap; gap: .75rem; padding: 0 }
ul.facts li { background: #f5f5f5; border-radius: .5rem; padding: .5rem 1rem }
ul.facts strong { display: block; font-size: 1.3rem }
table { border-collapse: collapse; margin: .5rem 0 1rem; min-width: 30rem }
th, td { text-align: left; padding: .2rem 1rem .2rem 0; border-bottom: 1px solid #ddd; vertical-align: top; overflow-wrap: anywhere }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
details { margin: .25rem 0 } summary { cursor: pointer; padding: .2rem 0 } details table { margin-left: 1.2rem }
.wrong { color: #b00020; font-weight: 600 } .right { color: #1b6e2c }
article { border-left: 3px solid #b00020; padding: 0 0 0 1rem; margin: 1rem 0 }
pre { background: #f5f5f5; padding: .75rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere }
@media (prefers-color-scheme: dark) {
  body { background: #16181b; color: #e3e5e8 } th, td { border-color: #3a3d42 } pre, ul.facts li { background: #222529 }
  .wrong { color: #ff7a85 } .right { color: #7fd18f } article { border-color: #ff7a85 }
}
"""


# The page loads and runs nothing, whatever texts of a contract or a server are in it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_page(evidence: Evidence) -> str:
    """The page: what was promised, what was tried, what was wrong."""
    promises = [_promises(evidence, package) for package in sorted(evidence.promises)]
    sections = [
        _head(evidence),
        _failures(evidence),
        "<h2>What was promised, and how often it was tried</h2>",
        *promises,
        _untried(evidence),
        _inapplicable(evidence),
        "<h2>Schema keywords, on both sides</h2>",
        (
            "<p>How many values kept and how many broke each keyword of the contract. A request "
            "keyword is proved when both sides were tried: what keeps it was taken, what breaks it "
            "was refused. A reply keyword is when it was met: a reply that breaks the contract is a "
            "failure, and what breaks one of several alternatives may keep another.</p>"
        ),
        _keywords(evidence),
        "<h2>Every check</h2>",
        _checks(evidence),
        _excused(evidence),
    ]
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width"><title>bothends prove</title>'
        f"<style>{_STYLE}</style>"
    )
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n'
        + visible("\n".join(sections), keep="\n\t")
        + "\n</body></html>\n"
    )


def _head(evidence: Evidence) -> str:
    kind, verdict = ("right", "proved") if evidence.is_proved else ("wrong", "not proved")
    tried = sum(tally.tried for tally in evidence.tallies.values())
    facts = [
        (f"{tried:,}", "checks"),
        (f"{len(causes(evidence)):,}", "causes of failures"),
        (f"{sum(failure.count for failure in evidence.failures):,}", "failed checks"),
        (f"{sum(map(len, evidence.promises.values())):,}", "operations"),
        (_full(evidence, REQUEST), "request keywords kept and broken"),
        (_full(evidence, REPLY), "reply keywords met"),
        (", ".join(map(str, evidence.seeds)), "seed"),
    ]
    cards = ""
    for value, noun in facts:
        cards += f"<li><strong>{escape(value)}</strong> {escape(noun)}</li>"

    packages = escape(", ".join(sorted(evidence.promises)))
    title = f'<h1>{packages}: <span class="{kind}">{verdict}</span></h1>'
    return f'{title}<ul class="facts">{cards}</ul>'


def _full(evidence: Evidence, side: str) -> str:
    keywords = [item for item in evidence.keywords.items() if item[0][1] == side]
    gaps = [sides.gap(key) for key, sides in keywords]
    return f"{gaps.count(''):,} of {len(gaps):,}"


def _promises(evidence: Evidence, package: str) -> str:
    """A line per operation, with the checks of each server that answered for it."""
    counts: dict[tuple[str, str], Tally] = {}
    for (tried_package, subject, operation, _, _), tally in evidence.tallies.items():
        if tried_package == package:
            total = counts.setdefault((operation, subject), Tally())
            total.tried += tally.tried
            total.failed += tally.failed

    subjects = sorted({subject for _, subject in counts})
    rows: list[list[str]] = []
    for promise in evidence.promises[package]:
        # A promise ends with its operation in brackets: `GET /tides (listTides)`.
        operation = promise.rpartition(" (")[2].removesuffix(")")
        rows.append([promise, *(_cell(counts.get((operation, name))) for name in subjects)])

    table = _table(("operation", *subjects), rows, set(range(1, len(subjects) + 1)))
    return f"<h3>{escape(package)}</h3>{table}"


def _cell(tally: Tally | None) -> str:
    if tally is None:
        return "not tried"
    if tally.failed:
        return f"{tally.tried:,}, {tally.failed:,} failed"
    return f"{tally.tried:,}"


def _failures(evidence: Evidence) -> str:
    """An article for each cause; the checks that have seen it are folded, for there are many."""
    found = causes(evidence)
    if not found:
        return ""

    text = "<h2>What was wrong</h2>" + "".join(map(_cause, found))
    commands = [*serve_commands(found)]
    if commands:
        text += "<p>A server for these requests, whose log says what goes wrong:</p>"
        text += "".join(f"<pre>{escape(command)}</pre>" for command in commands)
    return text


def _cause(cause: Cause) -> str:
    item = cause.smallest
    rows: list[list[str]] = []
    for each in cause.failures:
        count = f"{each.count:,}"
        rows.append([each.operation, each.subject, each.part, each.check, each.message, count])
    checks = _table(("operation", "server", "part", "check", "what it says", "failed"), rows, {5})

    smallest = ""
    if item.curl:
        example = escape(f"{item.check}: {item.message}")
        smallest = f"<p>The smallest: {example}</p><pre>{escape(item.curl)}</pre>"

    subject = item.operation
    if len(cause.operations) > 1:
        subject = counted(len(cause.operations), "operation")
    head = escape(f"{item.package}, {subject}: {cause.headline}")
    summary = escape(f"{counted(cause.count, 'failed check')} on {' and '.join(cause.subjects)}")
    return f"<article><h3>{head}</h3>{smallest}{_folded(summary, checks)}</article>"


def _checks(evidence: Evidence) -> str:
    """Folded by package, server and part: there are many."""
    parts = groupby(sorted(evidence.tallies), key=lambda key: (key[0], key[1], key[3]))
    return "".join(_part(evidence, *pointer, list(keys)) for pointer, keys in parts)


def _part(evidence: Evidence, package: str, subject: str, part: str, keys: list[Key]) -> str:
    tallies = [evidence.tallies[key] for key in keys]
    tried = sum(entry.tried for entry in tallies)
    failed = sum(entry.failed for entry in tallies)
    rows: list[list[str]] = []
    for (_, _, operation, _, check), entry in zip(keys, tallies, strict=True):
        rows.append([operation, check, f"{entry.tried:,}", str(entry.failed or "")])

    summary = escape(f"{package} ({subject}), {part}: {tried:,} of {len(keys):,} kinds")
    if failed:
        summary += f' <span class="wrong">{failed:,} failed</span>'
    return _folded(summary, _table(("operation", "check", "tried", "failed"), rows, {2, 3}))


def _keywords(evidence: Evidence) -> str:
    """Those with a gap first, the others folded."""
    sections: list[str] = []
    by_side = groupby(sorted(evidence.keywords), key=lambda key: (key[0], key[1]))
    for (package, side), keys in by_side:
        gaps: list[list[str]] = []
        full: list[list[str]] = []
        for key in keys:
            sides = evidence.keywords[key]
            row = [key[2], f"{sides.kept:,}", f"{sides.broken:,}"]
            if gap := sides.gap(key):
                gaps.append([*row, gap])
            else:
                full.append(row)

        share = f"{len(full):,} of {len(gaps) + len(full):,}"
        sections.append(f"<h3>{escape(package)}: {side} keywords, {share}</h3>")
        if gaps:
            sections.append(_table(("keyword", "kept by", "broken by", "gap"), gaps, {1, 2}))
        table = _table(("keyword", "kept by", "broken by"), full, {1, 2})
        sections.append(_folded(f"{len(full):,} without a gap", table))

    return "".join(sections)


def _folded(summary: str, content: str) -> str:
    return f"<details><summary>{summary}</summary>{content}</details>"


def _untried(evidence: Evidence) -> str:
    if not evidence.untried:
        return ""

    rows = [[item.package, ", ".join(item.subjects), item.text] for item in untried(evidence)]
    table = _table(("package", "server", "what, and why"), rows, set())
    return "<h2>What was not tried</h2>" + table


def _inapplicable(evidence: Evidence) -> str:
    if not evidence.inapplicable:
        return ""

    rows = [[item.package, ", ".join(item.subjects), item.text] for item in inapplicable(evidence)]
    return "<h2>What is not applicable</h2>" + _table(("package", "server", "what"), rows, set())


def _excused(evidence: Evidence) -> str:
    if not evidence.excused:
        return ""

    rows: list[list[str]] = []
    for (package, reason), count in sorted(evidence.excused.items()):
        rows.append([package, reason, f"{count:,}"])
    return "<h2>What was let pass, and why</h2>" + _table(("package", "reason", "times"), rows, {2})


def _table(head: Iterable[str], rows: Iterable[list[str]], right: set[int]) -> str:
    """A table; the columns in `right` hold numbers."""

    def cells(row: Iterable[str], tag: str) -> str:
        text = ""
        for index, cell in enumerate(row):
            mark = ' class="number"' if index in right else ""
            text += f"<{tag}{mark}>{escape(cell)}</{tag}>"
        return text

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return f"<table><thead><tr>{cells(head, 'th')}</tr></thead><tbody>{body}</tbody></table>"
