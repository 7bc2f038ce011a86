"""Things that belong to one event loop, such as connections and locks: each loop gets its own.

client = AsyncHarbourClient()
asyncio.run(main(client))      # connections of the first loop
asyncio.run(main(client))      # the first loop is closed; the second gets new ones
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class PerLoop(Generic[T]):
    """One value per event loop, made when it is first used there.

    The loops are held weakly: the connections of a closed loop cannot be closed any more, only
    forgotten.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._values = weakref.WeakKeyDictionary[object, T]()

    def get(self) -> T:
        """The value of the running loop."""
        loop = _running_loop()
        value = self._values.get(loop)
        if value is None:
            value = self._values[loop] = self._make()
        return value

    def pop(self) -> T | None:
        """The value of the running loop, if there is one; it is forgotten."""
        return self._values.pop(_running_loop(), None)


class _NoLoop:
    """Stands in the table for the loops of other async libraries, such as trio."""


_NO_LOOP = _NoLoop()


def _running_loop() -> object:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return _NO_LOOP
