"""The credentials that one client holds: values, or what functions gave when they were last asked."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Mapping
from typing import Any

import anyio


class Credentials:
    """Credentials by the name of their scheme. A function is asked once, and again for a fresh one."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = {name: credential for name, credential in given.items() if credential is not None}
        self._values: dict[str, Any] = {}
        self._lock = threading.Lock()

    def take(self, names: tuple[str, ...]) -> dict[str, Any]:
        """The values of these schemes."""
        with self._lock:
            return {name: self._value(name) for name in names}

    def renew(self, stale: Mapping[str, Any]) -> dict[str, Any] | None:
        """Fresh values in place of stale ones, or None when there is no function to ask."""
        if not any(callable(self.given[name]) for name in stale):
            return None
        with self._lock:
            self._forget(stale)
            return {name: self._value(name) for name in stale}

    def _forget(self, stale: Mapping[str, Any]) -> None:
        for name, value in stale.items():
            if self._values.get(name) == value:  # else another thread has renewed it already
                self._values.pop(name, None)

    def _value(self, name: str) -> Any:
        credential = self.given[name]
        if not callable(credential):
            return credential
        if name not in self._values:
            self._values[name] = credential()
        return self._values[name]


class AsyncCredentials:
    """The same for async clients: functions may be async."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = {name: credential for name, credential in given.items() if credential is not None}
        self._values: dict[str, Any] = {}
        self._lock: anyio.Lock | None = None

    async def take(self, names: tuple[str, ...]) -> dict[str, Any]:
        """The values of these schemes."""
        async with self._locked():
            return {name: await self._value(name) for name in names}

    async def renew(self, stale: Mapping[str, Any]) -> dict[str, Any] | None:
        """Fresh values in place of stale ones, or None when there is no function to ask."""
        if not any(callable(self.given[name]) for name in stale):
            return None
        async with self._locked():
            for name, value in stale.items():
                if self._values.get(name) == value:  # else another task has renewed it already
                    self._values.pop(name, None)
            return {name: await self._value(name) for name in stale}

    def _locked(self) -> anyio.Lock:
        if self._lock is None:
            self._lock = anyio.Lock()
        return self._lock

    async def _value(self, name: str) -> Any:
        credential = self.given[name]
        if not callable(credential):
            return credential
        if name not in self._values:
            fresh = credential()
            self._values[name] = await fresh if inspect.isawaitable(fresh) else fresh
        return self._values[name]
