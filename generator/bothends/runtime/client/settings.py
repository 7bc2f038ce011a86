"""What a client was told, in one value: address, headers, limits, and how answers are read."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import httpx2

from bothends.runtime.exchange import SentRequest
from bothends.runtime.operation import Api, Operation
from bothends.runtime.transfer.source import Source

from .address import Addresses
from .answer import AnswerReader
from .auth.authorize import authorize
from .bodies.upload import Upload
from .hooks import Hooks
from .log import logger_of
from .retry import Retries, retries_of
from .transport.deadline import Clock, Timeout, timeout_of

if TYPE_CHECKING:
    from .options import AsyncOptions, CallOptions, Options
    from .prepare import Prepared
    from .transport.deadline import Deadline

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NOT_IN_HEADER = re.compile(r"[^\t\x20-\x7e\x80-\uffff]|^[ \t]|[ \t]$")


class Settings:
    """What one client, or a copy of it for some calls, was told."""

    def __init__(
        self,
        api: Api,
        server: str,
        variables: Mapping[str, str | None],
        options: Options | AsyncOptions,
    ) -> None:
        in_process = "app" in options
        if "ssl_context" in options and (
            in_process or "transport" in options or "http_client" in options
        ):
            raise ValueError(
                "ssl_context is for a network of our own: not beside app, transport or http_client"
            )

        self._addresses = Addresses(
            api, server, variables, options.get("base_url"), in_process=in_process
        )
        self.logger = logger_of(api.name)
        self.agent = f"bothends-{api.name}"
        self.headers = _headers(options.get("headers", {}))
        self.timeout = timeout_of(options.get("timeout", Timeout()))
        self.retries = retries_of(options.get("retries", Retries()))
        self.reader = AnswerReader(options.get("responses", "warn"), self.logger)
        self.hooks = options.get("hooks", Hooks())
        self.on_progress = options.get("on_progress")
        self.clock = options.get("clock", Clock())

    def changed(self, options: CallOptions) -> Self:
        """The same settings, but for these options; headers are added to those that are there."""
        made = copy.copy(self)
        made.headers = self.headers | _headers(options.get("headers", {}))
        made.timeout = timeout_of(options.get("timeout", self.timeout))
        made.retries = retries_of(options.get("retries", self.retries))
        made.on_progress = options.get("on_progress", self.on_progress)
        if "responses" in options:
            made.reader = AnswerReader(options["responses"], self.logger)

        return made

    def request(
        self,
        operation: Operation[Any],
        prepared: Prepared,
        values: Mapping[str, Any],
        deadline: Deadline,
        more: Mapping[str, str],
    ) -> httpx2.Request:
        """The HTTP request of a prepared one, with credentials and what hooks add."""
        added = authorize(operation, values)
        query = "&".join([*prepared.query, *added.query])
        headers = {
            **self._defaults(operation),
            **self.headers,
            **_headers(more),
            **prepared.headers,
            **added.headers,
        }
        cookies = "; ".join([*prepared.cookies, *added.cookies])
        if cookies:
            headers["cookie"] = cookies

        upload = self._upload(prepared, deadline)
        if upload is not None:
            headers |= upload.headers

        request = httpx2.Request(
            prepared.method,
            f"{self._addresses.of(operation)}{prepared.path}" + (f"?{query}" if query else ""),
            headers=[(name.encode(), value.encode()) for name, value in headers.items()],
            content=None if isinstance(prepared.content, Source) else prepared.content,
            extensions={"timeout": deadline.limits()},
        )
        if upload is not None:
            request.stream = upload

        return request

    def _upload(self, prepared: Prepared, deadline: Deadline) -> Upload | None:
        """The body, where it goes out piece by piece."""
        content = prepared.content
        if isinstance(content, Source) or (content is not None and self.on_progress is not None):
            return Upload(content, deadline, self.on_progress)
        return None

    def _defaults(self, operation: Operation[Any]) -> dict[str, str]:
        """Headers of our own, but none that is a parameter of the operation: the handler must hear only what was said."""
        declared = {parameter.wire_name.lower() for parameter in operation.parameters}
        ours = {"user-agent": self.agent, "accept-encoding": "gzip"}
        return {name: value for name, value in ours.items() if name not in declared}

    def shown(self, operation: Operation[Any], prepared: Prepared) -> SentRequest:
        """The request as errors show it: credentials are added later, so it has none."""
        query = "&".join(prepared.query)
        address = self._addresses.of(operation)
        return SentRequest(
            prepared.method, f"{address}{prepared.path}" + (f"?{query}" if query else "")
        )


def _headers(given: Mapping[str, str]) -> dict[str, str]:
    """Headers by name in small letters. ValueError for what no header can be; it does not show the value."""
    for name, value in given.items():
        if not _HEADER_NAME.fullmatch(name) or _NOT_IN_HEADER.search(value):
            raise ValueError(f"the header {name!r} has a name or a value that no header can have")
    return {name.lower(): value for name, value in given.items()}
