"""`[tool.bothends.bounds]`: how large the parts of a contract may be."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from bothends.diagnostics import Finding, Severity, SourceLocation
from bothends.openapi.bounds import Bounds
from bothends.openapi.json_value import is_object


def read_bounds(value: object, file: str, source: str) -> tuple[Bounds, list[Finding]]:
    """Read the setting `bounds`.

    Args:
        value: What TOML has there.
        file: The name of the settings file, for locations.
        source: The text of the file.

    Returns:
        The bounds, and what is wrong with them.
    """
    known: dict[str, int] = asdict(Bounds())
    hint = f"the bounds are: {', '.join(known)}"
    if not is_object(value):
        return Bounds(), [_fault("`bounds` must be a table", hint, file, source)]

    chosen: dict[str, Any] = {}
    faults: list[Finding] = []
    for name, most in value.items():
        if name not in known:
            faults.append(_fault(f"there is no bound `{name}`", hint, file, source))
        elif not isinstance(most, int) or isinstance(most, bool) or most < 1:
            message = f"`{name}` must be an integer of 1 or more, not {most!r}"
            faults.append(_fault(message, f"it is {known[name]} by default", file, source))
        else:
            chosen[name] = most

    return Bounds(**chosen), faults


def _fault(message: str, hint: str, file: str, source: str) -> Finding:
    lines = enumerate(source.splitlines(), start=1)
    line = next((n for n, text in lines if re.match(r"\s*(\[.*\.)?\s*bounds\b", text)), 1)
    location = SourceLocation(file, line, 1)
    return Finding("config-bad-setting", Severity.ERROR, message, location, hint)
