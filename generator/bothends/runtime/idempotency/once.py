"""Doing the work once per idempotency key.

What a key survives depends on the store:

    memory    the process. A restart forgets all keys.
    SQLite    kill -9 at any moment. Writes into the state of the same file are committed with the
              answer; a killed request has done nothing, and its key is free within seconds.
    Redis     kill -9, but the work is elsewhere: killed between the work and its record, the key is
              free within seconds and the work is done again. So are works with effects elsewhere.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Generator, Iterable
from contextlib import contextmanager, nullcontext, suppress
from typing import Any
from uuid import uuid4

from bothends.runtime.answer import Response
from bothends.runtime.exchange import header_text
from bothends.runtime.json.budget import MAX_ANSWER, reading
from bothends.runtime.json.text import read_json, write_json
from bothends.runtime.models.encoding import encode

from .entry import (
    Entry,
    IdempotencyStore,
    KeyLost,
    RenewableStore,
    StoredAnswer,
    TransactionalStore,
)

DAY = 24 * 60 * 60.0
LEASE = 5.0
"""Seconds that a running request has its key, from the last time that it was renewed."""

FIXED_LEASE = 10 * 60.0
"""The same in a store that renews nothing."""

_STARTED = time.time() - time.monotonic()


def steady_time() -> float:
    """Return the seconds since 1970, as of a clock that nobody sets while the process runs."""
    return _STARTED + time.monotonic()


class KeyStillRunning(Exception):
    """The first request with this key has no answer yet."""


class KeyOfAnotherRequest(Exception):
    """The key belongs to a request with another method, to another address or of another tenant."""


class Idempotency:
    """Remembers an answer per key for `lifetime` seconds, whatever the answer is.

    A running request has its key for `lease` seconds, and again as long as its process lives: the
    key of a process that died is free in seconds.
    """

    def __init__(
        self,
        store: IdempotencyStore,
        *,
        lifetime: float = DAY,
        lease: float | None = None,
        clock: Callable[[], float] = steady_time,
    ) -> None:
        if lease is None:
            lease = LEASE if isinstance(store, RenewableStore) else FIXED_LEASE
        self._store, self._lifetime, self._clock = store, lifetime, clock
        self._lease = min(lease, lifetime)

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
        plain = "\n".join(request)
        # The tenant may be named by its token, which no file needs to know.
        belongs_to = hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
        entry = Entry(belongs_to, uuid4().hex, began + self._lease)
        content = await self._store.begin(key, entry, began)
        if content is None:
            return await self._first(key, entry, began, work)
        # A key that is used again for another request is an error of the caller (IETF draft
        # Idempotency-Key, §2.7). Entries of earlier versions have the request in plain text.
        if content.request not in (belongs_to, plain):
            raise KeyOfAnotherRequest
        if content.answer is None:
            raise KeyStillRunning

        return restored(content.answer)

    async def _first(
        self, key: str, entry: Entry, began: float, work: Callable[[], Awaitable[Response[Any]]]
    ) -> Response[Any]:
        store = self._store
        unit = store.unit() if isinstance(store, TransactionalStore) else nullcontext()
        try:
            with self._renewing(key, entry.owner), unit:
                answer = await work()
                until = began + self._lifetime
                done = Entry(entry.request, entry.owner, until, stored(answer))
                await store.finish(key, done)
        except KeyLost:
            raise KeyStillRunning from None
        # Also for a cancelled task: a caller who went away may try again at once.
        except BaseException:
            await store.release(key, entry.owner)
            raise

        return answer

    @contextmanager
    def _renewing(self, key: str, owner: str) -> Generator[None]:
        """Renew the lease while the block runs, each time that a third of it is over."""
        store = self._store
        if not isinstance(store, RenewableStore):
            yield
            return

        async def renew() -> None:
            # A store that is away for a moment is asked again; work goes on.
            with suppress(Exception):
                await store.renew(key, owner, self._lease, self._clock())

        async def keep_renewing() -> None:
            while True:
                await renew()
                await asyncio.sleep(self._lease / 3)

        running: list[asyncio.Task[None]] = []
        loop = asyncio.get_running_loop()
        # Most work is done before: a timer costs less than a task.
        timer = loop.call_later(
            self._lease / 3, lambda: running.append(loop.create_task(keep_renewing()))
        )
        try:
            yield
        finally:
            timer.cancel()
            for task in running:
                task.cancel()


def stored(answer: Response[Any]) -> StoredAnswer:
    """Return a handler's answer in the form that is stored."""
    sent = [(name, value) for name, value in answer.headers.items() if value is not None]
    headers = {name: header_text(value) for name, value in sent}
    return StoredAnswer(answer.status, headers, write_json(encode(answer.body)))


def restored(answer: StoredAnswer) -> Response[Any]:
    """Return a stored answer in the form that a handler returns."""
    # It was written here, so it may be as long as it is.
    with reading(answer.body, None, MAX_ANSWER):
        return Response(read_json(answer.body), answer.status, answer.headers)
