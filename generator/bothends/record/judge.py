"""Whether an exchange is one that the contract describes, in both directions.

The request is read by the generated server's own reader, the answer by the oracle of `prove`: the
same judges that the proofs rest on. Credentials are not judged: browsers leave them out of what
they export, and whether they are right only the server knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bothends.prove.oracle.answers import faults
from bothends.prove.wire.message import Answer
from bothends.record.exchange import Exchange
from bothends.runtime.json.budget import MAX_ANSWER, reading
from bothends.runtime.operation import Api, Operation
from bothends.runtime.server.asgi import HttpRequest, Message
from bothends.runtime.server.refused import Refused
from bothends.runtime.server.request import read_arguments
from bothends.runtime.server.routing import Router, base_paths_of

# What a recorded body may inflate to; one that was longer when it was sent is judged all the same.
_MOST_INFLATED = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the contract says of an exchange.

    Args:
        operation: The operation that it is of; None where the contract has none.
        request: Why the contract does not allow the request; empty where it does, or where its body
            was not kept.
        answer: Why the contract does not describe the answer; empty where it does, or where a body
            was not kept.
        is_other_method: Whether the contract has the path, and not the method.
        arguments: What the handler would receive, by Python name; of a refused request, nothing.
    """

    exchange: Exchange
    operation: Operation[Any] | None
    request: str
    answer: tuple[str, ...]
    is_other_method: bool = False
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def is_right(self) -> bool:
        """Whether the answer is documented, and a request that is not allowed was refused."""
        is_refused = 400 <= self.exchange.status < 500
        return self.operation is not None and not self.answer and (not self.request or is_refused)

    @property
    def text(self) -> str:
        """`GET /tides/7 200: …` in one line."""
        head = f"{self.exchange.method} {self.exchange.path} {self.exchange.status}"
        if self.is_other_method:
            return f"{head}: the contract has this path, and no {self.exchange.method} of it"
        if self.operation is None:
            return f"{head}: the contract has no such operation"

        parts = [f"request: {self.request}"] if self.request else []
        parts += [f"answer: {fault}" for fault in self.answer]
        if self.exchange.is_cut:
            parts.append("not judged: a body was not kept")
        return f"{head} {self.operation.id}: {'; '.join(parts) or 'as the contract says'}"


class Judge:
    """Judges exchanges by the operations of one package."""

    def __init__(self, api: Api, operations: Sequence[Operation[Any]]) -> None:
        self.operations = operations
        open_to_all = [replace(operation, security=()) for operation in operations]
        self._router = Router(open_to_all, base_paths_of(api))

    def judge(self, exchange: Exchange) -> Judgement:
        """Judge one exchange; where several operations match, by the one that allows the request."""
        refused: list[tuple[Operation[Any], str]] = []
        is_path = False
        for route, path in self._router.find(exchange.path):
            is_path = True
            for operation in route.operations_for(exchange.method):
                try:
                    arguments = asyncio.run(_arguments(operation, exchange, path))
                except Refused as error:
                    refused.append((operation, str(error)))
                else:
                    judgement = self._judgement(exchange, operation, "")
                    return replace(judgement, arguments=arguments)

        if not refused:
            return Judgement(exchange, None, "", (), is_path)
        return self._judgement(exchange, *refused[0])

    @staticmethod
    def _judgement(exchange: Exchange, operation: Operation[Any], request: str) -> Judgement:
        if exchange.is_request_cut:
            request = ""
        # The request was refused for what is missing of it, perhaps.
        is_refusal = exchange.is_request_cut and exchange.status >= 400
        if exchange.is_answer_cut or is_refusal:
            return Judgement(exchange, operation, request, ())

        body = b"" if exchange.method == "HEAD" else exchange.answer_body
        answer = Answer(exchange.status, exchange.answer_headers, body)
        # As many values as a client takes, for its bytes.
        with reading(body, len(body), MAX_ANSWER):
            found = tuple(faults(operation, answer, refused=bool(request)))
        return Judgement(exchange, operation, request, found)


async def _arguments(
    operation: Operation[Any], exchange: Exchange, path: dict[str, str]
) -> dict[str, Any]:
    """What the generated server would give to the handler; Refused where it would not."""
    headers: dict[str, list[str]] = {}
    for name, value in exchange.request_headers:
        headers.setdefault(name.lower(), []).append(value)

    async def receive() -> Message:
        return {"type": "http.request", "body": exchange.request_body, "more_body": False}

    # A recorded body has no transfer coding any more, and its length is known.
    headers.pop("transfer-encoding", None)
    headers["content-length"] = [str(len(exchange.request_body))]
    request = HttpRequest(exchange.method, exchange.path, exchange.query, headers, receive)
    most = max(len(exchange.request_body), _MOST_INFLATED)
    return await read_arguments(operation, request, path, None, most)
