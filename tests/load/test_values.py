"""Scalars mean what JSON's readers take them for, whatever YAML 1.1 made of them."""

from __future__ import annotations

from typing import Any

import pytest

from bothends.load import parse_document


def read(text: str, shown: str = "tides.yaml") -> Any:
    return parse_document(text.encode(), shown).data


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("On", "On"),
        ("12:30:45", "12:30:45"),
        ("2026-01-02", "2026-01-02"),
        ("1_000", "1_000"),
        ("0o17", 15),
        ("017", 17),
        ("0x1F", 31),
        ("-1", -1),
        ("+1", 1),
        ("1.0", 1.0),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("True", True),
        ("tRUE", "tRUE"),
        ("~", None),
        ("", None),
        ("NULL", None),
        ("'1'", "1"),
        ('"null"', "null"),
        ('!!x "y"'[4:], "y"),
        ("|\n  two\n  lines", "two\nlines"),
        ("-", [None]),
        ("nope", "nope"),
        ("...x", "...x"),
    ],
)
def test_a_scalar_is_what_the_core_schema_says(written: str, value: object) -> None:
    read_back = read(f"v: {written}" if written != "-" else "v:\n-")["v"]
    assert read_back == value
    assert type(read_back) is type(value)


def test_keys_are_text_however_they_look() -> None:
    assert read("NULL: a\ntrue: b\n1.50: c\n~: d\n") == {
        "NULL": "a",
        "true": "b",
        "1.50": "c",
        "~": "d",
    }
    assert read("responses:\n  200: fine\n  '404': gone\n  4XX: bad\n")["responses"] == {
        "200": "fine",
        "404": "gone",
        "4XX": "bad",
    }


def test_aliases_are_filled_in() -> None:
    assert read("a: &x {k: [1]}\nb: *x\nc: &y text\nd: *y\n") == {
        "a": {"k": [1]},
        "b": {"k": [1]},
        "c": "text",
        "d": "text",
    }


def test_json_is_taken_by_name_or_by_content() -> None:
    assert read('{"a": [1, 2.5, "\\ud83d\\ude00"]}') == {"a": [1, 2.5, "😀"]}
    assert read('\ufeff {"a": true}', "tides.json") == {"a": True}


def test_flow_yaml_is_not_mistaken_for_json() -> None:
    assert read("{a: 1, b: [no,],}") == {"a": 1, "b": ["no"]}


def test_byte_order_mark_is_not_a_key() -> None:
    document = parse_document("\ufeffa: 1\n".encode(), "tides.yaml")
    assert document.data == {"a": 1}
    assert document.location_of("/a").column == 4
