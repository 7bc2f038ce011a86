"""`[[tool.bothends.ignore]]` and `…severity]]`: what a project decided on findings."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bothends.config.misuse import Misuse, misuse
from bothends.diagnostics import Finding, Ignore, Level, Severity, SourceLocation
from bothends.openapi.json_value import is_array, is_object
from bothends.small_file import read_small

_REQUIRED = ("code", "reason")
_FIELDS = ("code", "path", "pointer", "reason")
_SEVERITIES = tuple(str(severity) for severity in Severity)


def load_ignores(file: Path) -> list[Ignore]:
    """Read a file of its own with the same entries, as `[[ignore]]`.

    Raises:
        Misuse: The file cannot be read, is no TOML, or has something else than such entries.
    """
    try:
        source = read_small(file).decode("utf-8")
        content = tomllib.loads(source)
    except (OSError, ValueError, RecursionError) as error:
        hint = "it is TOML, with a table [[ignore]] for each entry: code, path, pointer, reason"
        reason = getattr(error, "strerror", None) or str(error)
        message = f"{file} cannot be read: {reason.lower()}"
        raise misuse("ignore-file", message, hint=hint) from None

    unknown = sorted(set(content) - {"ignore"})
    if unknown:
        hint = "each entry is a table [[ignore]]"
        raise misuse("ignore-file", f"{file}: there is no `{unknown[0]}`", hint=hint)
    if not content:
        return []

    ignores, faults = read_ignores(content["ignore"], str(file), source, "ignore")
    if faults:
        raise Misuse(faults)
    return ignores


def read_ignores(
    value: object, file: str, source: str, table: str = "tool.bothends.ignore"
) -> tuple[list[Ignore], list[Finding]]:
    """Read the entries of the setting `ignore`.

    Args:
        value: What TOML has there.
        file: The name of the settings file, for locations.
        source: The text of the file.
        table: The name of an entry's table.

    Returns:
        The entries, and what is wrong with them.
    """
    entries = value if is_array(value) else []
    if not entries or not all(map(is_object, entries)):
        location = SourceLocation(file, 1, 1)
        message = f"`ignore` must be a list of tables: [[{table}]]"
        return [], [Finding("config-bad-setting", Severity.ERROR, message, location)]

    ignores: list[Ignore] = []
    faults: list[Finding] = []
    for entry, location in _located(entries, file, source, table):
        found = list(_faults(entry, location, "ignore", _REQUIRED, _FIELDS))
        faults += found
        if not found:
            ignores.append(Ignore(**entry, location=location))

    return ignores, faults


def read_levels(value: object, file: str, source: str) -> tuple[list[Level], list[Finding]]:
    """Read the entries of the setting `severity`: as `ignore`, and how much a finding matters.

    The arguments and what is returned are as those of `read_ignores`.
    """
    entries = value if is_array(value) else []
    if not entries or not all(map(is_object, entries)):
        location = SourceLocation(file, 1, 1)
        message = "`severity` must be a list of tables: [[tool.bothends.severity]]"
        return [], [Finding("config-bad-setting", Severity.ERROR, message, location)]

    levels: list[Level] = []
    faults: list[Finding] = []
    required, fields = (*_REQUIRED, "severity"), (*_FIELDS, "severity")
    for entry, location in _located(entries, file, source, "tool.bothends.severity"):
        found = list(_faults(entry, location, "severity", required, fields))
        if not found and entry["severity"] not in _SEVERITIES:
            message = f"`severity` must be {' or '.join(_SEVERITIES)}, not {entry['severity']!r}"
            found.append(Finding("config-bad-setting", Severity.ERROR, message, location))
        faults += found
        if not found:
            levels.append(Level(**entry, location=location))

    return levels, faults


def _located(
    entries: list[Any], file: str, source: str, table: str
) -> Iterator[tuple[dict[str, Any], SourceLocation]]:
    """Each entry with the line of its table's header: tomllib keeps no positions."""
    name = r"\s*\.\s*".join(table.split("."))
    header = re.compile(rf"\s*\[\[\s*{name}\s*\]\]")
    lines = [n for n, line in enumerate(source.splitlines(), start=1) if header.match(line)]
    for index, entry in enumerate(entries):
        yield entry, SourceLocation(file, lines[index] if index < len(lines) else 1, 1)


def _faults(
    entry: dict[str, Any],
    location: SourceLocation,
    setting: str,
    required: Sequence[str],
    fields: Sequence[str],
) -> Iterator[Finding]:
    for key, value in entry.items():
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(fields)}"
            message = f"`{setting}` has no field `{key}`"
            yield Finding("config-unknown-setting", Severity.ERROR, message, location, hint)
        elif not isinstance(value, str) or not value.strip():
            message = f"`{key}` of `{setting}` must be text that is not empty, not {value!r}"
            yield Finding("config-bad-setting", Severity.ERROR, message, location)

    for key in required:
        if key not in entry:
            hint = "say why the finding is judged otherwise here" if key == "reason" else ""
            message = f"an entry of `{setting}` has no `{key}`"
            yield Finding("config-bad-setting", Severity.ERROR, message, location, hint)
