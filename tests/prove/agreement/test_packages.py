"""Both ends of every package agree: those of the vendors, and of every case that is generated.

A few draws here; `make proofs` has them in each proof of a package, and more.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bothends.prove import Budget, Evidence, load_package
from bothends.prove.agreement import prove_agreement
from tests.goldens.cases import find_cases

EXAMPLES = 8
_WAYS = {
    f"{what}, {way}" for what in ("arguments", "replies") for way in ("sync client", "async client")
}
ROOT = Path(__file__).parents[3]


def _packages() -> list[Path]:
    """The folders of generated packages, the largest first, so that no worker is left with one at the end."""
    folders = [
        *(ROOT / "generated").iterdir(),
        *(case.folder / "expected" for case in find_cases()),
    ]
    found = [
        folder for folder in folders if (folder / "operations.py").exists() and _operations(folder)
    ]
    return sorted(found, key=lambda folder: -_operations(folder))


def _operations(folder: Path) -> int:
    return (folder / "operations.py").read_text("utf-8").count(" = Operation[")


def _name(folder: Path) -> str:
    return folder.name if folder.name != "expected" else folder.parent.name


@pytest.mark.parametrize("folder", _packages(), ids=_name)
def test_both_ends_agree(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / f"agreed_{_name(folder)}")
    package = load_package(tmp_path / f"agreed_{_name(folder)}")
    evidence = Evidence()
    operations = package.operations
    # Which values are drawn depends on what else is imported; of eight, none may have a form on the
    # wire.
    for seed in range(1, 4):
        prove_agreement(package, operations, Budget(seed, EXAMPLES), evidence)
        operations = tuple(each for each in operations if _WAYS - _ways(evidence, each.id))
        if not operations:
            break

    told = [f"{one.operation}, {one.check}: {one.message}\n{one.curl}" for one in evidence.failures]
    assert not told, "\n\n".join(told)
    assert not operations


def _ways(evidence: Evidence, operation: str) -> set[str]:
    return {key[4] for key in evidence.tallies if key[2] == operation}
