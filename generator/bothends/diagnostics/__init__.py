"""What is wrong and where: findings, and the five formats in which they are shown.

A stage reports faults of the contract as `Finding`s with a `Place`; a stage that cannot go on
raises `ContractError`.
"""

from bothends.diagnostics.finding import (
    ContractError,
    Finding,
    Severity,
    SourceLocation,
    as_warnings,
    each_once,
    has_errors,
    sort_findings,
)
from bothends.diagnostics.fold import fold
from bothends.diagnostics.ignored import Ignore, Level, stale_ignores, with_levels, without_ignored
from bothends.diagnostics.lines import Lines
from bothends.diagnostics.render import FORMATS, Format, render
from bothends.diagnostics.visible import visible

__all__ = [
    "FORMATS",
    "ContractError",
    "Finding",
    "Format",
    "Ignore",
    "Level",
    "Lines",
    "Severity",
    "SourceLocation",
    "as_warnings",
    "each_once",
    "fold",
    "has_errors",
    "render",
    "sort_findings",
    "stale_ignores",
    "visible",
    "with_levels",
    "without_ignored",
]
