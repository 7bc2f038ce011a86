"""Whatever is wrong with a file is a `ContractError` with a code and a place, never another exception."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bothends.diagnostics import ContractError
from bothends.load import load_document, parse_document, yaml_events
from bothends.load.yaml_events import PurePythonParser

# Each line is one level deeper than the one before.
ALIASES_IN_ALIASES = "a0: &a0 [1]\n" + "".join(
    f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 1_000)
)
LONG_KEYS_IN_ALIASES = f"a: &a\n  ? {'b' * 2_100}\n  : 1\nc:\n  ? {'d' * 2_100}\n  : *a\n"
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 9)
)


def refusal(text: str | bytes, shown: str = "tides.yaml") -> list[tuple[str, int, int]]:
    with pytest.raises(ContractError) as caught:
        parse_document(text if isinstance(text, bytes) else text.encode(), shown)
    places = [(finding.code, finding.location) for finding in caught.value.findings]
    return [(code, location.line, location.column) for code, location in places if location]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1),
        ("200: a\n'200': b\n", "duplicate-key", 2, 1),
        ("a: !!python/object/apply:os.system [ls]\n", "tag", 1, 4),
        ("a: !!str 1\n", "tag", 1, 4),
        ("a:\n  ? \n  : 1\n", "key-not-text", 2, 4),
        ("? [a]\n: b\n", "key-not-text", 1, 3),
        ("a: 1\n---\nb: 2\n", "several-documents", 2, 1),
        ("a: *b\n", "unknown-alias", 1, 4),
        ("a: &a [*a]\n", "unknown-alias", 1, 8),
        ("a: .inf\n", "not-finite", 1, 4),
        ("a: -.INF\n", "not-finite", 1, 4),
        ("a: .nan\n", "not-finite", 1, 4),
        ("a: 1e999\n", "not-finite", 1, 4),
        (f"a: {'9' * 5000}\n", "number-too-long", 1, 4),
        ("a: [1\n", "yaml-syntax", 2, 1),
        ("a:\n\t b: 1\n", "yaml-syntax", 2, 1),
        ("a: b: c\n", "yaml-syntax", 1, 5),
        ("a: \x07\n", "control-character", 1, 4),
        ("- a\n", "not-a-mapping", 1, 1),
        ("text", "not-a-mapping", 1, 1),
        ("", "empty", 1, 1),
        ("# nothing\n", "empty", 1, 1),
        ("a: " + "[" * 200, "too-deep", 1, 153),
        (BOMB, "too-many-nodes", 1, 1),
        ("a: &a 1\nb: [" + "*a, " * 10_001 + "]\n", "too-many-aliases", 2, 40005),
        (ALIASES_IN_ALIASES, "too-deep", 150, 14),
        (LONG_KEYS_IN_ALIASES, "keys-too-long", 6, 5),
        ("a: [" + "1," * 20_001 + "]\n", "too-wide", 1, 40_005),
        ("a: " + "x" * 1_000_001, "text-too-long", 1, 4),
        ("? " + "a" * 3_000 + "\n: {b: 1}\nc:\n  ? " + "d" * 1_001, "keys-too-long", 4, 5),
        (b"a: caf\xe9\n", "not-utf8", 1, 7),
        ("a: 1\n".encode("utf-16"), "not-utf8", 1, 1),
    ],
)
def test_yaml_is_refused_at_its_place(text: str | bytes, code: str, line: int, column: int) -> None:
    assert (code, line, column) in refusal(text)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ('{"a": 1,\n "a": 2}', "duplicate-key", 2, 2),
        ('{"a": {"b": 1, "b": 2}, "c": 1, "c": 1}', "duplicate-key", 1, 16),
        ('{"a": 1, "\\u0061": 2}', "duplicate-key", 1, 10),
        ('{"a": [' + "1," * 20_000 + "1]}", "too-wide", 1, 40_008),
        ('{"a": "' + "x" * 1_000_001 + '"}', "text-too-long", 1, 7),
        (
            '{"' + "a" * 3_000 + '": {"b": 1},\n"c": {"' + "d" * 1_001 + '": 1}}',
            "keys-too-long",
            2,
            7,
        ),
        ('{"a": NaN}', "not-finite", 1, 7),
        ('{"a": [-Infinity]}', "not-finite", 1, 8),
        ('{"a": 1e999}', "not-finite", 1, 7),
        ('{"a": ' + "9" * 5000 + "}", "number-too-long", 1, 7),
        ('{"a": "\\ud800"}', "lone-surrogate", 1, 7),
        ('{"a": 1,}', "json-syntax", 1, 9),
        ("a: 1", "json-syntax", 1, 1),
        ('{"a": ' + "[" * 200 + "]" * 200 + "}", "too-deep", 1, 156),
        ('{"a": ' + "[" * 100_000, "too-deep", 1, 156),
        ("[]", "not-a-mapping", 1, 1),
    ],
)
def test_json_is_refused_at_its_place(text: str, code: str, line: int, column: int) -> None:
    found = refusal(text, "tides.json")
    assert (code, line, column) in found or (code == "json-syntax" and found[0][0] == code)


def test_recoverable_faults_are_reported_at_once() -> None:
    assert [code for code, _, _ in refusal("a: 1\na: 2\nb: !!str x\nc: .inf\n")] == [
        "duplicate-key",
        "tag",
        "not-finite",
    ]


def test_a_fault_knows_its_pointer() -> None:
    with pytest.raises(ContractError) as caught:
        parse_document(b"a:\n  b: [1, {c: .nan}]\n", "tides.yaml")
    [finding] = caught.value.findings
    assert finding.location is not None
    assert finding.location.pointer == "/a/b/1/c"


def test_a_missing_file_is_compared_with_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text("a: 1")
    with pytest.raises(ContractError) as caught:
        load_document(tmp_path / "openapi.yml")
    [finding] = caught.value.findings
    assert (finding.code, finding.hint) == ("file-missing", "Did you mean openapi.yaml?")


@pytest.mark.parametrize(
    ("name", "code"),
    [(".", "not-a-file"), ("no/such/x.yaml", "file-missing"), ("a\0b", "file-unreadable")],
)
def test_what_is_not_a_file_is_said(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(ContractError) as caught:
        load_document(tmp_path / name)
    assert [finding.code for finding in caught.value.findings] == [code]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(ContractError) as caught:
        load_document(tmp_path / "pipe.yaml")
    assert [finding.code for finding in caught.value.findings] == ["not-a-file"]


def test_a_huge_file_is_not_parsed(tmp_path: Path) -> None:
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(65_000_000)
    with pytest.raises(ContractError) as caught:
        load_document(tmp_path / "huge.yaml")
    assert [finding.code for finding in caught.value.findings] == ["file-too-large"]


def test_paths_are_shown_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "tides.yaml").write_text("a: 1")
    monkeypatch.chdir(tmp_path)
    assert load_document(tmp_path / "specs" / "tides.yaml").path == "specs/tides.yaml"
    assert load_document(Path("specs/tides.yaml"), display_path="named.yaml").path == "named.yaml"


PIECES = st.sampled_from(
    [
        *"{}[]:,-&*!|>'\"%@`?# \n\t~",
        "a",
        "b: ",
        "<<: ",
        "&x ",
        "*x",
        "\\u",
        "d800",
        "0x",
        "---\n",
        "1e999",
        "\ufeff",
    ]
)


def survives(content: bytes, shown: str) -> None:
    try:
        parse_document(content, shown)
    except ContractError as error:
        assert error.findings
        for finding in error.findings:
            assert finding.location is not None
            assert finding.location.line >= 1
            assert finding.location.column >= 1


@given(st.binary(max_size=200), st.sampled_from(["t.yaml", "t.json"]))
@example(b'a: "\\U99999999"', "t.yaml")
@example(b"%YAML 1.\xc2\xb2\n---\na", "t.yaml")
@example(b'{"a":"\\ud800\\\\ud800"}', "t.json")
def test_no_bytes_raise_anything_else(content: bytes, shown: str) -> None:
    survives(content, shown)


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(["t.yaml", "t.json"]))
def test_no_near_yaml_raises_anything_else(text: str, shown: str) -> None:
    survives(text.encode(), shown)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_without_libyaml_it_holds_too(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_events, "_open_parser", PurePythonParser)
        survives(text.encode(), "t.yaml")


@pytest.mark.parametrize(
    "text", ['a: "\\ud800"', 'a: "\\U99999999"', "%YAML " + "9" * 5000 + ".1\n--- {}", "a: [1"]
)
def test_pure_python_refuses_what_libyaml_refuses(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(text)
    monkeypatch.setattr(yaml_events, "_open_parser", PurePythonParser)
    assert refusal(text)
