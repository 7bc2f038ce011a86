"""Segments of path templates, such as `{name}.{extension}`: written by clients, read by servers.

Example: `fill("{name}.{extension}", {"name": "a.b", "extension": "c"})` is `a%2Eb.c`: as `a.b.c` it
would be read as "a" and "b.c".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import quote

VARIABLE = re.compile(r"\{([^{}]*)\}")
_IN_PATHS = "/%?:@!$&'()*+,;=~"
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")


class TangledError(ValueError):
    """Two parameters of a segment that a reader would tell apart in another way."""


@cache
def wire_template(template: str) -> str:
    """Return a path template with its literal text as it goes over the wire (RFC 3986 §3.3).

    `/größe/{id}` is sent as `/gr%C3%B6%C3%9Fe/{id}`. What is percent-encoded already stays so.
    """
    pieces = re.split(r"(\{[^{}]*\})", template)
    pieces[::2] = [quote(piece, safe=_IN_PATHS) for piece in pieces[::2]]
    return "".join(pieces)


@cache
def pattern_of(segment: str, character: str = "[^/]") -> re.Pattern[str]:
    """Return what matches a segment on the wire, with one group for each variable.

    Each variable but the last is the shortest text before the literal behind it. A longer one never
    helps, and looking for one takes minutes: `{a}-{b}-{c}.json` and 2 KB of `a-a-a-`. A lookahead
    is never entered twice, so what it found stays.

    Args:
        segment: The segment of a path template.
        character: The pattern of one character of a variable's text.
    """
    literals = [re.escape(literal) for literal in VARIABLE.split(segment)[::2]]
    text, *behind = literals
    for number, literal in enumerate(behind, start=1):
        is_last = number == len(behind)
        group = f"({character}+?)"
        # In a group of its own: the digits of a literal behind it would belong to the number.
        text += group + literal if is_last else rf"(?={group}{literal})(?:\{number}){literal}"

    return re.compile(text, re.DOTALL)


def fill(segment: str, texts: Mapping[str, str]) -> str:
    """Return a segment with the texts of its variables, percent-encoded before.

    Raises:
        TangledError: They would arrive as others.
    """
    names = VARIABLE.findall(segment)
    written = _replace(segment, texts)
    if len(names) < 2 or _read(segment, written) == [texts.get(name) for name in names]:
        return written

    # An unreserved character and its encoding are the same (RFC 3986 §2.3): it separates no more.
    separators = set(_UNRESERVED.findall(VARIABLE.sub("", segment)))
    coded = {name: _encode(texts.get(name, ""), separators) for name in names}
    written = _replace(segment, coded)
    if _read(segment, written) != [coded[name] for name in names]:
        raise TangledError(names[-1])
    return written


def _replace(segment: str, texts: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda found: texts.get(found[1], found[0]), segment)


def _read(segment: str, written: str) -> list[str]:
    found = pattern_of(segment).fullmatch(written)
    return [] if found is None else list(found.groups())


def _encode(text: str, separators: set[str]) -> str:
    # What is encoded already stays so: its digits are not characters of the text.
    parts = re.split(r"(%[0-9A-Fa-f]{2})", text)
    for index in range(0, len(parts), 2):
        coded = (f"%{ord(one):02X}" if one in separators else one for one in parts[index])
        parts[index] = "".join(coded)
    return "".join(parts)
