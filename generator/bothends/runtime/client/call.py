"""One call, from its arguments to its last attempt: what the sync and the async client share, which is all but waiting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2

from bothends.runtime.errors import BothendsError, RequestError
from bothends.runtime.exchange import ReceivedResponse, SentRequest
from bothends.runtime.media.stream import StreamCodec
from bothends.runtime.operation import Operation
from bothends.runtime.transfer.source import Source, SourceError

from .answer import answers_bytes, codec_of, is_bytes
from .bodies.download import NO_BYTES
from .bodies.opened import Opened
from .deprecation import warn_of_arguments
from .hooks import Attempt, Outcome
from .idempotency_key import with_key
from .prepare import Prepared, prepare
from .retry import Attempts, Ending, is_repeatable
from .settings import Settings
from .transport.deadline import Deadline
from .whole import Asking


class Call:
    """One call of an operation. RequestError when its arguments break the contract.

    TypeError when bytes are asked for of an operation that never answers any.
    """

    def __init__(
        self,
        operation: Operation[Any],
        settings: Settings,
        arguments: Mapping[str, Any],
        asked: Asking,
    ) -> None:
        if asked.is_streamed and not answers_bytes(operation):
            raise TypeError(NO_BYTES)

        if not asked.is_page:
            warn_of_arguments(operation, arguments)

        complete = with_key(operation, arguments)
        self.operation = operation
        self.deadline = Deadline(settings.timeout, settings.clock)
        self._settings = settings
        self._prepared: Prepared = prepare(operation, complete)
        if asked.query is not None:
            self._prepared.query = [asked.query] if asked.query else []

        self.shown: SentRequest = settings.shown(operation, self._prepared)
        self.response: ReceivedResponse | None = None
        self.opened: Opened | None = None
        """The answer whose body is to be read by the caller."""
        self.is_streamed = asked.is_streamed
        """Whether the caller asked for bytes as they come."""
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
        return Attempt(self.operation, self.shown, self._attempts.number)

    def request(self, attempt: Attempt, values: Mapping[str, Any]) -> httpx2.Request:
        """The HTTP request of an attempt, with credentials."""
        return self._settings.request(
            self.operation, self._prepared, values, self.deadline, attempt.headers
        )

    def unsendable(self, error: SourceError) -> RequestError:
        """The error of a body that turned out to break the contract, or could not be read, while it was being sent."""
        return RequestError(
            self.operation.body.name if self.operation.body else "", "body", str(error)
        )

    def opens(self, response: httpx2.Response) -> bool:
        """Whether the caller reads the body of a response. Then it stays open, and has no content yet."""
        answer = response.status_code, response.headers.get("content-type", "")
        if self.is_streamed and is_bytes(self.operation, *answer):
            self.opened = Opened(response, self._about, self.deadline)
        elif isinstance(codec_of(self.operation, *answer), StreamCodec):
            self.opened = Opened(response, self._about)

        return self.opened is not None

    def leave(self) -> httpx2.Response | None:
        """The response that is to be closed, because nobody will read its body: another attempt follows, or an error."""
        opened, self.opened = self.opened, None
        return opened.response if opened is not None else None

    @property
    def is_download(self) -> bool:
        """Whether the body that the caller reads is a binary one."""
        return self.opened is not None and self.opened.deadline is not None

    def _about(self, error: BothendsError) -> BothendsError:
        return error.about(self.operation, self.shown, self.response)

    def ended(self, attempt: Attempt, ending: Ending) -> Outcome:
        """How the attempt ended, for hooks."""
        seconds = self._settings.clock.monotonic() - self._started
        told = ending.status if isinstance(ending, ReceivedResponse) else type(ending).__name__
        self._settings.logger.debug(
            "%s: %s %s: %s in %.3f s",
            self.operation.id,
            self.shown.method,
            self.shown.url,
            told,
            seconds,
        )
        self.response = ending if isinstance(ending, ReceivedResponse) else None
        if isinstance(ending, BothendsError):
            return Outcome(attempt, seconds, error=ending.about(self.operation, self.shown))

        return Outcome(attempt, seconds, response=ending)

    def may_renew(self, ending: Ending) -> bool:
        """Whether to try once more with fresh credentials: the answer is a 401 (RFC 9110 §15.5.2), the first of this call."""
        if not self._renewable or not isinstance(ending, ReceivedResponse) or ending.status != 401:
            return False
        self._renewable = False
        return True

    def pause(self, ending: Ending) -> float | None:
        """Seconds before the next attempt, or None when this ending is the last one."""
        seconds = self._attempts.pause(ending)
        if seconds is not None:
            self._settings.logger.info("%s: again in %.3f s", self.operation.id, seconds)
        return seconds


def last(ending: Ending) -> ReceivedResponse:
    """The response of the last attempt; raises its error."""
    if isinstance(ending, BothendsError):
        raise ending
    return ending


def _is_replayable(content: object) -> bool:
    """Whether a body can be sent twice: bytes and files can, a stream is read once."""
    return (
        content is None
        or isinstance(content, bytes)
        or (isinstance(content, Source) and content.replayable)
    )
