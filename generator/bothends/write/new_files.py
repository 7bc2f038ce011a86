"""Files that a command writes once and a person then owns, such as a first contract."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bothends.diagnostics import Finding, Severity
from bothends.write.plan import Change, Plan


def plan_new(files: Mapping[Path, str], *, root: Path) -> Plan:
    """Plan to create files. Each that is there already is an error: it is never overwritten.

    Args:
        files: The texts by path.
        root: The folder that paths in messages are relative to.
    """
    changes: list[Change] = []
    findings: list[Finding] = []
    for path, text in files.items():
        display = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
        changes.append(Change(path, display, None, text))
        if path.exists() or path.is_symlink():
            hint = "it is yours and stays as it is; move it away to have it written again"
            message = f"{display} is there already"
            findings.append(Finding("foreign-file", Severity.ERROR, message, hint=hint))

    return Plan(root, tuple(changes), tuple(findings), is_package=False)
