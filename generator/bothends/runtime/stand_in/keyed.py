"""A request that is repeated with its idempotency key gets the answer of the first.

    POST /messages, Idempotency-Key: k1   ->  201 {id: "m1"}
    POST /messages, Idempotency-Key: k1   ->  201 {id: "m1"}, and there is one message

Without this, a client that tries again after a lost answer would find two messages in a stand-in
that remembers, and one at the vendor.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, MutableMapping
from typing import Any, Final

from bothends.runtime.answer import Response
from bothends.runtime.exchange import header_text
from bothends.runtime.expression import Asked
from bothends.runtime.json.text import write_json
from bothends.runtime.models.encoding import EncodeError, encode
from bothends.runtime.operation import MISSING

from .room import Room
from .state import State

_READING: Final = ("GET", "HEAD", "OPTIONS")


class KeyedAnswers:
    """The answers of requests with an idempotency key, in memory or in a state file."""

    def __init__(self, state: State, room: Room) -> None:
        self._room = room
        answer_type: Any = Any
        self._answers: MutableMapping[str, Any] = state.records(
            "answers by idempotency key", answer_type, {}
        )

    def once(
        self, requested: Asked, work: Callable[[Asked], Response[Any] | None]
    ) -> Response[Any] | None:
        """Return the answer of the work, or the one that the same request had before.

        A key of another request is a new one: what a vendor says to it no contract states.
        """
        operation = requested.operation
        arguments = requested.parameters()
        key = arguments.pop(operation.idempotency_key or "", MISSING)
        if key is MISSING or operation.method in _READING:
            return work(requested)

        body = requested.body()
        content = [str(key), operation.id, arguments, None if body is MISSING else body]
        request = hashlib.sha256(write_json(content)).hexdigest()
        kept = self._answers.get(request)
        if kept is not None:
            return Response(
                kept["body"], kept["status"], kept["headers"], content_type=kept["content_type"]
            )

        self._room.check()
        answer = work(requested)
        if answer is not None:
            self._keep(request, answer)
        return answer

    def _keep(self, request: str, answer: Response[Any]) -> None:
        try:
            body = encode(answer.body)
        except EncodeError:
            # Bytes and streams are the contract's own, and the same each time.
            return

        headers = {
            name: header_text(value) for name, value in answer.headers.items() if value is not None
        }
        kept = {
            "status": answer.status,
            "headers": headers,
            "body": body,
            "content_type": answer.content_type,
        }
        self._room.replace(None, kept)
        self._answers[request] = kept
