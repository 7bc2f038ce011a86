"""Schemas in older dialects of JSON Schema mean what they mean there, by two other validators."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs as rs
import pytest
from tests.packages import Package, handler, write_contract

from bothends.pipeline import generate, validate
from bothends.runtime.schema.contract import Contract

ADDRESSES = {
    4: "http://json-schema.org/draft-04/schema#",
    6: "http://json-schema.org/draft-06/schema#",
    7: "http://json-schema.org/draft-07/schema#",
    2019: "https://json-schema.org/draft/2019-09/schema",
    2020: "https://json-schema.org/draft/2020-12/schema",
}
JUDGES: dict[int, tuple[Any, Any]] = {
    4: (rs.Draft4Validator, jsonschema.Draft4Validator),
    6: (rs.Draft6Validator, jsonschema.Draft6Validator),
    7: (rs.Draft7Validator, jsonschema.Draft7Validator),
    2019: (rs.Draft201909Validator, jsonschema.Draft201909Validator),
    2020: (rs.Draft202012Validator, jsonschema.Draft202012Validator),
}
VALUES: list[Any] = [
    None, True, 0, 1, 2, 3, "", "a", "abc", [], ["a"], ["a", 1], ["a", 1, True], [1, 1], [1, "a", 3],
    {}, {"a": 1}, {"a": 1, "b": 2}, {"b": "x"}, {"a": "x", "c": 1}, {"x": {"x": {}}}, {"x": {"y": 1}},
    {"kind": "fish", "fins": 2}, {"kind": "bird", "fins": 2}, {"a": {"a": {"a": 1}}},
]  # fmt: skip
SCHEMAS: list[tuple[int, dict[str, Any]]] = [
    (4, {"minimum": 1, "exclusiveMinimum": True}),
    (4, {"minimum": 1, "exclusiveMinimum": False}),
    (4, {"maximum": 2, "exclusiveMaximum": True, "minimum": 0}),
    (4, {"items": [{"type": "string"}, {"type": "integer"}], "additionalItems": False}),
    (4, {"items": [{"type": "string"}], "additionalItems": {"type": "integer"}}),
    (4, {"items": {"type": "integer"}, "additionalItems": False}),
    (4, {"dependencies": {"a": ["b"], "c": {"required": ["d"]}}}),
    (4, {"const": 1, "if": {"type": "integer"}, "then": False}),
    (4, {"items": [{"items": [{"type": "string"}]}]}),
    (4, {"definitions": {"T": {"minimum": 1, "exclusiveMinimum": True}}, "type": "object"}),
    (6, {"exclusiveMinimum": 1, "contains": {"type": "string"}}),
    (6, {"propertyNames": {"maxLength": 1}, "if": {"type": "object"}, "then": False}),
    (6, {"dependencies": {"a": False}}),
    (7, {"if": {"required": ["fins"]}, "then": {"properties": {"kind": {"const": "fish"}}}}),
    (7, {"contains": {"type": "string"}, "minContains": 2}),
    (7, {"unevaluatedProperties": False, "properties": {"a": True}}),
    (7, {"dependencies": {"a": {"dependencies": {"a": ["b"]}}}}),
    (7, {"items": [True, False]}),
    (2019, {"items": [{"type": "string"}], "unevaluatedItems": False}),
    (2019, {"dependentRequired": {"a": ["b"]}, "minContains": 2, "contains": {"const": 1}}),
    (2019, {"$recursiveAnchor": True, "properties": {"x": {"$recursiveRef": "#"}}, "additionalProperties": False}),
    (2020, {"prefixItems": [{"type": "string"}], "items": False}),
]  # fmt: skip


def accepted(tmp_path: Path, draft: int, schema: dict[str, Any], *, of_document: bool) -> list[Any]:
    """The values that our contract layer accepts for a schema in a dialect."""
    contract: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Made", "version": "1"},
        "paths": {},
        "components": {"schemas": {"Tested": dict(schema)}},
    }
    if of_document:
        contract["jsonSchemaDialect"] = ADDRESSES[draft]
    else:
        contract["components"]["schemas"]["Tested"]["$schema"] = ADDRESSES[draft]
    checked = validate(write_contract(tmp_path, json.dumps(contract)))
    assert checked.repairs == ()

    judge = Contract(checked.normalised.data)
    return [value for value in VALUES if judge.accepts("/components/schemas/Tested", value)]


@pytest.mark.parametrize("of_document", [True, False], ids=["document", "schema"])
@pytest.mark.parametrize(("draft", "schema"), SCHEMAS)
def test_a_dialect_accepts_what_two_validators_do(
    tmp_path: Path, draft: int, schema: dict[str, Any], of_document: bool
) -> None:
    rust, python = (judge(schema) for judge in JUDGES[draft])
    expected = [value for value in VALUES if rust.is_valid(value)]
    if draft != 2019 or "$recursiveRef" not in json.dumps(schema):
        assert expected == [value for value in VALUES if python.is_valid(value)]
    assert accepted(tmp_path, draft, schema, of_document=of_document) == expected


def test_older_references_ignore_what_is_beside_them(tmp_path: Path) -> None:
    schema = {"$ref": "#/components/schemas/Tested/definitions/T", "maxLength": 1}
    schema["definitions"] = {"T": {"type": "string"}}
    assert "abc" in accepted(tmp_path, 7, schema, of_document=False)
    assert "abc" not in accepted(tmp_path, 2019, schema, of_document=False)


def test_an_unknown_dialect_is_a_warning(tmp_path: Path) -> None:
    text = (
        "jsonSchemaDialect: https://dialects.example/own\n"
        "paths: {}\ncomponents: {schemas: {T: {type: string}}}\n"
    )
    (found,) = [
        finding
        for finding in validate(write_contract(tmp_path, text)).findings
        if finding.code == "dialect-unknown"
    ]
    assert found.location is not None
    assert found.location.line == 3


def test_a_file_in_a_dialect_keeps_it(tmp_path: Path, package: Callable[[str], Package]) -> None:
    folder = tmp_path / "specs"
    folder.mkdir()
    (folder / "tide.json").write_text(
        json.dumps(
            {
                "$schema": ADDRESSES[4],
                "type": "object",
                "properties": {"level": {"$ref": "#/definitions/Level"}},
                "definitions": {
                    "Level": {"type": "number", "minimum": 0, "exclusiveMinimum": True}
                },
            }
        )
    )
    made = package(
        "openapi: 3.1.0\ninfo: {title: Made, version: '1'}\n"
        "paths: {/a: {get: {operationId: getA, responses: {'200': {description: A., content: "
        "{application/json: {schema: {$ref: tide.json}}}}}}}}\n"
    )
    assert [finding for finding in made.made.findings if "repaired" in finding.code] == []
    assert made.client(handler(get_a=lambda: {"level": 1})).get_a().level == 1
    with pytest.raises(Exception, match="500"):
        made.client(handler(get_a=lambda: {"level": 0})).get_a()


def test_findings_are_where_keywords_were(tmp_path: Path) -> None:
    text = (
        "paths: {}\n"
        "components:\n"
        "  schemas:\n"
        "    T:\n"
        "      $schema: http://json-schema.org/draft-07/schema#\n"
        "      type: array\n"
        "      items:\n"
        "        - type: object\n"
        "          required: [leve]\n"
        "          properties: {level: {type: string}}\n"
    )
    lines = [
        finding.location.line
        for finding in validate(write_contract(tmp_path, text)).findings
        if finding.code == "required-undeclared" and finding.location
    ]
    assert lines == [11]
    assert generate(write_contract(tmp_path, text)).files
