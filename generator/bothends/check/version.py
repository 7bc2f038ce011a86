"""Which version of OpenAPI a contract states, and whether it is one that is read here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.load import Document, format_of_fields
from bothends.nearest import nearest
from bothends.openapi.problem import Problem
from bothends.openapi.version import version_of

_HINT = "Swagger 2.0 and OpenAPI 3.0.x to 3.2.x are supported: `openapi: 3.1.0`."


def check_version(document: Document) -> Iterator[Problem]:
    """One problem if the document does not state a supported version."""
    data = document.data
    field = "openapi" if "openapi" in data else "swagger"
    if field not in data:
        yield _without_version(data)
    elif not isinstance(data[field], str | int | float):
        yield Problem(f"/{field}", "The version must be text.", _HINT)
    elif version_of(data) is None:
        name = "Swagger" if field == "swagger" else "OpenAPI"
        message = f"{name} {data[field]} is not supported."
        yield Problem(f"/{field}", message, _other_field(field, str(data[field])))


def _without_version(data: dict[str, Any]) -> Problem:
    if (format_found := format_of_fields(data)) is not None:
        name, hint = format_found
        return Problem("", f"This is {name}, not an OpenAPI contract.", hint)

    message = "The document does not say that it is OpenAPI: it has no `openapi` field."
    near = nearest("openapi", {key.lower(): key for key in data})
    written = next((key for key in data if key.lower() == near), "")
    return Problem("", message, f"Is `{written}` meant? {_HINT}" if written else _HINT)


def _other_field(field: str, version: str) -> str:
    """What to write; where the version is that of the other field, how that is written."""
    if field == "swagger" and version.startswith("3"):
        return "OpenAPI 3 is stated in another field: `openapi: 3.0.3`."
    if field == "openapi" and version.startswith("2"):
        return "Swagger 2.0 is stated in another field: `swagger: '2.0'`."
    return _HINT
