"""What a caller wants from a call beside its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class CallMode:
    """How one call is made and what it gives.

    Attributes:
        gives: The value, a `RawResponse` around it, or a `Download` whose body is still to be read.
        is_page: It is one call of an iteration, which has warned of deprecated arguments already.
        query: A query that replaces that of the arguments, such as the one of a link to the next page.
    """

    gives: Literal["value", "raw", "download"] = "value"
    is_page: bool = False
    query: str | None = None


VALUE = CallMode()
RAW = CallMode("raw")
DOWNLOAD = CallMode("download")
