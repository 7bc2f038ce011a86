"""Operations that one request may fit: `/tides#day` beside `/tides`, `/{id}` beside `/{name}`.

A server lets the first one answer that takes the request. So a request that one operation refuses
is answered with a success where another one allows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from bothends.prove.oracle.refusal import (
    BODY,
    CREDENTIALS,
    MEDIA_TYPE,
    MESSAGE,
    PARAMETER,
    SIZE,
)
from bothends.prove.oracle.refused import not_refused
from bothends.prove.oracle.requests import judge_body, judge_parameters
from bothends.prove.wire.message import Answer
from bothends.runtime.operation import Operation

ANOTHER = "the request fits another operation at the same path, which answers it"


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as it was sent: `headers` by lower-case names, `prefix` of the server's paths."""

    url: str
    headers: dict[str, str]
    body: bytes
    prefix: str

    def body_verdict(self, operation: Operation[Any]) -> bool | None:
        """Whether an operation allows the body; None where that is undecided."""
        return judge_body(operation, self.headers.get("content-type", ""), self.body)

    def parameters_verdict(self, operation: Operation[Any]) -> bool | None:
        """Whether an operation allows the parameters; None where that is undecided."""
        return judge_parameters(operation, self.url, self.headers, self.prefix)


def at_the_path(
    operation: Operation[Any], operations: Iterable[Operation[Any]]
) -> tuple[Operation[Any], ...]:
    """Return the operations whose path is the same on the wire, this one among them."""
    shape = _shape(operation.path)
    return tuple(entry for entry in operations if _shape(entry.path) == shape)


def rivals_of(
    operation: Operation[Any], operations: Iterable[Operation[Any]]
) -> tuple[Operation[Any], ...]:
    """Return the other operations that a request of this one may fit: of its path and method."""
    return tuple(
        entry
        for entry in at_the_path(operation, operations)
        if entry.method == operation.method and entry.pointer != operation.pointer
    )


def allowed_by_another(
    operation: Operation[Any], siblings: Iterable[Operation[Any]], sent: SentRequest
) -> bool:
    """Whether another operation of the same method may allow a request."""
    for sibling in rivals_of(operation, siblings):
        # `False` alone is a refusal: `None` is undecided.
        if sent.body_verdict(sibling) is False:
            continue
        if sent.parameters_verdict(sibling) is not False:
            return True
    return False


def refused_by_another(
    operation: Operation[Any],
    siblings: Iterable[Operation[Any]],
    sent: SentRequest,
    answer: Answer,
    causes: Iterable[str] = (),
) -> bool:
    """Whether an answer is the refusal of another operation, in its own words.

    The server refuses in the words of the first that it asks. `causes` are why this one refuses the
    request: what is wrong with the message itself or with credentials is wrong for all of them.
    """
    common = [cause for cause in causes if cause in (MESSAGE, SIZE, CREDENTIALS)]
    for sibling in rivals_of(operation, siblings):
        own = list(common)
        # Which credentials are right is not judged: other ones may be wrong.
        if sibling.security != operation.security:
            own.append(CREDENTIALS)
        if sent.body_verdict(sibling) is not True:
            own += [MEDIA_TYPE, BODY]
        if sent.parameters_verdict(sibling) is not True:
            own.append(PARAMETER)
        if next(not_refused(sibling, own, answer), None) is None:
            return True
    return False


@cache
def _shape(path: str) -> str:
    """The path as the wire has it: without names of parameters, and without a fragment."""
    return re.sub(r"\{[^{}]*\}", "{}", path.partition("#")[0])
