"""The version of OpenAPI as a number, or without its last part: `openapi: 3.1` is read as 3.1.0."""

from __future__ import annotations

import re
from typing import Any

from bothends.normalise.repairs.edit import Edit
from bothends.openapi.version import version_of

_SHORT = re.compile(r"\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+|x))?\s*", re.IGNORECASE)


def repair_version(data: dict[str, Any]) -> Edit | None:
    """Find the edit of a version that is not written as three numbers in a text."""
    field = "openapi" if "openapi" in data else "swagger"
    declared = data.get(field)
    if not isinstance(declared, str | int | float) or isinstance(declared, bool):
        return None

    match = _SHORT.fullmatch(str(declared))
    if match is None:
        return None
    patch = match[3] if match[3] and match[3].isdecimal() else "0"
    parts = (
        [match[1], match[2] or "0"] if field == "swagger" else [match[1], match[2] or "0", patch]
    )

    read = ".".join(parts)
    # Of a version that is not read, the check says what is wrong with it.
    if read == declared or version_of({field: read}) is None:
        return None
    return Edit(
        "version", f"/{field}", f'The version {declared} is read as the text "{read}".', read
    )
