"""How much a request may hold: bounded by what it says, and by what it sends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bothends.prove.oracle.refusal import BODY, SIZE
from bothends.prove.probes.probe import ANSWERED, Expect, Probe, ProbeContext

_MOST = 16 * 1024 * 1024


def probes(context: ProbeContext) -> Iterator[Probe]:
    """A bound is our server's own; of another one only that it survives is asked."""
    request = context.valid.request
    if context.subject.ours and request.body:
        refused = Expect.refused(SIZE)
        text = request.with_header("content-length", str(_MOST + 1))
        yield Probe("more than allowed, by Content-Length", text, refused)
        # White space before a JSON value is part of the JSON: only the bound stands against it.
        complete = b" " * _MOST + request.body
        yield Probe(
            "more than allowed, in chunks", replace(request, body=complete, chunked=True), refused
        )

    if request.body:
        yield Probe("in chunks", replace(request, chunked=True), ANSWERED)

    if context.valid.is_json:
        yield Probe(
            "an integer of 5,000 digits", request.with_body(b"1" * 5000), Expect.refused(BODY)
        )

    mark = "&" if "?" in request.target else "?"
    long_target = f"{request.target}{mark}a={'b' * 8000}"
    yield Probe("a long query", request.with_target(long_target), ANSWERED)
