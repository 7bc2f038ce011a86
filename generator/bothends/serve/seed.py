"""Seed files: YAML or JSON, read as strictly as contracts are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from bothends.diagnostics import ContractError, Finding, Severity
from bothends.load import Document, load_document
from bothends.runtime.idempotency import IdempotencyStore
from bothends.runtime.stand_in import SeedError, State, make_stand_in

_NO_SEED = frozenset({"empty", "not-a-mapping"})


def load_seed(path: Path) -> Document:
    """The seed in a file; raises `ContractError` with a place when it cannot be read."""
    try:
        return load_document(path, display_path=path.as_posix())
    except ContractError as error:
        # What a contract begins with is no advice for a seed.
        hint = "A seed is an object with the fields that the stand-in's class lists in `seeds`."
        raise ContractError(
            replace(finding, hint=hint if finding.code in _NO_SEED else finding.hint)
            for finding in error.findings
        ) from None


def seeded(
    kind: type, seed: Document | None, *, state: State | None, idempotency: IdempotencyStore | None
) -> Any:
    """Make a stand-in of this class.

    Raises:
        ContractError: a finding with its location for each part of the seed that does not fit.
    """
    try:
        return make_stand_in(kind, state=state, seed=seed and seed.data, idempotency=idempotency)
    except SeedError as error:
        if seed is None:
            raise

        findings = [
            Finding(
                "seed",
                Severity.ERROR,
                f"{pointer.rpartition('/')[2] or 'the seed'}: {rule}",
                seed.location_of(pointer),
            )
            for pointer, rule in error.faults
        ]
        raise ContractError(findings) from None
