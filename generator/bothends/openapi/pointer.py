"""JSON Pointers (RFC 6901) as text: `""` is the whole document."""

from __future__ import annotations


def escape(part: str) -> str:
    """One key as it is written inside a pointer."""
    # `~` first: the other way round `/` would become `~01`.
    return part.replace("~", "~0").replace("/", "~1")


def unescape(part: str) -> str:
    """One part of a pointer as the key it stands for."""
    # `~1` first: the other way round `~01` would become `/` (RFC 6901 §4).
    return part.replace("~1", "/").replace("~0", "~")


def join(*parts: str | int) -> str:
    """The pointer made of these keys and indexes."""
    return below("", *parts)


def below(pointer: str, *parts: str | int) -> str:
    """The pointer that goes from `pointer` down through these keys and indexes."""
    # Called for each node of a contract, a million times for a large one; few keys need escaping.
    for part in parts:
        text = part if isinstance(part, str) else str(part)
        if "~" in text or "/" in text:
            text = escape(text)
        pointer = f"{pointer}/{text}"
    return pointer


def split(pointer: str) -> list[str]:
    """The keys of a pointer, unescaped; a text that does not start with `/` has none."""
    parts = pointer.split("/")[1:]
    # Called a million times for a large contract; few keys are escaped.
    return [unescape(part) for part in parts] if "~" in pointer else parts


def parent(pointer: str) -> str:
    """The pointer one level up; that of the whole document is itself."""
    return pointer.rpartition("/")[0]
