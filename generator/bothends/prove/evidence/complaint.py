"""Why a server failed, as its log says it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why the server failed: `text` from its log, and `cause`, equal for one bug.

    Both name the last line of the user's own that was reached, if one was: no library's, no
    generated one.
    """

    text: str
    cause: str
