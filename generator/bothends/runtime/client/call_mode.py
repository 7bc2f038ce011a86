"""What a caller wants from a call beside its value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallMode:
    """How one call is made and what it gives.

    Attributes:
        is_download: A binary body is left to be read by the caller.
        is_page: It is one call of an iteration, which has warned of deprecated arguments already.
        query: A query that replaces that of the arguments, such as the one of a link to the next
            page.

    """

    is_download: bool = False
    is_page: bool = False
    query: str | None = None


VALUE = CallMode()
DOWNLOAD = CallMode(is_download=True)
