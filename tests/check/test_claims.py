"""Claims: their file, their fingerprints, their table, and passages that are gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothends.check import (
    ClaimsFile,
    StandIn,
    claims_table,
    find_passage,
    fingerprint_of,
    load_claims,
    read_stand_in,
    stale_claims,
)
from bothends.diagnostics import ContractError
from bothends.load import load_document

TIDES = Path(__file__).parent / "claims" / "tides"
PAGE = (
    "| Field | Meaning |\n|---|---|\n| `metres` | The height of the tide, **never** below zero. |\n"
)


def write(folder: Path, claims: str) -> ClaimsFile:
    file = folder / "claims.yaml"
    file.write_text(
        f"documents: {{page: {{title: Page}}, guide: {{title: Guide}}}}\nclaims:\n{claims}"
    )
    return load_claims(file, "claims.yaml")


def claim(name: str, document: str, passage: str) -> str:
    source = f"{{document: {document}, fingerprint: '{fingerprint_of(passage)}'}}"
    return f"  {name}: {{statement: It is so., source: {source}, kept: contract}}\n"


def test_a_fingerprint_counts_words_and_does_not_mind_noise() -> None:
    # printf 'the height of the tide never below zero' | sha256sum
    expected = "8w:cff68da804a853f8"
    assert fingerprint_of("The height of the TIDE, never below zero.") == expected
    assert fingerprint_of("| the height | of the tide\n**never**  below `zero`") == expected
    assert fingerprint_of("straße") == fingerprint_of("STRASSE")
    assert fingerprint_of("a b") != fingerprint_of("ab")


def test_a_passage_is_found_wherever_it_stands() -> None:
    fingerprint = fingerprint_of("Height of the tide: never below zero")
    assert find_passage(PAGE, fingerprint)
    assert not find_passage(PAGE.replace("never", "rarely"), fingerprint)
    assert not find_passage("", fingerprint)


@given(st.lists(st.from_regex(r"\w{1,4}", fullmatch=True), min_size=1, max_size=12), st.data())
def test_every_run_of_words_is_found(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    assert find_passage(", ".join(words), fingerprint_of(" ".join(words[start:end])))


def test_only_claims_on_the_document_at_hand_can_be_stale(tmp_path: Path) -> None:
    claims = write(
        tmp_path,
        claim("H1", "page", "height of the tide")
        + claim("H2", "page", "always below zero")
        + claim("H3", "guide", "somewhere else")
        + "  H4: {statement: No fingerprint., source: {document: page}, kept: contract}\n",
    )
    assert [one.id for one in stale_claims(claims, PAGE)] == ["H2"]
    assert [one.id for one in stale_claims(claims, PAGE, "guide")] == ["H3"]


def test_the_table_says_what_keeps_each_claim() -> None:
    rows = {
        row.id: row
        for row in claims_table(
            load_claims(TIDES / "claims.yaml", "claims.yaml"),
            load_document(TIDES / "openapi.yaml", display_path="specs/tides/openapi.yaml"),
            read_stand_in(TIDES / "stand_in.py", "specs/tides/stand_in.py"),
        )
    }
    assert list(rows) == [f"H{number}" for number in range(1, 10)]
    assert rows["H1"].kept_by == ("openapi.yaml:2 info",)
    assert rows["H2"].source == "Tides of the harbour: Body"
    assert "openapi.yaml:9 query parameter port: required" in rows["H2"].kept_by
    assert "openapi.yaml:41 minimum" in rows["H2"].kept_by
    assert "openapi.yaml:21 response 201" in rows["H2"].kept_by
    assert rows["H3"].kept_by == ()
    assert rows["H4"].kept_by == ("stand_in.py:15 Tides",)
    assert rows["H6"].kept_by == ("informational: It is about money.",)


@pytest.mark.parametrize(
    ("claims", "line", "message"),
    [
        ("  H1: {statement: One., kept: contract}\n", 3, '"source" is missing.'),
        (
            "  H1: {statement: One., source: {document: page}, kept: maybe}\n",
            3,
            '"kept" must be one of',
        ),
        (
            "  H1: {statement: One., source: {document: pgae}, kept: contract}\n",
            3,
            "There is no document pgae.",
        ),
        (
            "  H1: {statement: One., source: {document: page, fingerprint: x}, kept: contract}\n",
            3,
            "must match the pattern",
        ),
        (
            "  H1: {statment: One., source: {document: page}, kept: contract}\n",
            3,
            '"statment" is not allowed here.',
        ),
        (
            "  1 H: {statement: One., source: {document: page}, kept: contract}\n",
            3,
            "A key is not allowed here",
        ),
    ],
)
def test_a_claims_file_of_the_wrong_shape_is_refused(
    tmp_path: Path, claims: str, line: int, message: str
) -> None:
    with pytest.raises(ContractError) as caught:
        write(tmp_path, claims)

    assert any(
        finding.code == "claims-shape"
        and finding.location
        and finding.location.line == line
        and message in finding.message
        for finding in caught.value.findings
    )


@pytest.mark.parametrize(
    ("document", "hint"),
    [
        ("{title: Page, file: a.txt}", "These are: title, url, retrieved."),
        ("{titel: Page}", "Did you mean title?"),
    ],
)
def test_what_is_there_already_was_not_meant(tmp_path: Path, document: str, hint: str) -> None:
    file = tmp_path / "claims.yaml"
    file.write_text(f"documents: {{page: {document}}}\nclaims: {{}}\n")
    with pytest.raises(ContractError) as caught:
        load_claims(file, "claims.yaml")
    assert hint in [finding.hint for finding in caught.value.findings]


def test_marks_need_our_keeps_and_count_characters() -> None:
    source = 'from bothends.runtime import keeps as k\n\nclass É:\n    @k("é", "H2")\n    def f(self): ...\n'
    marks = StandIn.parse(source, "stand_in.py").marks
    assert [
        (mark.claim, mark.name, mark.location.line, mark.location.column) for mark in marks
    ] == [
        ("é", "f", 4, 8),
        ("H2", "f", 4, 13),
    ]


@pytest.mark.parametrize(
    "source", ["def f(:\n", "\0", "(" * 10_000, "from bothends.runtime import keeps\n@keeps(\n"]
)
def test_a_stand_in_that_is_not_python_is_a_finding(source: str) -> None:
    read = StandIn.parse(source, "stand_in.py")
    assert read.marks == ()
    assert [finding.code for finding in read.findings] == ["stand-in-syntax"]


def test_a_stand_in_is_never_run(tmp_path: Path) -> None:
    file = tmp_path / "stand_in.py"
    file.write_text("raise SystemExit(1)\n")
    assert read_stand_in(file, "stand_in.py").findings == ()
