"""Every case that is generated is proved: its server obeys its contract, whatever features that has.

The random part has PROVE_EXAMPLES requests for each operation: none here, 1,000 in `make proofs`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bothends.prove import Budget, Evidence, constants, prove_package
from bothends.runtime.stand_in import load_stand_in
from tests.goldens.cases import Case, find_cases

from .packages import make_package

EXAMPLES = int(os.environ.get("PROVE_EXAMPLES", "0"))
SEEDS = [int(seed) for seed in os.environ.get("PROVE_SEEDS", "1").split()]
UNSENDABLE = {"hostile_text"}
"""Cases of which no request can be sent over HTTP."""

UNPROVABLE = {
    "broken_examples",  # its one schema allows no value, so no request can be valid
    "same_names",  # two operations share an operationId, which evidence knows them by
    "broken_shape",  # repaired as far as it goes; one operation is left without a valid request
}
"""Cases that are generated in spite of their faults, and cannot be proved because of them."""

LEFT_TO_PROOFS = {
    "directions_3_0",
    "inline_objects",
    "media_losses",
    "names",
    "nulls_3_0",
    "swagger_2_0",
}
"""Cases of what is read or named in another way, whose servers do what those of other cases do.

`make proofs` has them; they would take a minute of each run of the tests.
"""


def _proved() -> list[Case]:
    """The largest first, so that no worker is left with one at the end."""
    found = [case for case in find_cases() if _records(case) and case.name not in UNPROVABLE]
    return sorted(found, key=lambda case: -_records(case))


def _parameter(case: Case) -> object:
    marks = [pytest.mark.slow] if case.name in LEFT_TO_PROOFS else []
    return pytest.param(case, id=case.name, marks=marks)


def _records(case: Case) -> int:
    """How many operations were generated."""
    file = case.folder / "expected" / "operations.py"
    return file.read_text("utf-8").count(" = Operation[") if file.exists() else 0


def _prove(case: Case, folder: Path, seed: int) -> Evidence:
    package = make_package(folder, f"proved_{case.name}_{seed}", case.contract)
    file = case.folder / "stand_in.py"
    if not file.exists():
        return prove_package(package, Budget(seed, EXAMPLES))
    stand_in = load_stand_in(file, package.name)
    return prove_package(
        package, Budget(seed, EXAMPLES), stand_in=stand_in, constants=constants(file)
    )


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("case", [_parameter(case) for case in _proved()])
def test_a_case_is_proved(case: Case, seed: int, tmp_path: Path) -> None:
    evidence = _prove(case, tmp_path, seed)
    told = [
        f"{one.subject} {one.operation}, {one.check}: {one.message}\n  {one.curl}"
        for one in evidence.failures
    ]
    assert not told, "\n".join(told)
    assert evidence.is_proved
    probed = {operation for _, _, operation, part, _ in evidence.tallies if part == "wire probes"}
    assert len(probed) == (0 if case.name in UNSENDABLE else _records(case))
    unsent = [told for _, _, told in evidence.untried if ": not sent, for HTTP" in told]
    assert bool(unsent) == (case.name in UNSENDABLE)


def test_the_features_are_among_them() -> None:
    names = {case.name for case in _proved()}
    assert names >= {
        "styles",
        "forms",
        "multipart",
        "media_types",
        "streams",
        "credentials",
        "links",
        "hostile_text",
    }
