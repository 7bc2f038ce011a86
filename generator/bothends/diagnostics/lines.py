"""Translate between offsets and lines and columns, counted as editors count them."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from functools import cached_property

# YAML 1.1 and Python also break lines at U+0085, U+2028 and form feed; editors and compilers do
# not, so neither do we.
_BREAK = re.compile(r"\r\n|\n|\r")
_LINE_FEED = re.compile(r"\n")


_FEW = 8
"""To count the lines before a few places takes less than to find where each line starts."""


class Lines:
    """The line starts of one text: an unsigned integer per line, found once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._located = 0

    @cached_property
    def _starts(self) -> array[int]:
        starts = array("L", [0])
        # One character is found twice as quickly as one of three.
        breaks = _BREAK if "\r" in self._text else _LINE_FEED
        starts.extend(map(re.Match[str].end, breaks.finditer(self._text)))
        return starts

    def __len__(self) -> int:
        return len(self._starts)

    def locate(self, offset: int) -> tuple[int, int]:
        """The line and column (both from 1, in characters) of an offset into the text."""
        self._located += 1
        if self._located <= _FEW and "\r" not in self._text:
            return self._text.count("\n", 0, offset) + 1, offset - self._text.rfind("\n", 0, offset)

        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def text(self, line: int) -> str:
        """The text of a line (from 1) without its break; empty when there is no such line."""
        if not 1 <= line <= len(self._starts):
            return ""
        end = self._starts[line] if line < len(self._starts) else len(self._text)
        return self._text[self._starts[line - 1] : end].rstrip("\r\n")

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column: what `locate` gives, the other way round."""
        return self._starts[line - 1] + column - 1
