"""Two JSON texts that repeat each other are read once, and as strictly as one alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothends.diagnostics import ContractError
from bothends.load import RepeatedParts, load_contract, parse_document

values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 30) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text('ab"\\{ ', max_size=2), inner)
    ),
    max_leaves=20,
)
contracts = st.dictionaries(st.sampled_from(["paths", "info", "x"]), values)


@given(contracts, contracts, st.sampled_from([None, 2]))
def test_data_equals_that_read_alone(old: object, new: object, indent: int | None) -> None:
    repeated = RepeatedParts()
    for value in (old, new, old):
        text = json.dumps(value, indent=indent).encode()
        read = parse_document(text, "read.json", repeated).data
        assert json.dumps(read) == json.dumps(value)


def test_same_text_is_one_object() -> None:
    texts = [f'{{"paths": {{"/a": {{"get": {{"x": [1]}}}}, "/b": {end}}}}}' for end in (1, 12)]
    repeated = RepeatedParts()
    old, new = (parse_document(text.encode(), "read.json", repeated).data for text in texts)
    assert old["paths"]["/a"] is new["paths"]["/a"]
    assert (old["paths"]["/b"], new["paths"]["/b"]) == (1, 12)


def test_property_called_ref_is_no_other_file(tmp_path: Path) -> None:
    """GitHub Enterprise has one; its 11 MB were copied in search of files."""
    texts = [
        f'{{"paths": {{"/a": {{"$ref": {{"type": "string"}}}}, "/b": {end}}}}}' for end in (1, 2)
    ]
    repeated = RepeatedParts()
    documents: list[Any] = []
    for number, text in enumerate(texts):
        file = tmp_path / f"{number}.json"
        file.write_text(text)
        documents.append(load_contract(file, repeated=repeated).data)
    assert documents[0]["paths"]["/a"] is documents[1]["paths"]["/a"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "[1", "{", '{"a"', '{"a":', '{"a": 1', '{"a": 1,', '{"a": 1,}', "{,}", "{1: 2}"),
        *('{"a": 1} 2', '{"a": {"b": 1, "b": 2}}', '{"a": NaN}', '{"a": 1e999}', '{"a" 1}'),
        *('{"a": {"b": {"c": {"d": 1, "d": 2}}}}', '{"a": [1, ]}', '{"a": "\t"}', '{"a": tru}'),
        *(f'{{"a": {"[" * 160}{"]" * 160}}}', '{"a": "\\ud800"}', "[]"),
    ],
)
def test_fault_is_told_as_alone(text: str) -> None:
    findings = []
    repeated = RepeatedParts()
    parse_document(b'{"a": {"b": {"c": 1}}}', "read.json", repeated)
    for parts in (None, repeated):
        with pytest.raises(ContractError) as caught:
            parse_document(text.encode(), "read.json", parts)
        findings.append(caught.value.findings)

    assert findings[0] == findings[1]


def test_limits_count_for_each_text_alone() -> None:
    repeated = RepeatedParts()
    # Together the longest keys of all levels make a pointer that is too long.
    long: list[dict[str, object]] = [{"a": {"b" * 3_000: 1}}, {"a": {"b": 2}, "c" * 3_000: 1}]
    for text in long:
        assert parse_document(json.dumps(text).encode(), "read.json", repeated).data == text

    same: dict[str, object] = {"a": {"b": [1] * 20_000}}
    for text in (same, {**same, "c": 1}):
        parse_document(json.dumps(text).encode(), "read.json", repeated)
    wider = {**same, "c": [1] * 20_001}
    with pytest.raises(ContractError, match="20,000"):
        parse_document(json.dumps(wider).encode(), "read.json", repeated)
