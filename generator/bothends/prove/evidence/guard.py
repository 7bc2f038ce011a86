"""Keep a run going: an exception inside a proof becomes one line under "not tried".

It is a fault of bothends, and the run is no proof, unless values could not be drawn or a server of
somebody else did not answer.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import httpx2
from hypothesis.errors import HypothesisException

from bothends.prove.evidence.record import OUR_FAULT, Evidence

_NO_FAULT = (HypothesisException, httpx2.HTTPError)
_LONGEST = 200


@contextmanager
def guarded(evidence: Evidence, package: str, subject: str, part: str) -> Generator[None]:
    """Note what raises in the block under "not tried", and go on behind it.

    Ctrl-C is no fault: it ends the run, and whoever started the run reports what is there so far.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001
        # The rest of the run, and its evidence, are worth more than this part.
        evidence.skip(package, subject, f"{part}: {fault_of(error)}")


def fault_of(error: Exception) -> str:
    """What an exception inside a proof says, and whether it is a fault of bothends."""
    reason = reason_of(error)
    return reason if isinstance(error, _NO_FAULT) else f"{OUR_FAULT}: {reason}"


def reason_of(error: BaseException) -> str:
    """What an exception says, in one line."""
    message = " ".join(str(error).split())
    short = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"
    return f"{type(error).__name__}: {short}" if short else type(error).__name__
