"""The evidence as one HTML page that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from .evidence import Evidence

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1c1e21 }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 2rem }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #ddd; vertical-align: top }
td.number, th.number { text-align: right }
.wrong { color: #b00020; font-weight: 600 } .right { color: #1b6e2c } .open { color: #8a5a00 }
pre { background: #f5f5f5; padding: .75rem; overflow-x: auto; white-space: pre-wrap; word-break: break-all }
@media (prefers-color-scheme: dark) {
  body { background: #16181b; color: #e3e5e8 } th, td { border-color: #3a3d42 } pre { background: #222529 }
  .wrong { color: #ff7a85 } .right { color: #7fd18f } .open { color: #e0b25c }
}
"""


def write_page(evidence: Evidence) -> str:
    """The page: what was promised, what was tried, what was wrong."""
    verdict = ("right", "Proved") if evidence.is_proved else ("wrong", "Not proved")
    tried = sum(tally.tried for tally in evidence.tallies.values())
    seeds = ", ".join(map(str, evidence.seeds))
    sections = [
        f'<h1>Evidence: <span class="{verdict[0]}">{verdict[1]}</span></h1>',
        f"<p>{tried:,} checks, {len(evidence.failures)} kinds of failure; seed {escape(seeds)}.</p>",
        _failures(evidence),
        "<h2>What was promised</h2>",
        *(f"<h3>{escape(name)}</h3>{_list(promises)}" for name, promises in sorted(evidence.promises.items())),
        "<h2>What was tried</h2>",
        _checks(evidence),
        "<h2>Schema keywords, on both sides</h2>",
        (
            "<p>How many values kept and how many broke each keyword of the contract's bodies. A reply that breaks one is a"
            " failure; a request keyword that was never broken, or never kept, is not proved.</p>"
        ),
        _keywords(evidence),
        _untried(evidence),
        _excused(evidence),
    ]
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>bothends prove</title>'
        f"<style>{_STYLE}</style>"
    )
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n' + "\n".join(sections) + "\n</body></html>\n"


def _list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def _failures(evidence: Evidence) -> str:
    parts = [
        f"<h3>{escape(f'{one.package} ({one.subject}), {one.operation}: {one.check}')}</h3>"
        f"<p>{escape(one.message)} ({one.count} times; the smallest request:)</p><pre>{escape(one.curl)}</pre>"
        for one in evidence.failures
    ]
    return "<h2>What was wrong</h2>" + "".join(parts) if parts else ""


def _checks(evidence: Evidence) -> str:
    rows = ([*key, f"{tally.tried:,}", str(tally.failed or "")] for key, tally in sorted(evidence.tallies.items()))
    return _table(("package", "server", "operation", "part", "check", "tried", "failed"), rows, {5, 6})


def _keywords(evidence: Evidence) -> str:
    rows = (
        [package, pointer, f"{sides.kept:,}", f"{sides.broken:,}", _open(pointer, sides.kept, sides.broken)]
        for (package, pointer), sides in sorted(evidence.keywords.items())
    )
    return _table(("package", "keyword", "kept", "broken", ""), rows, {2, 3})


def _open(pointer: str, kept: int, broken: int) -> str:
    if "/responses/" in pointer or "/requestBody/" not in pointer:
        return ""
    return "" if kept and broken else "one side only"


def _untried(evidence: Evidence) -> str:
    if not evidence.untried:
        return ""
    return "<h2>What was not tried</h2>" + _table(
        ("package", "server", "what, and why"), map(list, sorted(evidence.untried)), set()
    )


def _excused(evidence: Evidence) -> str:
    if not evidence.excused:
        return ""
    rows = ([package, reason, f"{count:,}"] for (package, reason), count in sorted(evidence.excused.items()))
    return "<h2>Verdicts of the fuzzer that were overruled</h2>" + _table(("package", "reason", "times"), rows, {2})


def _table(head: Iterable[str], rows: Iterable[list[str]], right: set[int]) -> str:
    def cells(row: Iterable[str], tag: str) -> str:
        marks = (' class="number"' if index in right else "" for index in range(100))
        return "".join(f"<{tag}{mark}>{escape(cell)}</{tag}>" for mark, cell in zip(marks, row, strict=False))

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return f"<table><thead><tr>{cells(head, 'th')}</tr></thead><tbody>{body}</tbody></table>"
