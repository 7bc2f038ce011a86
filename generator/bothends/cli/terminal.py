"""How results look: colour and progress at a terminal, plain text elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bothends.diagnostics import Finding, Severity, render, visible

_UNLIMITED = 10_000
_DIFF_COLORS = {"+": "32", "-": "31", "@": "36"}


def wants_color(stream: TextIO) -> bool:
    """Whether the reader of this stream is a terminal that shows colour (https://no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (
        stream.isatty() and os.environ.get("TERM") != "dumb"
    )


def show_findings(findings: Iterable[Finding], sources: Mapping[str, str], stream: TextIO) -> None:
    """Print the findings for people."""
    print(render(findings, "text", sources, color=wants_color(stream)), end="", file=stream)


def show_problem(message: str, *, hint: str = "") -> None:
    """Print one line about the flags or the disk to stderr."""
    show_findings([Finding("misuse", Severity.ERROR, message, hint=hint)], {}, sys.stderr)


def paint_diff(difference: str, stream: TextIO) -> str:
    """Colour a unified diff where the stream shows colour, and escape control characters."""
    # A contract could hold escape sequences that repaint the terminal.
    lines = (visible(line, keep="\t") for line in difference.splitlines())
    if not wants_color(stream):
        return "\n".join(lines)

    return "\n".join(
        f"\x1b[{_DIFF_COLORS[line[:1]]}m{line}\x1b[0m" if line[:1] in _DIFF_COLORS else line
        for line in lines
    )


def summarise(findings: Iterable[Finding], contracts: int) -> str:
    """`3 contracts: 1 error, 2 warnings`."""
    levels = [finding.severity for finding in findings]
    counts = [_count(number, str(level)) for level in Severity if (number := levels.count(level))]
    return f"{_count(contracts, 'contract')}: {', '.join(counts) or 'no findings'}"


def _count(number: int, noun: str) -> str:
    takes_no_s = noun == "info" or number == 1
    return f"{number} {noun}" if takes_no_s else f"{number} {noun}s"


def tabulate(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, right: frozenset[str] = frozenset()
) -> str:
    """Lay out a table as text. At a terminal long cells wrap; elsewhere each row is one line."""
    at_terminal = sys.stdout.isatty()
    text = StringIO()
    console = Console(
        file=text,
        # A row that is cut at 80 columns in a pipe could not be searched by `grep`.
        width=None if at_terminal else _UNLIMITED,
        force_terminal=False,
        color_system=None,
    )
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    for title in head:
        table.add_column(
            title,
            justify="right" if title in right else "left",
            overflow="fold",
            no_wrap=not at_terminal,
        )

    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row))

    console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())


@contextmanager
def progress() -> Generator[Callable[[str], None], None, None]:
    """Give a function that shows the present step; unless stderr is a terminal, it does nothing."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _step: None
        return

    with console.status("") as status:
        yield lambda step: status.update(Text(visible(step)))
