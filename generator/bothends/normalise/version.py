"""Which version of OpenAPI a contract is written in."""

from __future__ import annotations

from enum import Enum

from bothends.check.problem import as_findings
from bothends.check.version import check_version
from bothends.diagnostics import ContractError
from bothends.load import Document


class Version(Enum):
    """The versions that are read."""

    V3_0 = "3.0"
    V3_1 = "3.1"


def version_of(document: Document) -> Version:
    """Read the `openapi` field (OpenAPI 3.1 §4.1). Raises `ContractError` for a version that is not supported."""
    if problems := list(check_version(document)):
        raise ContractError(as_findings(problems, document, "openapi-version"))
    return Version(str(document.data["openapi"])[:3])
