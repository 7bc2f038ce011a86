"""The credentials that one client holds: values, or what functions gave when they were last asked."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Mapping
from typing import Any

import anyio

from .oauth import TokenSource


class _Held:
    """Credentials by the name of their scheme. A function is asked once, and again for a fresh one."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = {
            name: credential for name, credential in given.items() if credential is not None
        }
        self._values: dict[str, Any] = {}

    def _is_renewable(self, stale: Mapping[str, Any]) -> bool:
        return any(callable(self.given[name]) for name in stale)

    def _forget(self, stale: Mapping[str, Any]) -> None:
        for name, value in stale.items():
            source = self.given[name]
            if isinstance(source, TokenSource):
                source.forget(value)
            elif self._values.get(name) == value:  # else another call has renewed it already
                self._values.pop(name, None)

    def _known(self, name: str) -> Any:
        """The value of a credential, or None when its function must be asked: a source of tokens keeps them itself."""
        credential = self.given[name]
        return self._values.get(name) if callable(credential) else credential


class Credentials(_Held):
    """The credentials of a sync client, for any thread."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__(given)
        self._lock = threading.Lock()

    def take(self, names: tuple[str, ...]) -> dict[str, Any]:
        """The values of these schemes."""
        with self._lock:
            return {name: self._value(name) for name in names}

    def renew(self, stale: Mapping[str, Any]) -> bool:
        """Whether stale values can be replaced: those that functions gave are forgotten, and asked for when next taken."""
        with self._lock:
            self._forget(stale)
        return self._is_renewable(stale)

    def _value(self, name: str) -> Any:
        value = self._known(name)
        if value is None:
            value = self.given[name]()
            if not isinstance(self.given[name], TokenSource):
                self._values[name] = value
        return value


class AsyncCredentials(_Held):
    """The credentials of an async client: functions may be async."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__(given)
        self._lock: anyio.Lock | None = None

    async def take(self, names: tuple[str, ...]) -> dict[str, Any]:
        """The values of these schemes."""
        async with self._locked():
            return {name: await self._value(name) for name in names}

    async def renew(self, stale: Mapping[str, Any]) -> bool:
        """Whether stale values can be replaced: those that functions gave are forgotten, and asked for when next taken."""
        async with self._locked():
            self._forget(stale)
        return self._is_renewable(stale)

    def _locked(self) -> anyio.Lock:
        if self._lock is None:
            self._lock = anyio.Lock()
        return self._lock

    async def _value(self, name: str) -> Any:
        source = self.given[name]
        if isinstance(source, TokenSource):
            return await source.token_async()

        value = self._known(name)
        if value is None:
            fresh = source()
            value = self._values[name] = await fresh if inspect.isawaitable(fresh) else fresh
        return value
