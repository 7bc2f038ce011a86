"""The state of one call, from its arguments to its last attempt.

The steps that wait are in `call_flow`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, cast

import httpx2

from bothends.runtime.errors import BothendsError, RequestError
from bothends.runtime.exchange import Headers, ReceivedResponse, SentRequest
from bothends.runtime.operation import Operation
from bothends.runtime.transfer.source import Source, SourceError

from .answer_media import answers_bytes, is_bytes
from .answer_stream import stream_codec
from .bodies.download import NO_BYTES
from .bodies.opened import Opened
from .call_mode import CallMode
from .deprecation import warn_of_arguments
from .hooks import Attempt, Outcome
from .http_request import build_request, redacted_request
from .idempotency_key import with_key
from .prepare import Prepared, prepare
from .redirects import followed_target
from .retry import AttemptResult, Attempts, is_repeatable
from .settings import Settings
from .transport.deadline import Deadline

_SHORTEST_SECRET = 4  # a shorter one would be found in every other word


class Call:
    """One call of an operation. RequestError when its arguments break the contract.

    TypeError when bytes are asked for of an operation that never answers any.
    """

    def __init__(
        self,
        operation: Operation[Any],
        settings: Settings,
        arguments: Mapping[str, Any],
        mode: CallMode,
    ) -> None:
        if mode.is_download and not answers_bytes(operation):
            raise TypeError(NO_BYTES)

        if operation.parameters and not mode.is_page:
            warn_of_arguments(operation, arguments)

        complete = with_key(operation, arguments)
        self.operation = operation
        self.deadline = Deadline(settings.timeout, settings.clock)
        self._settings = settings
        self._prepared: Prepared = prepare(operation, complete, settings.requests, settings.logger)
        if mode.query is not None:
            self._prepared.query = [mode.query] if mode.query else []

        self.sent: SentRequest = redacted_request(settings, operation, self._prepared)
        self.secrets = set(settings.header_words)
        """Credentials of this call, which no error may show."""
        self.response: ReceivedResponse | None = None
        self.opened: Opened | None = None
        """The answer whose body is to be read by the caller."""
        self.mode = mode
        self._renewable = _is_replayable(self._prepared.content)
        repeatable = self._renewable and is_repeatable(operation, complete)
        self._attempts = Attempts(
            settings.retries, self.deadline, settings.clock, repeatable=repeatable
        )
        self._started = 0.0

    def attempt(self) -> Attempt:
        """The attempt that starts now, for hooks. NoAnswerInTime when there is no time for it."""
        self.deadline.check()
        self._started = self._settings.clock.monotonic()
        return Attempt(self.operation, self.sent, self._attempts.number)

    def request(self, attempt: Attempt, values: Mapping[str, Any]) -> httpx2.Request:
        """The HTTP request of an attempt, with credentials."""
        for value in values.values():
            parts = cast("tuple[object, ...]", value if isinstance(value, tuple) else (value,))
            texts = [part for part in parts if isinstance(part, str)]
            self.secrets.update(text for text in texts if len(text) >= _SHORTEST_SECRET)

        return build_request(
            self._settings,
            self.operation,
            self._prepared,
            self.sent,
            values,
            self.deadline,
            attempt.headers,
        )

    def redirected(
        self, attempt: Attempt, values: Mapping[str, Any], response: httpx2.Response
    ) -> httpx2.Request | None:
        """The request that follows a redirect; None when the response is not followed."""
        if response.status_code // 100 != 3:
            return None

        target = followed_target(self.operation, response)
        if target is None or not _is_replayable(self._prepared.content):
            return None

        request = self.request(attempt, values)
        request.url = httpx2.URL(target)
        return request

    def again(
        self, request: httpx2.Request, attempt: Attempt, values: Mapping[str, Any]
    ) -> httpx2.Request | None:
        """A request once more; None where its body can be read only once."""
        if not _is_replayable(self._prepared.content):
            return None

        following = self.request(attempt, values)
        following.url = request.url
        return following

    def unsendable(self, error: SourceError) -> RequestError:
        """The error of a body that broke the contract, or could not be read, while it was sent."""
        return RequestError(
            self.operation.body.name if self.operation.body else "", "body", str(error)
        )

    def opens(self, response: httpx2.Response, headers: Headers) -> bool:
        """Whether the caller reads the body of a response with these headers.

        Then it stays open, and has no content yet.
        """
        answer = response.status_code, headers.get("content-type", "")
        if self.mode.is_download and is_bytes(self.operation, *answer):
            self.opened = Opened(response, self.about, self.deadline)
        elif stream_codec(self.operation, *answer) is not None:
            self.opened = Opened(response, self.about, most=self._settings.max_answer)

        return self.opened is not None

    def about(self, error: BothendsError) -> BothendsError:
        """The error with the exchange of this call."""
        return error.about(self.operation, self.sent, self.response, self.secrets)

    def leave(self) -> httpx2.Response | None:
        """The response to close, because nobody will read its body."""
        opened, self.opened = self.opened, None
        return opened.response if opened is not None else None

    @property
    def is_download(self) -> bool:
        """Whether the body that the caller reads is a binary one."""
        return self.opened is not None and self.opened.deadline is not None

    def ended(self, attempt: Attempt, result: AttemptResult) -> Outcome:
        """How the attempt ended, for hooks."""
        seconds = self._settings.clock.monotonic() - self._started
        self._log(result, seconds)
        if isinstance(result, BothendsError):
            self.response = None
            return Outcome(attempt, seconds, error=self.about(result))

        self.response = result
        return Outcome(attempt, seconds, response=result)

    def _log(self, result: AttemptResult, seconds: float) -> None:
        logger = self._settings.logger
        if not logger.isEnabledFor(logging.DEBUG):
            return

        display = result.status if isinstance(result, ReceivedResponse) else type(result).__name__
        sent = self.sent
        text = "%s: %s %s: %s in %.3f s"
        logger.debug(text, self.operation.id, sent.method, sent.url, display, seconds)

    def may_renew(self, result: AttemptResult) -> bool:
        """Whether to try again with fresh credentials: after the first 401 (RFC 9110 §15.5.2)."""
        if not self._renewable or not isinstance(result, ReceivedResponse) or result.status != 401:
            return False
        self._renewable = False
        return True

    def pause(self, result: AttemptResult) -> float | None:
        """Seconds before the next attempt, or None when there is no further attempt."""
        seconds = self._attempts.pause(result)
        if seconds is not None:
            if isinstance(result, BothendsError):
                reason = result.message()
            else:
                reason = f"status {result.status}"
            text = "%s: again in %.3f s, after: %s"
            self._settings.logger.info(text, self.operation.id, seconds, reason)
        return seconds


def response_of(result: AttemptResult) -> ReceivedResponse:
    """The response of the last attempt; raises its error."""
    if isinstance(result, BothendsError):
        raise result
    return result


def _is_replayable(content: object) -> bool:
    """Whether a body can be sent twice: bytes and files can, a stream is read once."""
    return (
        content is None
        or isinstance(content, bytes)
        or (isinstance(content, Source) and content.replayable)
    )
