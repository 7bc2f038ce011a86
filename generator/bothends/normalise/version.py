"""Which version of OpenAPI a contract is written in."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

from bothends.diagnostics import ContractError, Finding, Severity
from bothends.load import Document


class Version(Enum):
    """The versions that are read."""

    V3_0 = "3.0"
    V3_1 = "3.1"


def version_of(document: Document) -> Version:
    """Read the `openapi` field (OpenAPI 3.1 §4.1). Raises `ContractError` for a version that is not supported."""
    stated: Any = document.data.get("openapi", document.data.get("swagger"))
    if isinstance(stated, str) and (match := re.fullmatch(r"(3\.[01])\.\d+(?:-.+)?", stated)):
        return Version(match[1])
    pointer = "/openapi" if "openapi" in document.data else "/swagger" if "swagger" in document.data else ""
    raise ContractError(
        (
            Finding(
                code="unsupported-version",
                severity=Severity.ERROR,
                message=f"OpenAPI version {stated!r} is not supported" if stated else "the `openapi` field is missing",
                place=document.place(pointer),
                hint="contracts in OpenAPI 3.0.x and 3.1.x are read; start the file with `openapi: 3.1.0`",
            ),
        )
    )
