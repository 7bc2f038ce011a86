"""How much a stand-in that remembers may hold: its callers decide how many items there are."""

from __future__ import annotations

from typing import Any, Final

from bothends.runtime.json.text import write_json
from bothends.runtime.server.handling import NotAnswered

MOST_BYTES: Final = 256_000_000
_BYTES_OF_A_VALUE: Final = 64


class NoRoom(NotAnswered):
    """Nothing more can be kept."""

    status = 507


class Room:
    """What is left for the items and answers of one stand-in, in bytes of memory or of its file."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._left = most

    def check(self) -> None:
        """Before something is done whose result would be kept.

        Raises:
            NoRoom: There is no room for more.
        """
        if self._left <= 0:
            raise NoRoom("this stand-in is full: delete items, or start it again")

    def replace(self, old: Any, new: Any) -> None:
        """Note that a value takes the place of another one; None is nothing."""
        self._left += _size_of(old) - _size_of(new)


def _size_of(value: Any) -> int:
    if value is None:
        return 0
    text = write_json(value)
    # A value takes more than its text: `{}` has two bytes there, and 64 here.
    return len(text) + _BYTES_OF_A_VALUE * sum(map(text.count, (b",", b"[", b"{")))
