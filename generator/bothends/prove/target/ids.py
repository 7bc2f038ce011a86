"""The first requests to a server that others wrote: they find the ids of what is there."""

from __future__ import annotations

from bothends.prove.target.subject import Subject
from bothends.prove.values.valid_requests import valid_requests
from bothends.prove.wire.message import send

_ROUNDS = ("GET", "POST", "PUT", "GET")
"""What is listed, what can be made, then what is listed now.

Nothing is removed or changed before the proof begins.
"""


def learn_ids(subject: Subject) -> None:
    """Send valid requests, shortest paths first, and keep the ids that their answers name."""
    operations = subject.package.operations
    for method in _ROUNDS:
        chosen = [entry for entry in operations if entry.method.upper() == method]
        for operation in sorted(chosen, key=lambda entry: entry.path.count("{")):
            existing = subject.known_ids.values(operation)
            if len(existing) < operation.path.count("{") and method != "GET":
                continue
            valid = next(valid_requests(operation, subject.credentials, known_ids=existing), None)
            if valid is not None:
                answer = send(subject.address, valid.request)
                subject.known_ids.learn(operation, answer, operations)
