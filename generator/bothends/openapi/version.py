"""Which version of OpenAPI a contract is written in (OpenAPI 3.1 §4.1, Swagger 2.0 §5.2.1)."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

# The first two numbers decide the features (OpenAPI 3.1 §4.1); the third corrects the text.
_READ = re.compile(r"(3\.[012])\.\d+(-.+)?")


class Version(Enum):
    """The versions that are read."""

    V2_0 = "2.0"
    V3_0 = "3.0"
    V3_1 = "3.1"
    V3_2 = "3.2"


def version_of(data: dict[str, Any]) -> Version | None:
    """Return the version that a contract states, or None for one that is not read."""
    if "openapi" not in data:
        return Version.V2_0 if data.get("swagger") == Version.V2_0.value else None

    declared = data["openapi"]
    # Without quotes, `openapi: 3.1` is a number in YAML.
    match = _READ.fullmatch(declared) if isinstance(declared, str) else None
    return Version(match[1]) if match else None
