"""What this room asks of a loaded contract; `load.Document` is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bothends.diagnostics import SourceLocation


class ContractDocument(Protocol):
    """Plain JSON data that knows where in its text each part is written."""

    @property
    def data(self) -> dict[str, Any]:
        """The contract as JSON data."""
        ...

    @property
    def unread(self) -> Mapping[str, tuple[str, str]]:
        """The references that were not followed, by pointer, each with a message and a hint."""
        ...

    def value_at(self, pointer: str) -> Any:
        """Return the value at a pointer. Raises `KeyError` when there is none."""

    def location_of(self, pointer: str, *, key: bool = False) -> SourceLocation:
        """Return the place in the text of the value at a pointer, or of its key."""
        ...
