"""The proof of agreement is proved: each planted disagreement is seen, and its counterexample shows it when it is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothends.prove import Budget, Evidence, Package
from bothends.prove.agreement import prove_agreement
from tests.prove.packages import make_package

from .planted_bugs import PLANTS, Plant

FEW, SEEN_WITHIN = 10, 200


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("parcel")
    return make_package(folder, "parcel", Path(__file__).with_name("openapi.yaml"))


def _evidence(package: Package, operation: str = "", max_examples: int = SEEN_WITHIN) -> Evidence:
    evidence = Evidence()
    chosen = tuple(one for one in package.operations if operation in ("", one.id))
    prove_agreement(package, chosen, Budget(1, max_examples), evidence)
    return evidence


def _run(script: str) -> None:
    exec(compile(script, "counterexample", "exec"), {"__name__": "counterexample"})


def _arrived(message: str) -> bool:
    """Whether something arrived, and was wrong: then the counterexample must say so, and not fail in any other way."""
    return message.startswith(
        ("the handler heard something else", "the caller got another", "the caller got other")
    ) or (" is read as something else" in message or " is written as something else" in message)


def test_two_ends_without_a_fault_agree(package: Package) -> None:
    evidence = _evidence(package, max_examples=25)
    assert evidence.failures == []
    assert evidence.is_proved


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_planted_disagreement_is_seen(package: Package, plant: Plant) -> None:
    with pytest.MonkeyPatch.context() as patch:
        plant.spoil(patch)
        # Most are seen at once, and many draws take their time.
        few = _evidence(package, plant.operation, FEW).failures
        failures = few or _evidence(package, plant.operation).failures
        assert failures
        if not failures[0].curl:  # it takes more than one call
            return

        with pytest.raises(
            AssertionError if _arrived(failures[0].message) else Exception, match=r"."
        ):
            _run(failures[0].curl)

    _run(failures[0].curl)  # without the fault it holds


def test_there_are_enough_of_them() -> None:
    assert len({plant.name for plant in PLANTS}) >= 16
