"""The proof itself is proved: each planted bug is seen, and where there is none, none is."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothends.prove import Package

from .bugs import BUGS, RARE
from .bugs_parcels import PARCEL_BUGS
from .kinds import KINDS
from .packages import CONTRACT, Bug, make_package, prove_bug

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("proved")


@pytest.fixture(scope="module")
def package(folder: Path) -> Package:
    return make_package(folder)


@pytest.fixture(scope="module")
def parcels(folder: Path) -> Package:
    return make_package(folder, "parcels", CONTRACT.with_name("parcels.yaml"))


@pytest.mark.parametrize("name", ["package", "parcels"])
def test_a_server_without_a_bug_is_proved(
    folder: Path, name: str, request: pytest.FixtureRequest
) -> None:
    evidence = prove_bug(folder, request.getfixturevalue(name), Bug("none", max_examples=30))
    assert evidence.failures == []
    assert evidence.is_proved


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_seen(folder: Path, package: Package, bug: Bug) -> None:
    failures = prove_bug(folder, package, bug).failures
    assert failures
    assert bug.by in failures[0].check


@pytest.mark.parametrize("bug", PARCEL_BUGS, ids=lambda bug: bug.name)
def test_a_bug_with_what_is_not_json_is_seen(folder: Path, parcels: Package, bug: Bug) -> None:
    failures = prove_bug(folder, parcels, bug).failures
    assert failures
    assert bug.by in failures[0].check


@pytest.mark.slow
@pytest.mark.parametrize("bug", RARE, ids=lambda bug: bug.name)
def test_a_rare_bug_is_seen_with_more_examples(folder: Path, package: Package, bug: Bug) -> None:
    assert any(prove_bug(folder, package, bug, seed).failures for seed in (1, 2, 3))


def test_there_are_enough_of_them() -> None:
    assert len(BUGS) >= 34
    assert len({bug.name for bug in [*BUGS, *PARCEL_BUGS]}) == len(BUGS) + len(PARCEL_BUGS)


def test_each_kind_of_fault_has_a_planted_bug() -> None:
    planted = {bug.name for bug in [*BUGS, *RARE, *PARCEL_BUGS]}
    assert len(KINDS) == 34
    assert {name for names in KINDS.values() for name in names} <= planted
    assert all(KINDS.values())
