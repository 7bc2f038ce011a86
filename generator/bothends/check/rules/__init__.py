"""The rules of a good contract: one module per rule, found by walking this package.

A rule module has a docstring (what, why, bad, better), a `SEVERITY` and a function
`check(contract)` that yields problems. Its id is its file name with hyphens.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from bothends.diagnostics import Finding, Severity
from bothends.openapi.contract import Contract
from bothends.openapi.problem import Problem, as_findings


class Rule(NamedTuple):
    """A rule as it is listed: its id, how much it matters, and its text."""

    id: str
    severity: Severity
    text: str
    check: Callable[[Contract], Iterable[Problem]]


@cache
def list_rules() -> tuple[Rule, ...]:
    """All rules, by id."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(map(_load, names))


def run_rules(contract: Contract, ids: Container[str] | None = None) -> Iterator[Finding]:
    """What the rules say against a contract: all of them, or those of these ids."""
    for rule in list_rules():
        if ids is None or rule.id in ids:
            found = rule.check(contract)
            yield from as_findings(found, contract.document, rule.id, rule.severity)


def _load(name: str) -> Rule:
    module = importlib.import_module(f"{__name__}.{name}")
    return Rule(
        name.replace("_", "-"), module.SEVERITY, (module.__doc__ or "").strip(), module.check
    )
