"""Documentation: what the contract says in words, laid out for docstrings."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from functools import lru_cache

from bothends import ir
from bothends.emit.types import annotation

WIDTH = 100
"""How wide a line of documentation may be, its indentation included."""


def wrap(text: str, *, indent: int = 0) -> str:
    """Break long lines at spaces; the author's own lines and their indentation stay."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        own = line[: len(line) - len(line.lstrip())]
        marker = re.match(r"\s*(?:[-*+]|\d+[.)])\s+", line)
        # Vendors write lists and tables in Markdown; joined lines would lose them.
        lines += _broken(line.strip(), indent, own, " " * len(marker[0]) if marker else own) or [""]

    return "\n".join(lines)


# Both clients and the handler say the same words: six of seven lines are broken more than once.
@lru_cache(maxsize=4096)
def _broken(line: str, indent: int, first: str, remainder: str) -> tuple[str, ...]:
    lines = textwrap.wrap(
        line,
        width=max(40, WIDTH - indent),
        initial_indent=first,
        subsequent_indent=remainder,
        # A URL that is broken cannot be followed.
        break_long_words=False,
        break_on_hyphens=False,
    )
    return tuple(lines)


def paragraphs(*parts: str, indent: int = 0) -> str:
    """Parts of a docstring with a blank line between them; empty ones vanish."""
    return "\n\n".join(wrap(part, indent=indent) for part in parts if part.strip())


def section(title: str, entries: Iterable[tuple[str, str]], *, indent: int = 0) -> str:
    """A section such as `Args:` with an entry per name."""
    lines = [f"{title}:"]
    for name, text in entries:
        message = f"{name}: {one_paragraph(text)}" if text.strip() else name
        lines += _broken(message, indent, " " * 4, " " * 8)
    return "\n".join(lines) if len(lines) > 1 else ""


def one_paragraph(text: str) -> str:
    """Text without its line breaks."""
    return " ".join(text.split())


def sentence(text: str) -> str:
    """Text that ends like a sentence."""
    text = text.strip()
    return text if not text or text[-1] in ".!?:" else f"{text}."


def joined(*parts: str) -> str:
    """Sentences one after the other."""
    return " ".join(sentence(part) for part in parts if part.strip())


def body_phrase(reply: ir.Reply) -> str:
    """What `.body` of an error is."""
    if isinstance(reply.contents, ir.NoBody):
        return "There is no body."
    return f"`.body` is {types_of(reply.contents)}."


def types_of(contents: Iterable[ir.Content]) -> str:
    """The types of a body, each once: three kinds of picture are `bytes` all the same."""
    names = dict.fromkeys(str(annotation(content.type)) for content in contents)
    return " or ".join(f"`{name}`" for name in names)


def notes(reply: ir.Reply) -> list[str]:
    """What is to be known of media types whose content is carried as it is."""
    contents = () if isinstance(reply.contents, ir.NoBody) else reply.contents
    return [content.note for content in contents if content.note]
