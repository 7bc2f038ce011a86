"""What a user may attach to each attempt of a call: logging, metrics, tracing.

No hook ever sees a credential.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bothends.runtime.errors import BothendsError
from bothends.runtime.exchange import ReceivedResponse, SentRequest
from bothends.runtime.operation import Operation


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request that is about to be sent; `number` counts from 1. A hook may add to `headers`."""

    operation: Operation[Any]
    request: SentRequest
    number: int
    headers: dict[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended, after so many seconds: with a response, or with an error."""

    attempt: Attempt
    seconds: float
    response: ReceivedResponse | None = None
    error: BothendsError | None = None


@dataclass(frozen=True, slots=True)
class Hooks:
    """Functions called before and after each attempt; those of an async client may be async.

        HarbourClient(hooks=Hooks(response=lambda outcome: timer.observe(outcome.seconds)))

    An exception from a hook ends the call.
    """

    request: Callable[[Attempt], object] | None = None
    response: Callable[[Outcome], object] | None = None
