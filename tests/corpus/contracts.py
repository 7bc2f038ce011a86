"""Real contracts, where they lie beside the working copy; they are others' and no part of the project."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bothends import ir
from bothends.check import is_local
from bothends.diagnostics import ContractError
from bothends.emit import emit
from bothends.interpret import interpret
from bothends.load import Document, load_contract
from bothends.name import Lock, name
from bothends.openapi.walk import operations
from bothends.pipeline import check_and_normalise
from bothends.write import format_sources

CORPUS = Path(
    os.environ.get("BOTHENDS_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus"
).resolve()
TABLE = Path(__file__).with_name("refusals.json")
HEAVY = 600_000
"""Bytes of a folder from which its contracts are left to `make corpus`."""
LARGE = 2_500_000
"""Bytes of a contract whose package is not written, so that all of this stays under a minute."""

_SAYS_SO = re.compile(r"""\b(openapi|swagger)["']?\s*:\s*["']?[23]\.\d""")


@dataclass(frozen=True)
class Made:
    """A contract that was repaired, checked, built and named, as `generate` does it."""

    document: Document
    api: ir.Api

    @property
    def refusals(self) -> dict[str, int]:
        return dict(sorted(Counter(refusal.code for refusal in self.api.refusals).items()))

    @property
    def lost(self) -> set[str]:
        """The operations that are neither generated nor refused."""
        told = {operation.pointer for operation in (*self.api.operations, *self.api.webhooks)} | {
            refusal.pointer for refusal in self.api.refusals
        }
        return {
            pointer
            for pointer, *_ in operations(self.document.data)
            if not any(one.startswith(pointer) for one in told)
        }

    @property
    def files(self) -> Mapping[str, str]:
        return format_sources(emit(self.api, self.document).files)


def find_contracts() -> list[str]:
    """The contracts of the corpus, not the files that they refer to."""
    if not CORPUS.is_dir():
        return []
    files = (
        file for file in sorted(CORPUS.rglob("*")) if file.suffix in {".yaml", ".yml", ".json"}
    )
    return [
        file.relative_to(CORPUS).as_posix()
        for file in files
        if _SAYS_SO.search(file.read_text("utf-8"))
    ]


def make(contract: str) -> Made:
    """All of the line but the writing. Raises `ContractError` for what reaches everywhere."""
    checked = check_and_normalise(load_contract(CORPUS / contract, display_path=contract))
    if not all(map(is_local, checked.findings)):
        raise ContractError(f for f in checked.findings if not is_local(f))

    draft = interpret(checked.normalised, checked.unusable)
    named = name(draft, checked.normalised, checked.document, Lock(), "made")
    return Made(checked.normalised, named.api)


def refusals_of(contract: str) -> dict[str, int]:
    """How often which reason is given; for a contract that cannot be read, why."""
    try:
        return make(contract).refusals
    except ContractError as error:
        return dict(sorted(Counter(finding.code for finding in error.findings).items()))
