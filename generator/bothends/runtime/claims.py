"""Marks on stand-ins: which documented statements a piece of behaviour keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def keeps(*claims: str) -> Callable[[T], T]:
    """A decorator that changes nothing: it names the claims that the function keeps."""
    if not claims or any(callable(claim) for claim in claims):
        raise TypeError("keeps() takes the ids of claims, as text")
    return lambda kept: kept
