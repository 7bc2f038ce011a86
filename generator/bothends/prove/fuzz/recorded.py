"""Read the fuzzer's recorded exchanges as our requests, answers and curl commands."""

from __future__ import annotations

import gzip
from typing import Any

from bothends.prove.evidence.complaint import Complaint
from bothends.prove.oracle.answers import json_of
from bothends.prove.oracle.refused import refused_valid
from bothends.prove.target.server_log import CASE_HEADER, blamed
from bothends.prove.target.subject import Subject
from bothends.prove.wire.message import Answer, Request
from bothends.runtime.operation import Operation


def plain_body(headers: dict[str, str], body: Any) -> bytes | None:
    """The bytes of a body before it was coded.

    None when they are not known, for it is read as it is sent.
    """
    data = body.encode() if isinstance(body, str) else body
    if data is None:
        data = b""
    if not isinstance(data, bytes):
        return None

    if headers.get("content-encoding", "").lower() not in ("gzip", "x-gzip"):
        return data

    try:
        return gzip.decompress(data)
    except (OSError, EOFError):
        return data


_OF_THE_CLIENT = {
    "host",
    "connection",
    "content-length",
    "user-agent",
    "transfer-encoding",
    CASE_HEADER.lower(),
}


def blame(
    subject: Subject, operation: Operation[Any], interaction: Any, *, is_valid: bool = False
) -> Complaint | None:
    """Find why a recorded request failed: a server error, or a valid request refused."""
    case = (interaction.request.headers.get(CASE_HEADER) or [""])[0]
    answer = answer_of(interaction.response)
    cause = blamed(operation, answer.status, subject.log.of_case(str(case)))
    if cause is None and is_valid and not subject.always_succeeds:
        return refused_valid(operation, answer.status, json_of(answer))
    return cause


def answer_of(response: Any) -> Answer:
    """A response of schemathesis; one of status 0 where there was none."""
    if response is None:
        return Answer(0)
    lines = ((name, value) for name, values in response.headers.items() for value in values)
    return Answer(response.status_code, tuple(lines), response.content)


def sent_again(subject: Subject, recorded: Any) -> str:
    """The command that sends a recorded request again, byte by byte, without its secrets."""
    headers: list[tuple[str, str]] = []
    for name, values in recorded.headers.items():
        if name.lower() not in _OF_THE_CLIENT:
            headers += [(name, str(value)) for value in values]

    target = recorded.uri.removeprefix(subject.address)
    return subject.curl(Request(recorded.method, target, tuple(headers), recorded.body or b""))


def joined(values: list[str]) -> str:
    """Return the values of a header as one line (RFC 9110 §5.3)."""
    return ",".join(map(str, values))
