"""The settings of one client: address, headers, limits, and how answers are read."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

from bothends.runtime.json.budget import MAX_ANSWER
from bothends.runtime.operation import Api

from .address import Addresses
from .answer import AnswerReader
from .check_options import check_call_options, check_client_options
from .hooks import Hooks
from .log import logger_of
from .retry import Retries, retries_of
from .transport.deadline import Clock, Timeout, timeout_of

if TYPE_CHECKING:
    from .options import AsyncOptions, CallOptions, Checking, Options

_SHORTEST_SECRET = 8  # shorter words in the client's own headers are hardly secrets
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NOT_IN_HEADER = re.compile(r"[^\t\x20-\x7e\x80-\uffff]|^[ \t]|[ \t]$")


class Settings:
    """What one client, or a copy of it for some calls, is configured with.

    Raises:
        TypeError: An option is unknown, or its value has the wrong type.
        ValueError: An option has a value that cannot be, or two options exclude each other.
    """

    def __init__(
        self,
        api: Api,
        server: str,
        variables: Mapping[str, str | None],
        options: Options | AsyncOptions,
    ) -> None:
        check_client_options(api, options)
        in_process = "app" in options
        if "ssl_context" in options and (
            in_process or "transport" in options or "http_client" in options
        ):
            raise ValueError(
                "ssl_context is for a network of our own: not beside app, transport or http_client"
            )

        self.addresses = Addresses(
            api, server, variables, options.get("base_url"), in_process=in_process
        )
        self.logger = logger_of(api.name)
        self.agent = f"bothends-{api.name}"
        self.headers = header_table(options.get("headers", {}))
        self.header_words = _secret_words(self.headers)
        self.timeout = timeout_of(options.get("timeout", Timeout()))
        self.retries = retries_of(options.get("retries", Retries()))
        self.requests: Checking = options.get("requests", "strict")
        self.reader = AnswerReader(options.get("responses", "warn"), self.logger)
        self.max_answer = options.get("max_answer", MAX_ANSWER.usual)
        self.anonymous = options.get("anonymous", False)
        self.hooks = options.get("hooks", Hooks())
        self.signature = options.get("signed_by")
        self.on_progress = options.get("on_progress")
        self.clock = options.get("clock", Clock())

    def changed(self, options: CallOptions) -> Self:
        """The same settings with these options; headers are added to those that are there."""
        check_call_options(options)
        result = copy.copy(self)
        result.headers = self.headers | header_table(options.get("headers", {}))
        result.header_words = _secret_words(result.headers)
        result.timeout = timeout_of(options.get("timeout", self.timeout))
        result.retries = retries_of(options.get("retries", self.retries))
        result.requests = options.get("requests", self.requests)
        result.max_answer = options.get("max_answer", self.max_answer)
        result.anonymous = options.get("anonymous", self.anonymous)
        result.on_progress = options.get("on_progress", self.on_progress)
        if "responses" in options:
            result.reader = AnswerReader(options["responses"], self.logger)

        return result


def _secret_words(headers: Mapping[str, str]) -> frozenset[str]:
    """The words in headers that may be credentials, which no error may show."""
    words = (word for text in headers.values() for word in text.split())
    return frozenset(word for word in words if len(word) >= _SHORTEST_SECRET)


def header_table(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by name in small letters.

    ValueError for what no header can be; its text is without the value.
    """
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or _NOT_IN_HEADER.search(value):
            raise ValueError(f"the header {name!r} has a name or a value that no header can have")
    return {name.lower(): value for name, value in headers.items()}
