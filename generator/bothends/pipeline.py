"""The line that a contract moves along: load, check, normalise, build, name, emit. `write` takes the result to disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bothends import ir
from bothends.build import build
from bothends.check import check_document
from bothends.check.claims import load_claims
from bothends.config import SpecFile
from bothends.diagnostics import ContractError, Finding, Severity
from bothends.emit import emit
from bothends.load import Document, load_document
from bothends.name import Named, format_lock, load_lock, name
from bothends.normalise import normalise
from bothends.write import format_sources


@dataclass(frozen=True, slots=True)
class Checked:
    """A contract that could be read, and everything that is to be said of it."""

    document: Document
    normalised: Document
    findings: tuple[Finding, ...]


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
    claims = load_claims(spec) if spec.claims else None
    normalised = normalise(document)
    return Checked(document, normalised, tuple(check_document(document, claims, normalised)))


def intermediate(spec: SpecFile) -> Named:
    """Everything that `emit` would know of a contract."""
    return _named(spec, validate(spec))


def generate(spec: SpecFile) -> Generated:
    """Make the package of a contract in memory. Raises `ContractError` when the contract has errors."""
    checked = validate(spec)
    if errors := [finding for finding in checked.findings if finding.severity is Severity.ERROR]:
        raise ContractError(errors)
    named = _named(spec, checked)
    emitted = emit(named.api, checked.normalised)
    return Generated(
        api=named.api,
        files=format_sources(emitted.files),
        lock=format_lock(named.names),
        findings=(*checked.findings, *_refusals(named.api, checked.normalised), *emitted.losses),
    )


def _named(spec: SpecFile, checked: Checked) -> Named:
    draft = build(checked.normalised)
    lock = load_lock(spec.lock, f"{spec.shown.rpartition('/')[0]}/names.lock".lstrip("/"))
    return name(draft, checked.normalised, checked.document, lock, spec.name)


def _refusals(api: ir.Api, document: Document) -> list[Finding]:
    hint = "the rest of the contract is generated; coverage.json lists what is not"
    return [
        Finding(f"refused-{r.code}", Severity.WARNING, f"{r.operation}: {r.reason}", document.place(r.at), hint)
        for r in api.refusals
    ]
