"""Which version of OpenAPI a contract states, and whether it is one that is read here."""

from __future__ import annotations

from collections.abc import Iterator

from bothends.load import Document
from bothends.openapi.problem import Problem
from bothends.openapi.version import version_of

_HINT = "Swagger 2.0 and OpenAPI 3.0.x to 3.2.x are supported: `openapi: 3.1.0`."


def check_version(document: Document) -> Iterator[Problem]:
    """One problem if the document does not state a supported version."""
    data = document.data
    field = "openapi" if "openapi" in data else "swagger"
    if field not in data:
        yield Problem(
            "", "The document does not say that it is OpenAPI: it has no `openapi` field.", _HINT
        )
    # YAML reads an unquoted `2.0` as a number.
    elif not isinstance(data[field], str):
        yield Problem(
            f"/{field}",
            "The version must be text.",
            f'Write it in quotes: {field}: "{data[field]}".',
        )
    elif version_of(data) is None:
        name = "Swagger" if field == "swagger" else "OpenAPI"
        yield Problem(f"/{field}", f"{name} {data[field]} is not supported.", _HINT)
