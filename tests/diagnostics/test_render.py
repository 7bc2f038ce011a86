"""The five formats show what a finding says, and nothing in a contract can break out of them."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothends.diagnostics import (
    FORMATS,
    Finding,
    Format,
    Lines,
    Severity,
    SourceLocation,
    render,
    sort_findings,
)
from tests.junit_schema import junit_faults

SOURCE = "openapi: 3.1.0\ninfo:\n  title: Tides\n"
TITLE = Finding(
    "dull-title",
    Severity.ERROR,
    "The title says little.",
    SourceLocation("tides.yaml", 3, 10, "/info/title"),
    "Say more.",
)
LATER = Finding("later", Severity.WARNING, "Comes later.", SourceLocation("tides.yaml", 3, 12))
NOWHERE = Finding("no-file", Severity.INFO, "There is no file.")


def test_text_gives_the_same_advice_once() -> None:
    places = [SourceLocation("a.yaml", line, 1) for line in (1, 2, 3)]
    hints = ["Say more.\nAll else is fine.", "Say more.", "Say less.\nAll else is fine."]
    findings = [
        Finding("one", Severity.WARNING, "M", pointer, hint)
        for pointer, hint in zip(places, hints, strict=True)
    ]
    assert render(findings, "text", {}).splitlines() == [
        "a.yaml:1:1: warning[one] M",
        "  hint: Say more.",
        "        All else is fine.",
        "a.yaml:2:1: warning[one] M",
        "a.yaml:3:1: warning[one] M",
        "  hint: Say less.",
    ]


def test_text_shows_place_line_caret_and_hint() -> None:
    assert render([TITLE], "text", {"tides.yaml": SOURCE}) == (
        "tides.yaml:3:10: error[dull-title] The title says little.\n"
        "    3 |   title: Tides\n"
        "      |          ^\n"
        "  hint: Say more.\n"
    )


def test_text_without_source_or_place_is_one_line() -> None:
    assert render([NOWHERE], "text", {}) == "info[no-file] There is no file.\n"


def test_text_is_plain_unless_colour_is_asked_for() -> None:
    assert "\x1b" not in render([TITLE], "text", {"tides.yaml": SOURCE})
    assert "\x1b[1;31merror[dull-title]\x1b[0m" in render(
        [TITLE], "text", {"tides.yaml": SOURCE}, color=True
    )


def test_findings_are_sorted_by_place_and_told_once() -> None:
    assert sort_findings([LATER, TITLE, NOWHERE, TITLE]) == [NOWHERE, TITLE, LATER]


@pytest.mark.parametrize("column", [1, 250, 2000])
def test_a_long_line_is_cut_around_the_caret(column: int) -> None:
    line = "".join(chr(ord("a") + index % 26) for index in range(2000))
    finding = Finding("x", Severity.ERROR, "m", SourceLocation("f", 1, column))
    _, shown, caret, _ = render([finding], "text", {"f": line}).split("\n")
    assert len(shown) < 115
    assert shown[caret.index("^")] == line[column - 1]


def test_caret_is_right_after_tabs_and_wide_letters() -> None:
    finding = Finding("x", Severity.ERROR, "m", SourceLocation("f", 1, 4))
    _, shown, caret, _ = render([finding], "text", {"f": "\t日本x"}).split("\n")
    assert shown == "    1 |     日本x"
    assert caret == "      |         ^"


def test_controls_of_the_contract_are_shown_escaped() -> None:
    finding = Finding("x", Severity.ERROR, "bad \x1b[2J\u202e", SourceLocation("f", 1, 1), "a\x07b")
    text = render([finding], "text", {"f": "a\x1bb\u2028c"})
    assert "\x1b" not in text
    assert "bad \\x1b[2J\\u202e" in text
    assert "a\\x1bb\\u2028c" in text
    assert "a\\x07b" in text


def test_json_holds_every_field() -> None:
    [only] = json.loads(render([TITLE], "json", {}))["findings"]
    assert only == {
        "code": "dull-title",
        "severity": "error",
        "message": "The title says little.",
        "location": {"path": "tides.yaml", "line": 3, "column": 10, "pointer": "/info/title"},
        "hint": "Say more.",
    }


def test_github_escapes_what_the_runner_unescapes() -> None:
    finding = Finding(
        "a,b", Severity.INFO, "100%\nsure: yes, ::error::", SourceLocation("x,y:z.yaml", 2, 3)
    )
    assert render([finding], "github", {}) == (
        "::notice file=x%2Cy%3Az.yaml,line=2,col=3,title=a%2Cb::100%25%0Asure: yes, ::error::\n"
    )


def test_sarif_places_results() -> None:
    document = json.loads(render([TITLE, LATER], "sarif", {}))
    [run] = document["runs"]
    assert document["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["dull-title", "later"]
    first, second = run["results"]
    assert (first["level"], second["level"]) == ("error", "warning")
    physical = first["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "tides.yaml"
    assert physical["region"] == {"startLine": 3, "startColumn": 10}


def test_junit_fails_on_errors_only_and_counts_clean_files() -> None:
    text = render([TITLE, LATER], "junit", {"tides.yaml": SOURCE, "clean.yaml": ""})
    assert junit_faults(text) == []
    root = ET.fromstring(text)
    clean, tides = root.findall("testsuite")
    assert (clean.get("tests"), clean.get("failures")) == ("1", "0")
    assert (tides.get("tests"), tides.get("failures")) == ("2", "1")
    [failure] = tides.findall("testcase/failure")
    assert failure.get("message") == "The title says little."


HOSTILE = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=40)


@given(
    code=HOSTILE,
    message=HOSTILE,
    path=HOSTILE,
    hint=HOSTILE,
    source=HOSTILE,
    column=st.integers(1, 60),
)
def test_no_text_breaks_a_format(
    code: str, message: str, path: str, hint: str, source: str, column: int
) -> None:
    finding = Finding(code, Severity.ERROR, message, SourceLocation(path, 1, column), hint)
    shown: dict[Format, str] = {name: render([finding], name, {path: source}) for name in FORMATS}
    for text in shown.values():
        text.encode("utf-8")
    assert json.loads(shown["json"])["findings"][0]["message"] == message
    assert json.loads(shown["sarif"])["runs"][0]["results"][0]["level"] == "error"
    assert len(ET.fromstring(shown["junit"]).findall("testsuite/testcase/failure")) == 1
    assert junit_faults(shown["junit"]) == []
    assert shown["github"].count("\n") == 1
    assert not any(ord(character) < 32 for character in shown["text"].replace("\n", ""))


def test_lines_break_where_editors_break_them() -> None:
    lines = Lines("a\r\nb\rc\nd\u2028e\x0cf")
    assert [lines.text(number) for number in range(1, 6)] == ["a", "b", "c", "d\u2028e\x0cf", ""]
    assert [lines.locate(offset) for offset in (0, 3, 5, 7, 9)] == [
        (1, 1),
        (2, 1),
        (3, 1),
        (4, 1),
        (4, 3),
    ]
