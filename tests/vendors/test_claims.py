"""The acceptance table: each statement of the documents is a claim with a source, and is kept or has a reason."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest

from .documents import FILES, ROOT, ROWS, VENDORS, claims, contract, document


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_row_of_the_checklist_is_missing(vendor: str):
    letter, count = ROWS[vendor]
    assert {f"{letter}{number}" for number in range(1, count + 1)} <= claims(vendor)[
        "claims"
    ].keys()


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_the_contract_is_said_to_keep_is_named_there(vendor: str):
    kept = {key for key, claim in claims(vendor)["claims"].items() if claim["kept"] == "contract"}
    assert kept <= set(_named(contract(vendor)))


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_contract_names_no_claim_that_does_not_exist(vendor: str):
    assert set(_named(contract(vendor))) <= claims(vendor)["claims"].keys()


@pytest.mark.parametrize("vendor", VENDORS)
def test_stand_in_claims_are_named_there(vendor: str):
    source = (ROOT / "specs" / vendor / "stand_in.py").read_text(encoding="utf-8")
    named = {
        claim
        for marks in re.findall(r"@keeps\(([^)]*)\)", source)
        for claim in re.findall(r'"(\w+)"', marks)
    }
    said = {key for key, claim in claims(vendor)["claims"].items() if claim["kept"] == "stand-in"}
    assert said <= named <= claims(vendor)["claims"].keys()


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_stand_in_claim_has_a_test(vendor: str):
    tests = (ROOT / "tests" / "behaviour" / f"test_{vendor}.py").read_text(encoding="utf-8")
    said = {key for key, claim in claims(vendor)["claims"].items() if claim["kept"] == "stand-in"}
    named = {name.upper() for name in re.findall(r"_([a-z]\d+)(?=[_(])", tests)}
    assert said <= named


@pytest.mark.parametrize("vendor", VENDORS)
def test_informational_claims_have_a_reason(vendor: str):
    informational = {
        key: claim
        for key, claim in claims(vendor)["claims"].items()
        if claim["kept"] == "informational"
    }
    assert (
        informational.keys()
        == {"zuora": set(), "capillary": {"C6", "C9", "C30"}, "leegality": {"L11"}}[vendor]
    )
    assert all(claim["reason"] for claim in informational.values())


@pytest.mark.parametrize("key", FILES)
def test_each_claim_rests_on_a_passage_of_its_document(key: str):
    words = _words(document(key))
    vendor = key.partition("-")[0]
    prints = {
        name: claim["source"]["fingerprint"]
        for name, claim in claims(vendor)["claims"].items()
        if claim["source"]["document"] == key
    }
    assert prints
    assert [name for name, fingerprint in prints.items() if not _found(fingerprint, words)] == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_claim_names_a_listed_document(vendor: str):
    listed = claims(vendor)["documents"].keys()
    assert {claim["source"]["document"] for claim in claims(vendor)["claims"].values()} == listed


def test_a_passage_that_is_gone_is_noticed():
    assert _found(_fingerprint("the body is blank"), _words("Then, THE body is\nblank."))
    assert not _found(_fingerprint("the body is blank"), _words("the body is not blank"))


def _named(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node.get("x-claims", ())
        for value in node.values():
            yield from _named(value)
    elif isinstance(node, list):
        for item in node:
            yield from _named(item)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _fingerprint(passage: str) -> str:
    words = _words(passage)
    return f"{len(words)}w:{hashlib.sha256(' '.join(words).encode()).hexdigest()[:16]}"


def _found(fingerprint: str, words: list[str]) -> bool:
    length = int(fingerprint.partition("w:")[0])
    return any(
        _fingerprint(" ".join(words[at : at + length])) == fingerprint
        for at in range(len(words) - length + 1)
    )
