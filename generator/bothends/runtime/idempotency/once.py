"""Doing the work once per idempotency key."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from uuid import uuid4

from bothends.runtime.answer import Response
from bothends.runtime.exchange import header_text
from bothends.runtime.json.text import read_json, write_json
from bothends.runtime.models.codec import encode

from .entry import Entry, IdempotencyStore, StoredAnswer

DAY = 24 * 60 * 60.0
LEASE = 10 * 60.0


class KeyStillRunning(Exception):
    """The first request with this key has no answer yet."""


class KeyOfAnotherRequest(Exception):
    """The key belongs to a request with another method, to another address or of another tenant."""


class Idempotency:
    """Remembers an answer per key for `lifetime` seconds, whatever the answer is.

    A running request has its key for at most `lease` seconds: a process that died must not keep it
    for a day.
    """

    def __init__(
        self,
        store: IdempotencyStore,
        *,
        lifetime: float = DAY,
        lease: float = LEASE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._lifetime, self._lease, self._clock = store, lifetime, lease, clock

    async def once(
        self, key: str, request: Iterable[str], work: Callable[[], Awaitable[Response[Any]]]
    ) -> Response[Any]:
        """Return the answer of the work, or the answer stored under the key.

        Args:
            key: The idempotency key of the request.
            request: What the key belongs to: tenant, method and address.
            work: What is done once. If it raises, the key is free again.

        Raises:
            KeyStillRunning: The first request with this key has no answer yet.
            KeyOfAnotherRequest: The key was used for another request.
        """
        began = self._clock()
        belongs_to = "\n".join(request)
        entry = Entry(belongs_to, uuid4().hex, began + min(self._lease, self._lifetime))
        content = await self._store.begin(key, entry, began)
        if content is None:
            return await self._first(key, entry, began, work)
        if content.request != belongs_to:
            raise KeyOfAnotherRequest
        if content.answer is None:
            raise KeyStillRunning

        return restored(content.answer)

    async def _first(
        self, key: str, entry: Entry, began: float, work: Callable[[], Awaitable[Response[Any]]]
    ) -> Response[Any]:
        try:
            answer = await work()
            done = Entry(entry.request, entry.owner, began + self._lifetime, stored(answer))
        # Also for a cancelled task: a caller who went away may try again at once.
        except BaseException:
            await self._store.release(key, entry.owner)
            raise

        await self._store.finish(key, done)
        return answer


def stored(answer: Response[Any]) -> StoredAnswer:
    """Return a handler's answer in the form that is stored."""
    headers = {
        name: header_text(value) for name, value in answer.headers.items() if value is not None
    }
    return StoredAnswer(answer.status, headers, write_json(encode(answer.body)))


def restored(answer: StoredAnswer) -> Response[Any]:
    """Return a stored answer in the form that a handler returns."""
    return Response(read_json(answer.body), answer.status, answer.headers)
