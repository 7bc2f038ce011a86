"""Of an operation that two contracts say alike, the sides that lead to no change are left out."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from bothends.diff import Change, compare, compare_surface, without_unchanged
from bothends.emit.types import annotation
from bothends.load import Document, parse_document
from bothends.name import Named
from bothends.openapi.walk import all_schemas
from bothends.pipeline import intermediate, intermediate_pair
from tests.diff.mutants import schema_changes, with_value
from tests.packages import HEAD, write_contract

SHARED = """
paths:
  /crews/{crew}:
    post:
      parameters:
        - {name: limit, in: query, schema: {$ref: '#/components/schemas/Limit'}}
        - {name: crew, in: path, required: true, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewCrew'}}}}
      responses:
        '200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/Crew'}}}}
        '201': {description: B., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Sailor'}}}}}
        '422': {description: C., content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}}}}
components:
  schemas:
    Limit: {type: integer, maximum: 10}
    NewCrew: {type: object, properties: {name: {type: string, maxLength: 1}}}
    Crew: {type: object, properties: {name: {type: string, maxLength: 2}}}
    Sailor: {type: object, properties: {name: {type: string, maxLength: 3}}}
    Fault: {type: object, properties: {name: {type: string, maxLength: 4}}}
"""
POST = "/paths/~1crews~1{crew}/post"


def read(text: str) -> Document:
    return parse_document((HEAD + text).encode(), "sides.yaml")


def reduced(old: str, new: str, text: str = SHARED) -> Document:
    assert old in text
    found = without_unchanged(read(text), read(text.replace(old, new)))
    assert found is not None
    before, after = (each.value_at(POST) for each in found)
    assert _names(before) == _names(after)
    return found[0]


def _names(operation: Any) -> list[object]:
    replies = {status: "content" in reply for status, reply in operation["responses"].items()}
    parameters = [parameter["name"] for parameter in operation.get("parameters", ())]
    return [parameters, "requestBody" in operation, replies]


REQUEST, SUCCESS, ERROR = {"limit", "crew", "body"}, {"200", "201"}, {"422"}


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        pytest.param("maximum: 10", REQUEST, id="parameter"),
        pytest.param("maxLength: 1}", REQUEST, id="body"),
        pytest.param("maxLength: 2", SUCCESS, id="success"),
        pytest.param("maxLength: 3", SUCCESS, id="second-success"),
        pytest.param("maxLength: 4", ERROR, id="error"),
    ],
)
def test_sides_that_lead_to_a_change_stay(size: str, kept: set[str]) -> None:
    operation = reduced(size, size.replace(": ", ": 7")).value_at(POST)
    parameters, has_body, replies = _names(operation)
    assert parameters == (["limit", "crew"] if "limit" in kept else ["crew"])
    assert has_body == ("body" in kept)
    assert replies == {status: status in kept for status in ("200", "201", "422")}


def test_what_two_sides_lead_to_keeps_both() -> None:
    text = SHARED.replace("schemas/Fault'", "schemas/Limit'")
    parameters, has_body, replies = _names(reduced("10", "11", text).value_at(POST))
    assert (parameters, has_body) == (["limit", "crew"], True)
    assert replies == {"200": False, "201": False, "422": True}


def test_parameter_of_the_path_is_found_where_it_is_written() -> None:
    found = reduced("maxLength: 4", "maxLength: 5")
    written = read(SHARED)
    assert found.location_of(f"{POST}/parameters/0") == written.location_of(f"{POST}/parameters/1")


def test_operation_with_a_setting_of_ours_stays_whole() -> None:
    text = SHARED.replace("    post:\n", "    post:\n      x-bothends-on-invalid: {status: 422}\n")
    parameters, has_body, _ = _names(reduced("maxLength: 4", "maxLength: 5", text).value_at(POST))
    assert (parameters, has_body) == (["limit", "crew"], True)


def _all_changes(old: tuple[Document, Named], new: tuple[Document, Named]) -> list[Change]:
    wire = compare(old[0], new[0])
    return wire + compare_surface(old[1].api, new[1].api, annotation, (old[0], new[0]))


_WORKSHOP = yaml.safe_load(Path(__file__).with_name("workshop.yaml").read_text("utf-8"))["base"]


@pytest.mark.parametrize("seed", range(24))
def test_no_change_of_a_component_is_lost(tmp_path: Path, seed: int) -> None:
    random, document = Random(seed), parse_document(json.dumps(_WORKSHOP).encode(), "w.json")
    slots = [slot for slot in all_schemas(document.data) if slot.pointer.startswith("/components")]
    slot = random.choice(slots)
    _, schema = random.choice([*schema_changes(slot.holder[slot.key], document)])
    changed = json.dumps(with_value(document.data, slot.pointer, schema))
    old = write_contract(tmp_path / "old", json.dumps(_WORKSHOP))
    new = write_contract(tmp_path / "new", changed)

    different = intermediate_pair(old, new)
    found = _all_changes(*different) if different else []
    assert found == _all_changes(intermediate(old), intermediate(new))
