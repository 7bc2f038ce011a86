"""Refusals that are there and should not be, and those that are not as the contract says.

Where a valid request is refused, either the server is wrong, or a business rule has the status for
broken requests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bothends.prove.evidence.complaint import Complaint
from bothends.prove.oracle.answers import PROBLEM, faults, json_of
from bothends.prove.oracle.refusal import has_success, is_refusal, on_invalid, refusal_statuses
from bothends.prove.wire.message import Answer
from bothends.runtime.operation import Operation

_FOR_MESSAGES = (405, 413, 415)


def refused_valid(operation: Operation[Any], status: int, body: Any) -> Complaint | None:
    """What is told of an answer that refuses a valid request, with the two ways out.

    None when it does not refuse it.
    """
    if (
        not has_success(operation)
        or status in _FOR_MESSAGES
        or not is_refusal(operation, status, body)
    ):
        return None

    declared = on_invalid(operation)
    if declared is None:
        message = (
            f"a valid request is refused with {status}, which in this contract is for requests that break it; expected was a"
            " success, or another documented status. If it is a rule of the business, such as a limit that no schema has,"
            f" document it by another status, such as 409, or name by `x-on-invalid: {{status: {status}, example: …}}` the"
            " reply that is for requests that break the contract, and answer with another (README, x-on-invalid)"
        )
    else:
        message = (
            f"a valid request gets the reply of status {status} that `x-on-invalid` names for requests that break the"
            " contract; expected was a success, or another documented reply. If it is a rule of the business, document it"
            " by another status, or answer with a body unlike the `example` that `x-on-invalid` names (README, x-on-invalid)"
        )

    return Complaint("", message)


def not_refused(operation: Operation[Any], causes: Iterable[str], answer: Answer) -> Iterator[str]:
    """Why an answer is not the operation's refusal for one of the causes; nothing when it is."""
    allowed = {status for cause in causes for status in refusal_statuses(operation, cause)}
    if answer.status not in allowed:
        yield f"must be refused with {' or '.join(map(str, sorted(allowed)))}, got {answer.status}"
        return

    yield from faults(operation, answer, refused=True)
    declared = on_invalid(operation)

    by_problem = answer.values("content-type") == [PROBLEM]
    if declared is not None and answer.status == declared.status and not by_problem:
        if not is_refusal(operation, answer.status, json_of(answer)):
            yield f"must be refused as x-on-invalid says, got another reply of status {answer.status}"
