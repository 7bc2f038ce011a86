"""The syntax tree of a Python text that somebody else wrote; the text is never run."""

from __future__ import annotations

import ast


def parse_python(text: str | bytes) -> ast.Module:
    """Read a text.

    Raises:
        SyntaxError: it is not Python, or nests more deeply than Python reads.
    """
    try:
        return ast.parse(text)
    except (RecursionError, MemoryError):  # Python's parser has a stack of its own
        raise SyntaxError("it is nested too deeply") from None
    except ValueError as error:  # NUL, and integers of thousands of digits
        raise SyntaxError(str(error)) from None
