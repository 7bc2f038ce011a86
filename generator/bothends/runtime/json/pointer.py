"""JSON pointers (RFC 6901) from the root of contract.json, with a leading slash."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=65536)
def join(*parts: str | int) -> str:
    """The pointer with these parts, escaped."""
    # RFC 6901 §3: the tilde first, or the one of an escaped slash would be escaped again.
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def split(pointer: str) -> list[str]:
    """The parts of a pointer, unescaped."""
    # RFC 6901 §4: `~1` before `~0`, so that `~01` is the key `~1`.
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
