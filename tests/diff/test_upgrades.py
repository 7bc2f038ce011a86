"""One contract in the words of two versions of OpenAPI: nothing of it breaks anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothends.diff import Verdict, compare
from bothends.load import parse_document
from bothends.pipeline import check_and_normalise

UPGRADES = Path(__file__).parent / "upgrades"
HARMLESS = {Verdict.COMPATIBLE, Verdict.NOTE}


@pytest.mark.parametrize(
    ("older", "newer"), [("nullable_3_0", "nullable_3_1"), ("everything_2_0", "everything_3_0")]
)
def test_upgraded_contract_breaks_nobody(older: str, newer: str) -> None:
    files = [UPGRADES / f"{name}.yaml" for name in (older, newer)]
    documents = [
        check_and_normalise(parse_document(file.read_bytes(), file.name)).normalised
        for file in files
    ]
    for old, new in (documents, documents[::-1]):
        assert [change for change in compare(old, new) if change.verdict not in HARMLESS] == []


def test_upgrade_that_forgets_null_is_breaking() -> None:
    """`nullable` means nothing in 3.1: who forgets to rewrite it takes null away."""
    old, new = (UPGRADES / f"nullable_3_{minor}.yaml" for minor in (0, 1))
    text = new.read_text("utf-8").replace("[number, 'null']", "number")
    documents = [
        check_and_normalise(parse_document(each.encode(), "tides.yaml")).normalised
        for each in (old.read_text("utf-8"), text)
    ]
    changes = compare(*documents)
    assert {change.subjects for change in changes if change.verdict is Verdict.BREAKING} == {
        ("PUT /tides/{id}",)
    }
