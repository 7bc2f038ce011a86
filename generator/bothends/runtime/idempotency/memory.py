"""Idempotency keys of one process."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

from .entry import Entry

_SWEEP = 1024


class MemoryIdempotencyStore:
    """Keeps the entries in a dictionary: a restart forgets them."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._lock = Lock()
        self._sweep_at = _SWEEP

    async def begin(self, key: str, entry: Entry, now: float) -> Entry | None:
        """Take the key, or return the entry that has it."""
        with self._lock:
            content = self._entries.get(key)
            if content is not None and content.until > now:
                return content
            self._sweep(now)
            self._entries[key] = entry
            return None

    async def renew(self, key: str, owner: str, seconds: float, now: float) -> None:
        """Extend the lease, if this owner has the key still."""
        with self._lock:
            content = self._entries.get(key)
            if content is not None and content.owner == owner and content.answer is None:
                self._entries[key] = replace(content, until=now + seconds)

    async def finish(self, key: str, entry: Entry) -> None:
        """Store the answer, if the entry has the key still."""
        with self._lock:
            content = self._entries.get(key)
            if content is not None and content.owner == entry.owner:
                self._entries[key] = entry

    async def release(self, key: str, owner: str) -> None:
        """Free the key, if this owner has it."""
        with self._lock:
            content = self._entries.get(key)
            if content is not None and content.owner == owner:
                del self._entries[key]

    def _sweep(self, now: float) -> None:
        """Remove expired entries.

        Only when their number has doubled: a look through all of them for each request would cost
        more than the request.
        """
        if len(self._entries) >= self._sweep_at:
            current = [item for item in self._entries.items() if item[1].until > now]
            self._entries = dict(current)
            self._sweep_at = max(_SWEEP, 2 * len(self._entries))
