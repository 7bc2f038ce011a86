"""How long a call may take: limits of single waits, and one deadline for all of it."""

from __future__ import annotations

import random
import time
from collections.abc import Generator, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime

import anyio

from bothends.runtime.errors import NoAnswerInTime

_RANDOM = random.SystemRandom()  # forked processes must not pause in step


@dataclass(frozen=True, slots=True)
class Timeout:
    """Limits in seconds; None is no limit.

    `connect` is for a connection, `read` for each next piece of an answer (and for each piece of a
    request to be taken), `total` for the whole call: all attempts, pauses and fetched tokens.
    `timeout=5` means `Timeout(total=5)`.
    """

    connect: float | None = 10.0
    read: float | None = 30.0
    total: float | None = 120.0

    def __post_init__(self) -> None:
        for name in ("connect", "read", "total"):
            limit = getattr(self, name)
            if limit is not None and not limit > 0:
                raise ValueError(
                    f"timeout: {name} must be more than 0 seconds, or None for no limit"
                )


def timeout_of(option: float | Timeout) -> Timeout:
    """Return the limits of an option; a number limits the call as a whole."""
    return option if isinstance(option, Timeout) else Timeout(total=option)


class Clock:
    """Time and chance for a client. A test passes its own, and waits for nothing."""

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def now(self) -> datetime:
        """The date and time of day, aware of its zone."""
        return datetime.now(UTC)

    def random(self) -> float:
        """A number from 0 to 1, for the jitter of pauses."""
        return _RANDOM.random()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Wait without holding up other tasks."""
        await anyio.sleep(seconds)


class Deadline:
    """When one call must be over: not after a call of this thread that it is part of."""

    def __init__(self, timeout: Timeout, clock: Clock) -> None:
        self._timeout, self._clock = timeout, clock
        total = limited(timeout.total)
        self._end = None if total is None else clock.monotonic() + total

    def remaining(self) -> float | None:
        """Seconds that are left, not below 0; None when there is no limit."""
        return None if self._end is None else max(0.0, self._end - self._clock.monotonic())

    def allows(self, seconds: float) -> bool:
        """Whether there is time for a pause of so many seconds, and for something after it."""
        left = self.remaining()
        return left is None or seconds < left

    def limited(self, seconds: float | None) -> float | None:
        """Return a limit, or the remaining time if that is less."""
        return _least(seconds, self.remaining())

    def limits(self) -> dict[str, float | None]:
        """The limits of one attempt that starts now, as the HTTP library takes them.

        NoAnswerInTime if it is too late.
        """
        left = self.remaining()
        if left == 0:
            raise out_of_time()
        connect, read = _least(self._timeout.connect, left), _least(self._timeout.read, left)
        return {"connect": connect, "pool": connect, "read": read, "write": read}

    def check(self) -> None:
        """NoAnswerInTime when the time has run out."""
        if self.remaining() == 0:
            raise out_of_time()

    def over(self, chunks: Iterable[bytes]) -> Generator[bytes]:
        """The chunks, as long as there is time.

        A slow answer never exceeds the limit of one wait.
        """
        for chunk in chunks:
            self.check()
            yield chunk

    def applied(self) -> _Applied:
        """Make this the deadline of the current thread's waits on the network."""
        return _Applied(self)


class _Applied:
    """Within it, a deadline is that of the thread."""

    __slots__ = ("_deadline", "_token")

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def __enter__(self) -> None:
        self._token = _CURRENT.set(self._deadline)

    def __exit__(self, *_: object) -> None:
        _CURRENT.reset(self._token)


def _least(limit: float | None, left: float | None) -> float | None:
    if limit is None or left is None:
        return limit if left is None else left
    return min(limit, left)


_CURRENT: ContextVar[Deadline | None] = ContextVar("bothends_deadline", default=None)


def limited(seconds: float | None) -> float | None:
    """A limit of one wait within the deadline of the call that waits."""
    deadline = _CURRENT.get()
    return seconds if deadline is None else deadline.limited(seconds)


def out_of_time() -> NoAnswerInTime:
    """The error of a call whose total time has run out."""
    return NoAnswerInTime("no answer: the time for the whole call has run out")
