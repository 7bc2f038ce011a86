"""The one value that says that something is absent."""

from __future__ import annotations

from enum import Enum
from typing import Final

from typing_extensions import override


class MissingType(Enum):
    """The one value `MISSING`: nothing is there, which is not the same as null."""

    MISSING = "missing"

    @override
    def __repr__(self) -> str:
        return self.name


MISSING: Final = MissingType.MISSING
