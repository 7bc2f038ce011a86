"""Counts in messages: `counted(1, "place")` is "1 place", `counted(2, "place")` "2 places"."""

from __future__ import annotations


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun, in the plural where it is not one.

    Args:
        count: How many there are.
        noun: One of them.
        plural: Several of them, where that is not the noun with an "s".
    """
    return f"1 {noun}" if count == 1 else f"{count:,} {plural or noun + 's'}"
