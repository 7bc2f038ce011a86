"""For people: `path:line:column: severity[code] message`, the line with a caret, the hint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bothends.diagnostics.excerpt import cut_excerpt
from bothends.diagnostics.finding import Finding, Severity, SourceLocation
from bothends.diagnostics.lines import Lines
from bothends.diagnostics.visible import visible

_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_BOLD, _DIM = "1", "2"


def render_text(findings: Sequence[Finding], sources: Mapping[str, str], *, color: bool) -> str:
    """One block of lines per finding; empty when there are none. `color` adds ANSI colours.

    A line of advice is given once, with the first finding that has it: hundreds may have the same.
    """
    lines: dict[str, Lines] = {}
    provided: set[str] = set()
    return "".join(
        f"{line}\n"
        for finding in findings
        for line in _block(finding, sources, lines, provided, color=color)
    )


def _block(
    finding: Finding,
    sources: Mapping[str, str],
    lines: dict[str, Lines],
    options: set[str],
    *,
    color: bool,
) -> Iterator[str]:
    location = finding.location
    where = f"{_paint(visible(str(location)), _BOLD, color)}: " if location else ""
    label = _paint(
        f"{finding.severity}[{visible(finding.code)}]",
        f"{_BOLD};{_COLORS[finding.severity]}",
        color,
    )
    yield f"{where}{label} {visible(finding.message)}"

    if location and location.path in sources:
        if location.path not in lines:
            lines[location.path] = Lines(sources[location.path])
        yield from _excerpt(location, lines[location.path], _COLORS[finding.severity], color)

    # The same advice under forty findings is read once, and hides the findings.
    advice = [line for line in visible(finding.hint, keep="\n").split("\n") if line not in options]
    options.update(advice)

    if any(advice):
        yield f"  {_paint('hint:', _BOLD, color)} {advice[0]}"
        yield from (f"        {line}" for line in advice[1:])


def _excerpt(location: SourceLocation, lines: Lines, tint: str, color: bool) -> Iterator[str]:
    text = lines.text(location.line)
    if not text.strip():
        return

    excerpt = cut_excerpt(text, location.column)
    gutter = f"{location.line:>5}"
    yield f"{_paint(gutter + ' |', _DIM, color)} {excerpt.text}"
    yield f"{_paint(' ' * len(gutter) + ' |', _DIM, color)} {' ' * excerpt.indent}{_paint('^', tint, color)}"


def _paint(text: str, codes: str, color: bool) -> str:
    return f"\x1b[{codes}m{text}\x1b[0m" if color else text
