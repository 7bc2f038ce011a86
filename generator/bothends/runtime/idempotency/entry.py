"""What is stored under an idempotency key, and what a store must be able to do."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer to give again: status (none is that of the success), headers by wire name, and the body's bytes."""

    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One key in use. Without an answer, its first request is still running.

    `request` says which request the key belongs to. `claim` is the mark of the one who does the work. `until` is when the
    key is free again, in seconds since 1970.
    """

    request: str
    claim: str
    until: float
    answer: StoredAnswer | None = None

    def to_json(self) -> str:
        """The entry as JSON text."""
        data: dict[str, Any] = {
            "request": self.request,
            "claim": self.claim,
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
        answer = (
            None
            if stored is None
            else StoredAnswer(stored["status"], stored["headers"], base64.b64decode(stored["body"]))
        )

        return Entry(data["request"], data["claim"], data["until"], answer)


class IdempotencyStore(Protocol):
    """Where entries are kept. Each operation is atomic, also between all the processes that share the store."""

    async def begin(self, key: str, entry: Entry, now: float) -> Entry | None:
        """Store the entry if the key is free and give None; else give the entry that holds the key."""
        ...

    async def finish(self, key: str, entry: Entry) -> None:
        """Replace the entry of the same claim; do nothing if another one holds the key by now."""
        ...

    async def release(self, key: str, claim: str) -> None:
        """Free the key if it is held by this claim."""
        ...
