"""JSON pointers (RFC 6901) from the root of contract.json, with a leading slash."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=65536)
def join(*parts: str | int) -> str:
    """The pointer with these parts, escaped."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def split(pointer: str) -> list[str]:
    """The parts of a pointer, unescaped."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
