"""The line that a contract moves along: load, check, normalise, build, name, emit. `write` takes the result to disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from bothends import ir
from bothends.check import check_document, is_local, load_claims, read_stand_in, unusable, without
from bothends.config import SpecFile
from bothends.diagnostics import ContractError, Finding, as_warnings, has_errors
from bothends.emit import emit
from bothends.interpret import interpret, refusal_findings
from bothends.load import Document, load_document
from bothends.name import Named, format_lock, load_lock, name
from bothends.normalise import normalise
from bothends.write import format_sources


@dataclass(frozen=True, slots=True)
class Checked:
    """A contract that could be read, and everything that is to be said of it."""

    document: Document
    findings: tuple[Finding, ...]
    normalise: Callable[[Document], Document]
    """`normalise`, which remembers what it has done already."""

    unusable: Mapping[str, Finding]

    @property
    def normalised(self) -> Document:
        """What of the contract can be generated, in the one dialect."""
        return self.normalise(without(self.document, self.unusable))


@dataclass(frozen=True, slots=True)
class Generated:
    """A package in memory: its files by name, the `names.lock` that belongs to it, and the findings on the way."""

    api: ir.Api
    files: Mapping[str, str]
    lock: str
    findings: tuple[Finding, ...]


def validate(spec: SpecFile) -> Checked:
    """Load and check a contract. Raises `ContractError` when it cannot be read far enough to check it."""
    document = load_document(spec.contract, shown=spec.shown)
    claims = load_claims(spec.claims, spec.show(spec.claims)) if spec.claims else None
    stand_in = read_stand_in(spec.stand_in, spec.show(spec.stand_in)) if spec.stand_in else None
    once = cache(normalise)
    findings = tuple(check_document(document, claims, once, stand_in=stand_in))
    return Checked(document, findings, once, unusable(document, findings))


def intermediate(spec: SpecFile) -> Named:
    """Everything that `emit` would know of a contract. Raises `ContractError` as `generate` does."""
    return _named(spec, validate(spec))


def generate(spec: SpecFile) -> Generated:
    """Make the package of a contract in memory. Raises `ContractError` when it has errors that reach everywhere.

    An error in one place, and what is legal and cannot be generated, refuses the operations that depend on it: a warning, or
    an error if they were generated before. A wrong example is told, and changes nothing.
    """
    checked = validate(spec)
    named = _named(spec, checked)
    refused = refusal_findings(named.api, checked.normalised, named.lost.refusals)
    told = (*refused, *named.lost.findings)
    if has_errors(told):
        raise ContractError((*checked.findings, *told))

    emitted = emit(named.api, checked.normalised)
    return Generated(
        api=named.api,
        files=format_sources(emitted.files),
        lock=format_lock(named.names),
        findings=(*as_warnings(checked.findings), *told, *emitted.losses),
    )


def _named(spec: SpecFile, checked: Checked) -> Named:
    if has_errors(finding for finding in checked.findings if not is_local(finding)):
        raise ContractError(checked.findings)
    draft = interpret(checked.normalised, checked.unusable)
    lock = load_lock(spec.lock, spec.show(spec.lock))
    return name(draft, checked.normalised, checked.document, lock, spec.name)
