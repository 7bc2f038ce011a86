"""Chooses the key of a component that is made beside those that a contract has."""

from __future__ import annotations

from collections.abc import Container


def free_key(expected: str, used: Container[str], separator: str = ".") -> str:
    """Return `expected`, or if it is used, `expected.2`, `expected.3` and so on."""
    key, number = expected, 2
    while key in used:
        key, number = f"{expected}{separator}{number}", number + 1
    return key
