"""Thousands of faults of one kind are told in bounded work, and how many are not is told too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bothends.check import examples
from bothends.check.examples import _MOST_WRONG
from bothends.diagnostics import Finding
from bothends.load import parse_document
from bothends.pipeline import check_and_normalise

MADE = {"$ref": "#/components/schemas/Made"}


def findings(schema: dict[str, Any], *, version: str = "3.1.0") -> list[Finding]:
    contract = {
        "openapi": version,
        "info": {"title": "Made", "version": "1"},
        "paths": {
            "/made": {
                "post": {
                    "requestBody": {"content": {"application/json": {"schema": MADE}}},
                    "responses": {
                        "200": {
                            "description": "Made.",
                            "content": {"application/json": {"schema": MADE}},
                        }
                    },
                }
            }
        },
        "components": {"schemas": {"Made": schema}},
    }
    document = parse_document(json.dumps(contract, indent=1).encode(), "openapi.json")
    found = check_and_normalise(document).findings
    return [finding for finding in found if finding.code in ("example-invalid", "default-invalid")]


def test_wrong_examples_are_counted_where_too_many() -> None:
    wrong = [f"t{number}" for number in range(_MOST_WRONG)]
    found = findings({"type": "integer", "examples": wrong})
    assert len(found) == _MOST_WRONG

    found = findings({"type": "integer", "examples": [*wrong, 1, "t", "t"], "default": "t"})
    assert len(found) == _MOST_WRONG + 1
    (last,) = [finding for finding in found if "not looked at" in finding.message]
    assert "4 in all" in last.message
    assert str(_MOST_WRONG) in last.message
    assert last.location is not None
    assert last.location.pointer.endswith(f"/examples/{_MOST_WRONG}")


def test_right_examples_are_all_looked_at() -> None:
    numbers = list(range(3 * _MOST_WRONG))
    assert len(findings({"type": "integer", "examples": [*numbers, "t"]})) == 1


def test_an_example_of_one_direction_is_no_wrong_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "_MOST_WRONG", 5)
    made: dict[str, Any] = {"type": "object", "properties": {}}
    for number in range(8):
        inner = {"type": "object", "properties": {"a": {"type": "string", "readOnly": True}}}
        made["properties"][f"p{number}"] = {**inner, "required": ["a"], "example": {}}
    made["properties"]["last"] = {"type": "integer", "example": "t"}
    found = findings(made, version="3.0.3")
    assert [finding.message for finding in found if "not looked at" in finding.message] == []
    assert len(found) == 1
