"""What is stored under an idempotency key, and what a store must be able to do."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer to give again: status, headers by wire name, and the body's bytes.

    A status of None is the documented success.
    """

    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One key in use. Without an answer, its first request is still running.

    `request` identifies the request that the key belongs to. `owner` is a mark of the call that
    does the work. `until` is the time when the key is free again, in seconds since 1970.
    """

    request: str
    owner: str
    until: float
    answer: StoredAnswer | None = None

    def to_json(self) -> str:
        """The entry as JSON text."""
        # The owner is stored as `claim`, so that entries of earlier versions can be read.
        data: dict[str, Any] = {
            "request": self.request,
            "claim": self.owner,
            "until": self.until,
            "answer": None,
        }
        if self.answer is not None:
            body = base64.b64encode(self.answer.body).decode()
            data["answer"] = {**asdict(self.answer), "body": body}
        return json.dumps(data)

    @staticmethod
    def from_json(text: str | bytes) -> Entry:
        """The entry that `to_json` wrote."""
        data: dict[str, Any] = json.loads(text)
        stored: dict[str, Any] | None = data["answer"]
        answer: StoredAnswer | None = None
        if stored is not None:
            body = base64.b64decode(stored["body"])
            answer = StoredAnswer(stored["status"], stored["headers"], body)

        return Entry(data["request"], data["claim"], data["until"], answer)


class KeyLost(Exception):
    """Another request has the key by now; what this one wrote was dropped."""


class IdempotencyStore(Protocol):
    """Where entries are kept.

    Each method is atomic, also between the processes that share the store.
    """

    async def begin(self, key: str, entry: Entry, now: float) -> Entry | None:
        """Store the entry and return None if the key is free, else return the entry that has it."""
        ...

    async def finish(self, key: str, entry: Entry) -> None:
        """Replace the entry of the same owner; do nothing if another entry has the key by now."""
        ...

    async def release(self, key: str, owner: str) -> None:
        """Free the key if its entry has this owner."""
        ...


@runtime_checkable
class RenewableStore(Protocol):
    """A store that extends the lease of a running entry."""

    async def renew(self, key: str, owner: str, seconds: float, now: float) -> None:
        """Have the key for that many seconds from now, if its running entry has this owner.

        `now` is the caller's clock; a store with a clock of its own counts from that.
        """
        ...


@runtime_checkable
class TransactionalStore(Protocol):
    """A store that commits what the work writes together with its answer."""

    def unit(self) -> AbstractContextManager[object]:
        """Collect what the present task writes; `finish` commits it with the answer."""
        ...
