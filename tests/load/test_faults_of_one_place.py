"""What is wrong with a text in one place costs that place: a key twice, a number that JSON has not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bothends.config import SpecFile
from bothends.diagnostics import Finding
from bothends.pipeline import Generated, generate

CONTRACT = """\
openapi: 3.1.0
info: {title: Tides, version: "1"}
servers: [{url: https://tides.example}]
paths:
  /tides:
    get:
      operationId: listTides
      responses: {"200": {description: Fine, content: {application/json: {schema: {$ref: "#/components/schemas/Tide"}}}}}
  /moons:
    get:
      operationId: listMoons
      parameters: [{name: limit, in: query, schema: {type: string, maxLength: 9}}]
      responses: {"204": {description: Fine}}
components:
  schemas:
    Tide:
      type: object
      properties:
        height: {type: integer, format: int32}
        when: {type: string}
"""

SWAGGER = """\
swagger: "2.0"
info: {title: Tides, version: "1"}
host: tides.example
schemes: [https]
paths:
  /tides:
    get:
      operationId: listTides
      produces: [application/json]
      responses: {"200": {description: Fine, schema: {$ref: "#/definitions/Tide"}}}
definitions:
  Tide:
    type: object
    properties: {height: {type: integer, format: int32}, height: {type: string}, when: {type: string}}
"""


def made(folder: Path, text: str, name: str = "openapi.yaml") -> Generated:
    contract = folder / name
    contract.write_text(text, "utf-8")
    return generate(SpecFile("tides", contract, None, None, folder / "names.lock", name))


def codes(findings: tuple[Finding, ...]) -> set[str]:
    prefixes = ("repaired-", "left-out-", "refused-", "duplicate-", "not-", "unknown-", "tag")
    return {found.code for found in findings if found.code.startswith(prefixes)}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("operationId: listMoons", "operationId: a\n      operationId: b", "refused-duplicate-key"),
        ("in: query,", "in: query, in: header,", "refused-duplicate-key"),
        ("name: limit,", "name: !!str limit,", "refused-tag"),
        ("name: limit,", "name: *limit,", "refused-unknown-alias"),
        ("in: query,", "in: query, example: .inf,", "left-out-not-finite"),
        ("in: query,", "in: query, x-note: {a: 1, a: 2},", "left-out-duplicate-key"),
        ("in: query,", "in: query, in: query,", "repaired-duplicate-key"),
        ("in: query,", "in: query, x-note: {a: 1, a: 1},", "repaired-duplicate-key"),
        ("maxLength: 9", "maxLength: .inf", "left-out-not-finite"),
        ("maxLength: 9", "maxLength: 9, maxLength: 10", "left-out-duplicate-key"),
        ("when:", "height: {type: string}\n        when:", "left-out-duplicate-key"),
        (
            "when:",
            "height: {type: integer, format: int32}\n        when:",
            "repaired-duplicate-key",
        ),
        ("when: {type: string}", "when: .nan", "left-out-not-finite"),
    ],
)
def test_a_fault_costs_its_place(tmp_path: Path, old: str, new: str, expected: str) -> None:
    generated = made(tmp_path, CONTRACT.replace(old, new, 1))
    found = codes(generated.findings)
    assert expected in found
    assert found <= {expected, expected.removeprefix("refused-"), "left-out-parameter"}

    names = {operation.name for operation in generated.api.operations}
    assert names == (
        {"list_tides"} if expected.startswith("refused-") else {"list_tides", "list_moons"}
    )


def test_no_schema_is_chosen_of_two(tmp_path: Path) -> None:
    text = CONTRACT.replace("when:", "height: {type: string}\n        when:", 1)
    models = made(tmp_path, text).files["models.py"]
    assert "height: Any" in models
    assert "when: str" in models


def test_a_fault_is_placed_in_a_newer_version(tmp_path: Path) -> None:
    generated = made(tmp_path, SWAGGER)
    assert codes(generated.findings) == {"left-out-duplicate-key"}
    assert "height: Any" in generated.files["models.py"]


def test_json_costs_no_more(tmp_path: Path) -> None:
    text = json.dumps(
        json.loads('{"openapi": "3.1.0", "info": {"title": "Tides", "version": "1"}}')
    )
    paths = '{"/tides": {"get": {"operationId": "a", "operationId": "b", "responses": {}}}, "/moons": %s}'
    moons = '{"get": {"operationId": "moons", "responses": {"204": {"description": "\\ud800"}}}}'
    generated = made(tmp_path, f'{text[:-1]}, "paths": {paths % moons}}}', "openapi.json")
    assert [operation.name for operation in generated.api.operations] == ["moons"]
    assert {"refused-duplicate-key", "left-out-lone-surrogate"} <= codes(generated.findings) | {
        found.code for found in generated.findings
    }


def test_places_after_a_dropped_part_are_right(tmp_path: Path) -> None:
    text = CONTRACT.replace(
        "operationId: listTides", "operationId: a\n      operationId: [b, {c: d}]", 1
    )
    text = text.replace("maxLength: 9", "maxLenght: 9", 1)
    [found] = [each for each in made(tmp_path, text).findings if "Lenght" in each.message]
    assert found.location is not None
    line = text.splitlines()[found.location.line - 1]
    assert line[found.location.column - 1 :].startswith("maxLenght")
