"""One call, from its arguments to its last attempt: what the sync and the async client share, which is all but waiting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2

from bothends.runtime.errors import BothendsError
from bothends.runtime.exchange import ReceivedResponse, SentRequest
from bothends.runtime.operation import Operation

from .answer import stream_of
from .deadline import Deadline
from .deprecation import warn_of_arguments
from .hooks import Attempt, Outcome
from .idempotency_key import with_key
from .prepare import Prepared, prepare
from .retry import Attempts, Ending, is_repeatable
from .settings import Settings


class Call:
    """One call of an operation. RequestError when its arguments break the contract."""

    def __init__(self, operation: Operation[Any], settings: Settings, arguments: Mapping[str, Any]) -> None:
        warn_of_arguments(operation, arguments)
        complete = with_key(operation, arguments)
        self.operation = operation
        self.deadline = Deadline(settings.timeout, settings.clock)
        self._settings = settings
        self._prepared: Prepared = prepare(operation, complete)
        self.shown: SentRequest = settings.shown(operation, self._prepared)
        self.response: ReceivedResponse | None = None
        self.opened: httpx2.Response | None = None
        """The response whose body is a stream, to be read by the caller."""
        self._renewable = _is_replayable(self._prepared.content)
        repeatable = self._renewable and is_repeatable(operation, complete)
        self._attempts = Attempts(settings.retries, self.deadline, settings.clock, repeatable=repeatable)
        self._started = 0.0

    def attempt(self) -> Attempt:
        """The attempt that starts now, for hooks. NoAnswerInTime when there is no time for it."""
        self.deadline.check()
        self._started = self._settings.clock.monotonic()
        return Attempt(self.operation, self.shown, self._attempts.number)

    def request(self, attempt: Attempt, values: Mapping[str, Any]) -> httpx2.Request:
        """The HTTP request of an attempt, with credentials."""
        limits = self.deadline.limits()
        return self._settings.request(self.operation, self._prepared, values, limits, attempt.headers)

    def opens(self, response: httpx2.Response) -> bool:
        """Whether the body of a response is a stream. Then it stays open, and has no content yet."""
        content_type = response.headers.get("content-type", "")
        if stream_of(self.operation, response.status_code, content_type) is None:
            return False
        self.opened = response
        return True

    def ended(self, attempt: Attempt, ending: Ending) -> Outcome:
        """How the attempt ended, for hooks."""
        seconds = self._settings.clock.monotonic() - self._started
        told = ending.status if isinstance(ending, ReceivedResponse) else type(ending).__name__
        self._settings.logger.debug(
            "%s: %s %s: %s in %.3f s", self.operation.id, self.shown.method, self.shown.url, told, seconds
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
    """Whether a body can be sent twice: bytes can, a stream is read once."""
    return content is None or isinstance(content, bytes)
