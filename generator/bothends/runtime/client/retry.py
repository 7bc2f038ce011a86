"""Whether, and after which pause, a call is tried again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from bothends.runtime.errors import BothendsError, NoAnswer
from bothends.runtime.exchange import ReceivedResponse
from bothends.runtime.operation import Operation

from .transport.deadline import Clock, Deadline

AttemptResult = ReceivedResponse | BothendsError
"""The result of one attempt: a response, whatever its status, or an error."""

_IDEMPOTENT = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PUT", "TRACE"})  # RFC 9110 §9.2.2
_PASSING = frozenset({408, 429, 502, 503, 504})
_HOPELESS = (httpx2.LocalProtocolError, httpx2.UnsupportedProtocol)


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how soon a call is tried again.

    `retries=3` means `Retries(attempts=4)`; `retries=0` switches it off.

    A call is repeated only where that is safe: its method is idempotent (GET, HEAD, PUT, DELETE,
    OPTIONS, TRACE) or it carries an idempotency key that the contract declares. Causes are a broken
    or missing connection and the statuses 408, 429, 502, 503 and 504. The pause before attempt n is
    a random part of `base * 2**(n - 2)` seconds, at most of `cap`; a `Retry-After` header makes it
    longer, but never longer than the time that is left for the call.
    """

    attempts: int = 3
    base: float = 0.5
    cap: float = 20.0

    def __post_init__(self) -> None:
        if self.attempts < 1 or not self.base >= 0 or not self.cap >= 0:
            raise ValueError(
                "retries: there is at least one attempt, and no pause is below 0 seconds"
            )


def retries_of(option: int | Retries) -> Retries:
    """The policy that an option means: `retries=3` are four attempts."""
    return option if isinstance(option, Retries) else Retries(attempts=option + 1)


class Attempts:
    """The attempts of one call, counted."""

    def __init__(
        self, retries: Retries, deadline: Deadline, clock: Clock, *, repeatable: bool
    ) -> None:
        self.number = 1
        self._retries, self._deadline, self._clock = retries, deadline, clock
        self._allowed = retries.attempts if repeatable else 1

    def pause(self, result: AttemptResult) -> float | None:
        """Seconds to wait before the next attempt, or None when this result is the last one."""
        if self.number >= self._allowed or not _is_passing(result):
            return None

        pause = max(self._backoff(), self._retry_after(result))
        if not self._deadline.allows(pause):
            return None

        self.number += 1
        return pause

    def _backoff(self) -> float:
        doublings = min(self.number - 1, 64)  # a float holds no more than 1023 of them
        # All of the pause is random, so that clients that failed together do not come back
        # together.
        return self._clock.random() * min(self._retries.cap, self._retries.base * 2.0**doublings)

    def _retry_after(self, result: AttemptResult) -> float:
        text = result.headers.get("retry-after", "") if isinstance(result, ReceivedResponse) else ""
        return seconds_until(text.strip(), self._clock)


def is_repeatable(operation: Operation[Any], arguments: Any) -> bool:
    """Whether sending the same request twice does no more than sending it once."""
    key = operation.idempotency_key
    return operation.method in _IDEMPOTENT or (key is not None and arguments.get(key) is not None)


def _is_passing(result: AttemptResult) -> bool:
    if isinstance(result, ReceivedResponse):
        return result.status in _PASSING
    return isinstance(result, NoAnswer) and not isinstance(result.__cause__, _HOPELESS)


def seconds_until(text: str, clock: Clock) -> float:
    """What a Retry-After header asks for: seconds, or a date (RFC 9110 §10.2.3).

    0 when it says neither.
    """
    # RFC 9110 §10.2.3: delay-seconds are digits only; `float` would also take "1e3" and "nan".
    if re.fullmatch(r"[0-9]+", text):
        return float(text)

    try:
        moment = parsedate_to_datetime(text)
        # RFC 9110 §5.6.7: dates of HTTP are in GMT, even where their zone is left out.
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (aware - clock.now()).total_seconds())
    except (ValueError, OverflowError):  # also a year of twenty digits
        return 0.0
