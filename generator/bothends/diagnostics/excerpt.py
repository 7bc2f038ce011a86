"""Cut the contract's line around a finding and put a caret below the character."""

from __future__ import annotations

from dataclasses import dataclass

from bothends.diagnostics.visible import visible, width

WIDEST = 100
_BEFORE = 60


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A shown line, and how many terminal columns lie left of the caret."""

    text: str
    indent: int


def cut_excerpt(line: str, column: int) -> Excerpt:
    """Return the part of `line` around `column` (from 1), about `WIDEST` characters at most."""
    pointer = min(max(column - 1, 0), len(line))
    start = 0
    if len(line) > WIDEST:
        start = max(0, min(pointer - _BEFORE, len(line) - WIDEST))

    end = min(len(line), start + WIDEST)
    before = _visible_line(line[start:pointer])
    after = _visible_line(line[pointer:end])
    left = "…" if start else ""
    right = "…" if end < len(line) else ""

    return Excerpt(f"{left}{before}{after}{right}", width(left + before))


def _visible_line(text: str) -> str:
    return visible(text.replace("\t", "    "))
