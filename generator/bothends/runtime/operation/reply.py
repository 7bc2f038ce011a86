"""Replies that a contract documents (OpenAPI 3.1 §4.8.17), and the statuses that they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .media import MediaType
from .missing import MISSING


@dataclass(frozen=True, slots=True)
class ResponseHeader:
    """A documented header of a reply; always of style simple (OpenAPI 3.1 §4.8.21)."""

    name: str
    wire_name: str
    type: Any = str
    required: bool = False
    explode: bool = False


@dataclass(frozen=True, slots=True, init=False)
class Reply:
    """A documented reply.

    Without media it has no body; `empty` is the value that a blank body stands for.
    """

    media: tuple[MediaType, ...]
    headers: tuple[ResponseHeader, ...]
    empty: Any

    def __init__(
        self, *media: MediaType, headers: Iterable[ResponseHeader] = (), empty: Any = MISSING
    ) -> None:
        object.__setattr__(self, "media", media)
        object.__setattr__(self, "headers", tuple(headers))
        object.__setattr__(self, "empty", empty)


def documented(status: int, table: Mapping[str, Any]) -> str | None:
    """The key of `table` that documents a status: exact, range, then default (OpenAPI 3.1 §4.8.16).

    A `default` beside documented successes is the error of the operation, by the custom of all who
    write contracts: a success is never read by it.
    """
    for key in (str(status), f"{status // 100}XX"):
        if key in table:
            return key

    is_error = status // 100 == 2 and any(key.startswith("2") for key in table)
    return "default" if "default" in table and not is_error else None


def status_of(key: str, table: Mapping[str, Any]) -> int | None:
    """The first status that `table` documents under `key`.

    None where all of its statuses are documented apart.

    What stands beside documented successes as `default` is an error.
    """
    if key.isdigit():
        return int(key)

    is_error = any(another.startswith("2") for another in table)
    hundreds = ("5", "4", "3") if is_error else ("2", "3", "4", "5")
    starts = hundreds if key == "default" else (key[0],)
    found = (int(start) * 100 + step for start in starts for step in range(100))

    return next((status for status in found if documented(status, table) == key), None)
