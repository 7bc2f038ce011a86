"""What the sync and the async client share: everything but waiting."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx2

from bothends.runtime.errors import NoAnswer, NoAnswerInTime, UnexpectedAnswer
from bothends.runtime.exchange import Headers, ReceivedResponse, SentRequest
from bothends.runtime.operation import Api, Operation

from .address import choose_address
from .answer import AnswerReader
from .authorize import authorize
from .options import DEFAULT_TIMEOUT
from .prepare import Prepared

if TYPE_CHECKING:
    from .options import AsyncOptions, Options


class Settings:
    """What a client was told: address, headers, timeout, and how answers are read."""

    def __init__(self, api: Api, server: str, variables: Mapping[str, str], options: Options | AsyncOptions) -> None:
        in_process = "app" in options
        self.address = choose_address(api, server, variables, options.get("base_url"), in_process=in_process)
        self.headers = {name.lower(): value for name, value in options.get("headers", {}).items()}
        self.timeout = httpx2.Timeout(options.get("timeout", DEFAULT_TIMEOUT))
        self.reader = AnswerReader(options.get("responses", "warn"), logging.getLogger(f"bothends.{api.name}"))
        self.agent = f"bothends-{api.name}"

    def request(self, operation: Operation[Any], prepared: Prepared, values: Mapping[str, Any]) -> httpx2.Request:
        """The HTTP request of a prepared one, with credentials."""
        added = authorize(operation, values)
        query = "&".join([*prepared.query, *added.query])
        headers = {**self._defaults(operation), **self.headers, **prepared.headers, **added.headers}
        cookies = "; ".join([*prepared.cookies, *added.cookies])
        if cookies:
            headers["cookie"] = cookies
        return httpx2.Request(
            prepared.method,
            f"{self.address}{prepared.path}" + (f"?{query}" if query else ""),
            headers=[(name.encode(), value.encode()) for name, value in headers.items()],
            content=prepared.content,
            extensions={"timeout": self.timeout.as_dict()},
        )

    def _defaults(self, operation: Operation[Any]) -> dict[str, str]:
        """Headers of our own, but none that is a parameter of the operation: the handler must hear only what was said."""
        declared = {parameter.wire_name.lower() for parameter in operation.parameters}
        ours = {"user-agent": self.agent, "accept-encoding": "gzip"}
        return {name: value for name, value in ours.items() if name not in declared}

    def shown(self, prepared: Prepared) -> SentRequest:
        """The request as errors show it: credentials are added later, so it has none."""
        query = "&".join(prepared.query)
        return SentRequest(prepared.method, f"{self.address}{prepared.path}" + (f"?{query}" if query else ""))


def received(response: httpx2.Response) -> ReceivedResponse:
    """A response that was read, as errors show it."""
    return ReceivedResponse(response.status_code, Headers(response.headers.multi_items()), response.content)


def no_answer(error: httpx2.TransportError) -> NoAnswer:
    """The error of ours for a fault of the transport; its text is only the fault's kind, which holds no secret."""
    kind = NoAnswerInTime if isinstance(error, httpx2.TimeoutException) else NoAnswer
    return kind(f"no answer: {type(error).__name__}")


def garbled(response: httpx2.Response) -> UnexpectedAnswer:
    """The error for a body that is not in the coding it claims."""
    return UnexpectedAnswer(response.status_code, "its body is not in the content coding that it names")
