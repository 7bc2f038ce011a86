"""Idempotency keys in Redis, for servers on several machines. Redis removes expired entries."""

from __future__ import annotations

import asyncio
import math
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from bothends.runtime.database import StateError

from .entry import Entry

if TYPE_CHECKING:
    from redis.asyncio import Redis

_PATIENCE = 5.0
_UNREADABLE = (
    "its URL cannot be read "
    "(what a password holds beside letters and digits must be percent-encoded)"
)
_PREFIX = "bothends:idempotency:"
# Only the owner may change an entry. Redis runs a script in one step, so no other process comes
# between reading and writing. A lease is renewed only while the work runs: a late renewal would cut
# the life of an answer from a day to seconds. The owner is stored as `claim`, as in earlier
# versions.
_FINISH = """
local held = redis.call('GET', KEYS[1])
if held and cjson.decode(held).claim == ARGV[1] then
    redis.call('SET', KEYS[1], ARGV[2], 'PXAT', ARGV[3])
end
"""
_RENEW = """
local held = redis.call('GET', KEYS[1])
local entry = held and cjson.decode(held)
if entry and entry.claim == ARGV[1] and entry.answer == cjson.null then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
"""
_RELEASE = """
local held = redis.call('GET', KEYS[1])
if held and cjson.decode(held).claim == ARGV[1] then redis.call('DEL', KEYS[1]) end
"""


class RedisIdempotencyStore:
    """Keeps the entries in a Redis database, each under a key of its own that expires."""

    def __init__(self, url: str, *, prefix: str = _PREFIX) -> None:
        self._url, self._prefix = url, prefix
        # Connections belong to the event loop that opened them.
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Redis] = WeakKeyDictionary()

    async def check(self) -> None:
        """Check that Redis can be used.

        Raises:
            StateError: It cannot be reached, or refuses us. The text has no password in it.
        """
        from redis.exceptions import RedisError  # noqa: PLC0415 (an extra: only who uses this needs it)

        location = _location(self._url)
        try:
            async with asyncio.timeout(_PATIENCE):
                redis: Any = self._connected()
                await redis.ping()
        except TimeoutError:
            raise StateError(f"Redis{location} does not answer") from None
        except (RedisError, OSError) as error:
            raise StateError(
                f"Redis{location} cannot be used: {_reason(error) if location else _UNREADABLE}"
            ) from None
        except ValueError:  # its text repeats parts of the URL, which may be those of a password
            raise StateError(f"Redis{location} cannot be used: {_UNREADABLE}") from None
        finally:
            await self.aclose()

    async def begin(self, key: str, entry: Entry, now: float) -> Entry | None:
        """Take the key, or return the entry that has it."""
        redis: Any = self._connected()
        while True:
            if await redis.set(
                self._prefix + key,
                entry.to_json(),
                nx=True,
                px=max(1, math.ceil((entry.until - now) * 1000)),
            ):
                return None

            content = await redis.get(self._prefix + key)
            if content is not None:  # else it expired between the two: take it
                return Entry.from_json(content)

    async def renew(self, key: str, owner: str, seconds: float, now: float) -> None:
        """Extend the lease, if this owner has the key still."""
        del now  # Redis counts by its own clock
        redis: Any = self._connected()
        await redis.eval(_RENEW, 1, self._prefix + key, owner, max(1, math.ceil(seconds * 1000)))

    async def finish(self, key: str, entry: Entry) -> None:
        """Store the answer, if the entry has the key still."""
        redis: Any = self._connected()
        await redis.eval(
            _FINISH,
            1,
            self._prefix + key,
            entry.owner,
            entry.to_json(),
            math.ceil(entry.until * 1000),  # PXAT: milliseconds since 1970
        )

    async def release(self, key: str, owner: str) -> None:
        """Free the key, if this owner has it."""
        redis: Any = self._connected()
        await redis.eval(_RELEASE, 1, self._prefix + key, owner)

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    def _connected(self) -> Redis:
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            from redis.asyncio import from_url  # noqa: PLC0415 (an extra: only who uses this needs it)

            client = self._clients[loop] = from_url(self._url)

        return client


def _location(url: str) -> str:
    """Return host, port and database of a URL for an error's text.

    Empty if a part of a password may be among them: an unescaped `/` or `#` in a password moves the
    rest of it into the path or the fragment.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""

    if "@" in parts.path + parts.query + parts.fragment or not (host or parts.scheme == "unix"):
        return ""
    if parts.scheme == "unix":
        return f" at {parts.path}"

    address = f"[{host}]" if ":" in host else host
    address += "" if port is None else f":{port}"
    database = parts.path if parts.path[1:].isdigit() else ""
    return f" at {address}{database}"


def _reason(error: Exception) -> str:
    """Return the system's own message behind an error of redis-py, if there is one."""
    cause = error.__cause__ or error.__context__
    if isinstance(cause, OSError) and cause.errno:
        return (os.strerror(cause.errno) if cause.errno > 0 else str(cause.strerror)).lower()
    return str(error)
