"""Credentials of a client: a value, or a function that returns a fresh one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

Secret = str | Callable[[], str]
"""A token or key."""

Login = tuple[str, str] | Callable[[], tuple[str, str]]
"""A user name and a password."""

DigestLogin: TypeAlias = Login | Secret
"""A user name and a password, or the whole text after `Digest` in the header."""

AsyncSecret = str | Callable[[], str | Awaitable[str]]
"""A token or key; the function may be async."""

AsyncLogin = tuple[str, str] | Callable[[], tuple[str, str] | Awaitable[tuple[str, str]]]
"""A user name and a password; the function may be async."""

AsyncDigestLogin: TypeAlias = AsyncLogin | AsyncSecret
"""A user name and a password, or the text after `Digest`; the function may be async."""
