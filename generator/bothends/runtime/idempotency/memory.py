"""Idempotency keys of one process."""

from __future__ import annotations

from threading import Lock

from .entry import Entry

_SWEEP = 1024


class MemoryIdempotencyStore:
    """Keeps the entries in a dictionary; they are gone with it."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._lock = Lock()
        self._sweep_at = _SWEEP

    async def begin(self, key: str, entry: Entry, now: float) -> Entry | None:
        """Take the key, or say who has it."""
        with self._lock:
            content = self._entries.get(key)
            if content is not None and content.until > now:
                return content
            self._sweep(now)
            self._entries[key] = entry
            return None

    async def finish(self, key: str, entry: Entry) -> None:
        """Store the answer."""
        with self._lock:
            content = self._entries.get(key)
            if content is not None and content.claim == entry.claim:
                self._entries[key] = entry

    async def release(self, key: str, claim: str) -> None:
        """Free the key."""
        with self._lock:
            content = self._entries.get(key)
            if content is not None and content.claim == claim:
                del self._entries[key]

    def _sweep(self, now: float) -> None:
        """Forget what is over, each time that the number has doubled: nothing else would ever remove it."""
        if len(self._entries) >= self._sweep_at:
            self._entries = {
                key: entry for key, entry in self._entries.items() if entry.until > now
            }
            self._sweep_at = max(_SWEEP, 2 * len(self._entries))
