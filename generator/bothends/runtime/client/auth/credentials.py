"""The credentials that one client holds: values, and functions that make them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .digest import Digests
from .oauth import TokenSource

if TYPE_CHECKING:
    from bothends.runtime.client.waiting import Waiting


class Credentials:
    """Credentials by the name of their scheme.

    A function is called once, and again for a fresh one after a 401.

    It serves sync and async clients; a lock of the client makes calls at the same time wait for one
    function call.
    """

    def __init__(self, sources: Mapping[str, Any]) -> None:
        self.sources = {name: source for name, source in sources.items() if source is not None}
        self.digests = Digests()
        self._values: dict[str, Any] = {}

    async def take(self, names: tuple[str, ...], waiting: Waiting) -> dict[str, Any]:
        """The values of these schemes."""
        if not names:
            return {}

        async with waiting.locked():
            return {name: await self._value(name, waiting) for name in names}

    async def renew(self, stale: Mapping[str, Any], waiting: Waiting) -> bool:
        """Forget stale values that functions gave. Whether fresh ones can be had."""
        async with waiting.locked():
            for name, value in stale.items():
                source = self.sources[name]
                if isinstance(source, TokenSource):
                    source.forget(value)
                elif self._values.get(name) == value:  # else another call has renewed it already
                    self._values.pop(name, None)

        return any(callable(self.sources[name]) for name in stale)

    async def _value(self, name: str, waiting: Waiting) -> Any:
        source = self.sources[name]
        if isinstance(source, TokenSource):  # it keeps its tokens itself, for all its clients
            return await waiting.token(source)
        if not callable(source):
            return source

        value = self._values.get(name)
        if value is None:
            value = self._values[name] = await waiting.result_of(source())
        return value
