"""Contracts that show each finding: a line ends in `#! code…` exactly where that finding is expected, and nowhere else.

`cases/*.yaml` are single contracts; `claims/*/` are contracts with claims.yaml and stand_in.py beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from bothends.check import list_rules, load_claims, read_stand_in
from bothends.diagnostics import Finding, Severity
from bothends.load import load_document
from bothends.pipeline import check_and_normalise

HERE = Path(__file__).parent
CASES = sorted((HERE / "cases").glob("*.yaml"))
CLAIMS = sorted(path for path in (HERE / "claims").iterdir() if path.is_dir())


def expected(*files: Path) -> set[tuple[str, int, str]]:
    return {
        (file.name, number, code)
        for file in files
        for number, line in enumerate(file.read_text("utf-8").split("\n"), 1)
        if "#!" in line
        for code in line.partition("#!")[2].split()
    }


def told(findings: Iterable[Finding]) -> set[tuple[str, int, str]]:
    return {(f.location.path, f.location.line, f.code) for f in findings if f.location}


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_a_contract_has_the_findings_it_is_marked_with(file: Path) -> None:
    findings = check_and_normalise(load_document(file, display_path=file.name)).findings
    marked = expected(file)
    # Notes of other rules would fill every case: an array without a limit is in most of them.
    codes = {code for _, _, code in marked}
    serious = [f for f in findings if f.severity is not Severity.INFO or f.code in codes]
    assert told(serious) == marked


@pytest.mark.parametrize("folder", CLAIMS, ids=lambda folder: folder.name)
def test_claims_have_the_findings_they_are_marked_with(folder: Path) -> None:
    stand_in = folder / "stand_in.py"
    checked = check_and_normalise(
        load_document(folder / "openapi.yaml", display_path="openapi.yaml"),
        load_claims(folder / "claims.yaml", "claims.yaml"),
        read_stand_in(stand_in, stand_in.name) if stand_in.exists() else None,
        requires_sources=True,
    )
    serious = [f for f in checked.findings if f.severity is not Severity.INFO]
    assert told(serious) == expected(*folder.iterdir())


def test_every_rule_has_a_case_and_text() -> None:
    named = {file.stem.replace("_", "-"): file for file in CASES}
    assert len(list_rules()) >= 11

    for rule in list_rules():
        assert rule.id in named
        assert any(code == rule.id for _, _, code in expected(named[rule.id]))
        for part in ("\n\nWhy: ", "\n\nBad:\n\n", "\n\nBetter:\n\n"):
            assert part in rule.text
