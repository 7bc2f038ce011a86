"""Which version of OpenAPI a contract is written in (OpenAPI 3.1 §4.1)."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

_READ = re.compile(r"(3\.[01])\.\d+(-.+)?")


class Version(Enum):
    """The versions that are read."""

    V3_0 = "3.0"
    V3_1 = "3.1"


def version_of(data: dict[str, Any]) -> Version | None:
    """Return the version that the field `openapi` states, or None for one that is not read."""
    declared = data.get("openapi")
    match = _READ.fullmatch(declared) if isinstance(declared, str) else None
    return Version(match[1]) if match else None
