"""Idempotency keys: the work is done once per key, and a repeated request gets the same answer."""

from typing import TYPE_CHECKING

from bothends.runtime.exports import lazy_exports

if TYPE_CHECKING:
    from .entry import Entry as Entry
    from .entry import IdempotencyStore as IdempotencyStore
    from .entry import RenewableStore as RenewableStore
    from .entry import StoredAnswer as StoredAnswer
    from .entry import TransactionalStore as TransactionalStore
    from .memory import MemoryIdempotencyStore as MemoryIdempotencyStore
    from .once import Idempotency as Idempotency
    from .once import KeyOfAnotherRequest as KeyOfAnotherRequest
    from .once import KeyStillRunning as KeyStillRunning
    from .redis_store import RedisIdempotencyStore as RedisIdempotencyStore
    from .sqlite_store import SqliteIdempotencyStore as SqliteIdempotencyStore

_HOMES = {
    "entry": ("Entry", "IdempotencyStore", "RenewableStore", "StoredAnswer", "TransactionalStore"),
    "memory": ("MemoryIdempotencyStore",),
    "once": ("Idempotency", "KeyOfAnotherRequest", "KeyStillRunning"),
    "redis_store": ("RedisIdempotencyStore",),
    "sqlite_store": ("SqliteIdempotencyStore",),
}
__getattr__ = lazy_exports(__name__, _HOMES)
