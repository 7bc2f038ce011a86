"""Content-Encoding: gzip is inflated with a bound, everything else is refused."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace

from bothends.prove.oracle.refusal import BODY, MEDIA_TYPE, PARAMETER, SIZE
from bothends.prove.probes.probe import ACCEPTED, Expect, Probe, ProbeContext
from bothends.prove.wire.message import Request

_BOMB = 64 * 1024 * 1024


def probes(context: ProbeContext) -> Iterator[Probe]:
    """For operations with a body."""
    request = context.valid.request
    if not request.body:
        return

    body = request.body
    packed = gzip.compress(body, mtime=0)
    # The header may be a parameter of the operation as well, which then refuses what the coding
    # does not.
    refused = Expect.refused(MEDIA_TYPE, PARAMETER)
    yield Probe("gzip", _coded(request, "gzip", packed), ACCEPTED)
    for coding in ("br", "deflate", "compress", "gzip, gzip", "zstd", "made-up"):
        yield Probe(f"unknown {coding}", _coded(request, coding, body), refused)

    yield Probe("said to be gzip, and is not", _coded(request, "gzip", body), Expect.refused(BODY))
    yield Probe("cut short", _coded(request, "gzip", packed[:-4]), Expect.refused(BODY))
    yield Probe("more behind the end", _coded(request, "gzip", packed + b"x"), Expect.refused(BODY))
    yield Probe(
        "zlib without a gzip header",
        _coded(request, "gzip", zlib.compress(body)),
        Expect.refused(BODY),
    )
    yield Probe("a bomb", _coded(request, "gzip", _bomb()), Expect.refused(SIZE, BODY))


def _coded(request: Request, coding: str, body: bytes) -> Request:
    return replace(request.with_header("content-encoding", coding), body=body)


def _bomb() -> bytes:
    if not _MADE:
        compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
        block = b" " * (1024 * 1024)
        _MADE.append(
            b"".join(compressor.compress(block) for _ in range(_BOMB // len(block)))
            + compressor.flush()
        )
    return _MADE[0]


_MADE: list[bytes] = []
