"""The error of this room."""

from __future__ import annotations

from bothends.diagnostics import ContractError, Finding, Severity, SourceLocation


class Misuse(ContractError):
    """The settings or the command line are wrong, not a contract: exit code 2."""


def misuse(
    code: str, message: str, *, location: SourceLocation | None = None, hint: str = ""
) -> Misuse:
    """A `Misuse` of one finding."""
    return Misuse([Finding(code, Severity.ERROR, message, location, hint)])
