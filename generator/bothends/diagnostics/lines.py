"""Translate between offsets and lines and columns, counted as editors count them."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right

# YAML 1.1 and Python also break lines at U+0085, U+2028 and form feed; editors and compilers do
# not, so neither do we.
_BREAK = re.compile(r"\r\n|\n|\r")
_LINE_FEED = re.compile(r"\n")


class Lines:
    """The line starts of one text: an unsigned integer per line, found once."""

    __slots__ = ("_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = array("L", [0])
        # One character is found twice as quickly as one of three.
        breaks = _BREAK if "\r" in text else _LINE_FEED
        self._starts.extend(map(re.Match[str].end, breaks.finditer(text)))

    def __len__(self) -> int:
        return len(self._starts)

    def locate(self, offset: int) -> tuple[int, int]:
        """The line and column (both from 1, in characters) of an offset into the text."""
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
