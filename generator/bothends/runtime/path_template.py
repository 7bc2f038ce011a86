"""Segments of path templates, such as `{name}.{extension}`: written by clients, read by servers.

Example: `fill("{name}.{extension}", {"name": "a.b", "extension": "c"})` is `a%2Eb.c`: as `a.b.c` it
would be read as "a" and "b.c".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import islice
from urllib.parse import quote

VARIABLE = re.compile(r"\{([^{}]*)\}")
_IN_PATHS = "/%?:@!$&'()*+,;=~"
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_MOST_SPLITS = 64


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


def fill(segment: str, texts: Mapping[str, str], read: Callable[[str], Mapping[str, str]]) -> str:
    """Return a segment with the texts of its variables, percent-encoded before.

    Args:
        segment: The segment of a path template.
        texts: The texts by the names of the variables.
        read: What a server reads in the filled segment by the schemas of the parameters.

    Raises:
        TangledError: They would arrive as others.
    """
    names = VARIABLE.findall(segment)
    written = replaced(segment, texts)
    if len(names) < 2 or _read(segment, written) == [texts.get(name) for name in names]:
        return written

    # An unreserved character and its encoding are the same (RFC 3986 §2.3): it separates no more.
    separators = set(_UNRESERVED.findall(VARIABLE.sub("", segment)))
    coded = {name: _encode(texts.get(name, ""), separators) for name in names}
    encoded = replaced(segment, coded)
    if _read(segment, encoded) == [coded[name] for name in names]:
        return encoded

    if any(read(written).get(name) != texts.get(name) for name in names):
        raise TangledError(names[-1])
    return written


def splits(segment: str, written: str) -> Iterator[dict[str, str]]:
    """Yield the ways to read a filled segment, those with the shortest texts first.

    Of `a.b.json` for `{name}.{extension}`: "a" and "b.json", then "a.b" and "json". Each takes time
    in proportion to the text, and there are 64 at most.
    """
    names = VARIABLE.findall(segment)
    first, *between, last = VARIABLE.split(segment)[::2]
    end = len(written) - len(last)
    for places in islice(_separated(written, len(first), end, between), _MOST_SPLITS):
        starts = [len(first)]
        starts += [place + len(text) for place, text in zip(places, between, strict=True)]
        bounds = zip(starts, [*places, end], strict=True)
        yield dict(zip(names, (written[start:stop] for start, stop in bounds), strict=True))


def _separated(text: str, start: int, end: int, literals: list[str]) -> Iterator[list[int]]:
    """Yield where the literals may stand between texts of a character at least, leftmost first."""
    places = _leftmost(text, start, end, literals)
    while places is not None:
        yield places
        for index in reversed(range(len(literals))):
            place = text.find(literals[index], places[index] + 1, end - 1)
            if place < 0:
                continue
            # Where those behind it find no place, they find none further right either.
            behind = place + len(literals[index])
            others = _leftmost(text, behind, end, literals[index + 1 :])
            if others is not None:
                places = [*places[:index], place, *others]
                break
        else:
            return


def _leftmost(text: str, start: int, end: int, literals: list[str]) -> list[int] | None:
    places: list[int] = []
    for literal in literals:
        place = text.find(literal, start + 1, end - 1)
        if place < 0:
            return None
        places.append(place)
        start = place + len(literal)
    return places


def replaced(segment: str, texts: Mapping[str, str]) -> str:
    """Return a segment with texts in the places of its variables, as they are."""
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
