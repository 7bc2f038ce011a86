"""Wire probes: requests that no client would send, each with what the contract demands for it.

The families lie one per file in `families/` and are found by walking it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bothends.prove.target.subject import Subject
from bothends.prove.values.valid_requests import ValidRequest
from bothends.prove.wire.message import Answer, Request
from bothends.runtime.operation import Operation


@dataclass(frozen=True, slots=True)
class Expect:
    """What must come back: `refused` for a cause, `accepted`, or one of the router's answers."""

    kind: str
    causes: tuple[str, ...] = ()
    allow: str = ""

    @staticmethod
    def refused(*causes: str) -> Expect:
        """A refusal in the contract's words.

        With several causes, the server names the one that it finds first, so each is right.
        """
        return Expect("refused", causes)

    @staticmethod
    def judged(allowed: bool | None, *causes: str) -> Expect:
        """The verdict of our own reader on a request; None demands no more than an answer."""
        if allowed is None:
            return ANSWERED
        return ACCEPTED if allowed else Expect.refused(*causes)


ACCEPTED = Expect("accepted")
ANSWERED = Expect("answered")
"""The contract leaves it open: any answer that it describes, and no failure of the server."""


# A kind of its own: a refusal by status alone could be the router's or the handler's.
NO_SUCH_PATH = Expect("no such path")
OPEN = Expect("open")
"""The probe's own judge says what is right."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One request, its name within its family, and what the contract demands."""

    name: str
    request: Request
    expect: Expect
    judge: Callable[[Answer], str | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class ProbeContext:
    """The input of a probe family: an operation, a valid request, siblings at its path."""

    subject: Subject
    operation: Operation[Any]
    valid: ValidRequest
    siblings: tuple[Operation[Any], ...]


Family = Callable[[ProbeContext], Iterable[Probe]]
