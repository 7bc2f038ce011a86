"""Keep a run going: an exception inside a proof becomes one line under "not tried"."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from bothends.prove.evidence.record import Evidence

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
        evidence.skip(package, subject, f"{part}: {reason_of(error)}")


def reason_of(error: BaseException) -> str:
    """What an exception says, in one line."""
    message = " ".join(str(error).split())
    short = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"
    return f"{type(error).__name__}: {short}" if short else type(error).__name__
