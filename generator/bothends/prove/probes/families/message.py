"""Messages that repeat what must be unique: 400 (RFC 9112 §3.2, §6.3).

The answer may come from this server or from a proxy in front of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.prove.probes.probe import OPEN, Probe, ProbeContext
from bothends.prove.wire.message import Answer

_LONGEST = 1000


def probes(context: ProbeContext) -> Iterator[Probe]:
    """The server's own Host header is there already; to it comes a second."""
    # A long body would be cut off: the server may refuse the head and close (RFC 9112 §9.6).
    request = context.valid.request.with_body(context.valid.request.body[:_LONGEST])
    yield Probe("another Host", request.with_header("host", "undeclared.example"), OPEN, _malformed)
    if request.body:
        lengths = (str(len(request.body)), str(len(request.body) - 1))
        yield Probe(
            "two lengths", request.with_header("content-length", *lengths), OPEN, _malformed
        )


def _malformed(answer: Answer) -> str | None:
    return None if answer.status == 400 else f"400 expected, got {answer.status}"
