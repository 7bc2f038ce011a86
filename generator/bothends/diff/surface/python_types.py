"""Does one annotation take all that another does? Decided where both are unions of plain types.

Worked example. `Literal["a"] | None` became `str`: who passes None is refused, and who passes "a"
is not. `list[int]` became `list[int | None]`: lists are invariant, so only a type checker can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bothends.diff.change import Verdict

_LITERAL = re.compile(r"Literal\[(.*)\]", re.DOTALL)
_GENERIC = re.compile(r"(?!Literal)(\w+)\[(.*)\]", re.DOTALL)
_ARGUMENTS = re.compile(r"(?!Literal)\w+\[")
"""A generic type with its arguments."""

_WIDER = {"int": ("float",), "bool": ("int", "float")}
"""What a type checker takes for another (PEP 484, the numeric tower)."""


def narrows(old: Iterable[str], new: Iterable[str]) -> Verdict:
    """Judge an argument whose type changed: whether all that it took is still taken.

    For a result, the other way round: whether all that it gives now was given before.
    """
    now = {member for text in new for member in _members(text)}
    missing = [member for text in old for member in _members(text) if not _is_taken(member, now)]
    if not missing:
        return Verdict.COMPATIBLE

    heads = {member.partition("[")[0] for member in now if _ARGUMENTS.match(member)}
    if all(_ARGUMENTS.match(each) and each.partition("[")[0] in heads for each in missing):
        return Verdict.UNKNOWN
    return Verdict.BREAKING


def takes_same(old: Iterable[str], new: Iterable[str]) -> bool:
    """Whether each of two types takes what the other does: `Literal[1, 2]` and `Literal[2, 1]`."""
    return narrows(old, new) is narrows(new, old) is Verdict.COMPATIBLE


def overlaps(old: Iterable[str], new: Iterable[str]) -> bool:
    """Whether some value may be of both types."""
    return any(
        narrows([member], new) is not Verdict.BREAKING for text in old for member in _members(text)
    )


def _is_taken(member: str, members: set[str]) -> bool:
    if member in members or "Any" in members or "object" in members:
        return True
    if member.startswith("Literal["):
        value = member[len("Literal[") : -1]
        if value[:1] in "\"'":
            return "str" in members
        return _is_taken("bool" if value in ("True", "False") else "int", members)
    return any(wider in members for wider in _WIDER.get(member, ()))


def _members(text: str) -> Iterator[str]:
    """The alternatives of a union, those of a `Literal` each as one of its own."""
    for alternative in _split(text, "|"):
        literal, generic = _LITERAL.fullmatch(alternative), _GENERIC.fullmatch(alternative)
        if generic is not None:
            # The order of a union means nothing inside another type either.
            arguments = (sorted(_members(each)) for each in _split(generic[2], ","))
            yield f"{generic[1]}[{', '.join(map(' | '.join, arguments))}]"
        elif literal is None:
            yield alternative
        else:
            yield from (f"Literal[{value}]" for value in _split(literal[1], ","))


def _split(text: str, separator: str) -> list[str]:
    """The parts between separators that are in no brackets and no quotes."""
    parts, depth, quote = [""], 0, ""
    for index, character in enumerate(text):
        if quote:
            is_end = character == quote and text[index - 1] != "\\"
            quote = "" if is_end else quote
        elif character in "\"'":
            quote = character
        depth += (character in "[(") - (character in "])") if not quote else 0

        if character == separator and depth == 0 and not quote:
            parts.append("")
        else:
            parts[-1] += character

    return [part.strip() for part in parts if part.strip()]
