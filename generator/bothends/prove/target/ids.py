"""The first requests to a server that others wrote: they find the ids of what is there."""

from __future__ import annotations

from itertools import islice
from typing import Any

from bothends.prove.target.known_ids import KnownIds
from bothends.prove.target.subject import Subject
from bothends.prove.values.valid_requests import valid_requests
from bothends.prove.wire.message import send
from bothends.runtime.operation import Operation

_ROUNDS = ("GET", "POST", "PUT", "GET")
"""What is listed, what can be made, then what is listed now. Nothing is removed here."""
_BODIES = 3
"""So many bodies are tried, examples first, until one is taken."""


def learn_ids(subject: Subject) -> None:
    """Send valid requests, shortest paths first, and keep the ids that their answers name.

    Ids of an earlier call are forgotten: the proof may have removed what they stood for.
    """
    subject.known_ids.by_path.clear()
    for method in _ROUNDS:
        chosen = [each for each in subject.package.operations if each.method.upper() == method]
        for operation in sorted(chosen, key=lambda each: each.path.count("{")):
            _learn_from(subject, operation, subject.known_ids)


def _learn_from(subject: Subject, operation: Operation[Any], known_ids: KnownIds) -> None:
    """Send requests of one operation until one succeeds, and learn from its answer."""
    for values in known_ids.choices(operation):
        if len(values) < operation.path.count("{") and operation.method.upper() != "GET":
            return

        choices = valid_requests(operation, subject.credentials, known_ids=values)
        for valid in islice(choices, _BODIES):
            answer = send(subject.address, valid.request)
            if 200 <= answer.status < 300:
                known_ids.confirm(operation, values)
                known_ids.learn(operation, answer, subject.package.operations, sent=valid.body)
                return
