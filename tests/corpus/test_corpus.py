"""Real contracts: what is refused is what the table allows, and all the rest is a package that imports."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from bothends.diagnostics import ContractError
from tests.packages import import_files

from .contracts import CORPUS, HEAVY, LARGE, TABLE, find_contracts, make

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
CONTRACTS = find_contracts()
ALLOWED: dict[str, dict[str, int]] = json.loads(TABLE.read_text("utf-8"))


def test_the_table_lists_the_contracts() -> None:
    assert len(CONTRACTS) >= 40
    assert sorted(ALLOWED) == sorted(CONTRACTS)


def _by_weight(contract: str) -> object:
    """Those whose folder is large take most of the time: `make corpus` has them."""
    folder = (CORPUS / contract).parent
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return pytest.param(contract, marks=[pytest.mark.slow] if size > HEAVY else [])


@pytest.mark.parametrize("contract", [_by_weight(contract) for contract in CONTRACTS])
def test_contract_gives_a_package_and_allowed_refusals(contract: str, tmp_path: Path) -> None:
    try:
        made = make(contract)
    except ContractError as error:
        assert {finding.code for finding in error.findings} == set(ALLOWED[contract])
        return

    assert made.refusals == ALLOWED[contract], (
        "`python -m tests.corpus` writes the table anew; it is to shrink"
    )
    assert made.lost == set()

    if (CORPUS / contract).stat().st_size < LARGE:
        files = made.files
        package = import_files(tmp_path, files)
        for path in files:
            if path.endswith(".py"):
                module = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
                importlib.import_module(f"{package.__name__}.{module}")
