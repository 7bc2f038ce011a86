"""`--only` and `--skip`: a part of a contract, and what it leads to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.packages import Package, handler, import_files, write_contract

from bothends.diagnostics import ContractError
from bothends.pipeline import Generated, generate

CONTRACT = """paths:
  /tides:
    get:
      operationId: listTides
      tags: [tides]
      responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Tides"}}}}}
    post:
      operationId: createTide
      tags: [tides]
      responses: {"204": {description: d}}
  /ships/{id}:
    get:
      operationId: getShip
      tags: [ships]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Ship"}}}}}
components:
  schemas:
    Tides: {type: object, properties: {items: {type: array, items: {$ref: "#/components/schemas/Tide"}}}}
    Tide: {type: object, properties: {level: {type: number}}}
    Ship: {type: object, required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind}}
    Tug: {allOf: [{$ref: "#/components/schemas/Ship"}, {type: object, properties: {pull: {type: number}}}]}
    Unused: {type: object, properties: {a: {type: string}}}
"""
ALL = {"list_tides", "create_tide", "get_ship"}


def make(folder: Path, *only: str, skip: tuple[str, ...] = (), lock: str = "") -> Generated:
    spec = write_contract(folder, CONTRACT)
    if lock:
        spec.lock.write_text(lock, "utf-8")
    return generate(replace(spec, only=only, skip=skip))


def methods(made: Generated) -> set[str]:
    return {str(operation.name) for operation in made.api.operations}


def classes(made: Generated) -> set[str]:
    return {str(model.name) for model in made.api.models}


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ("tag:tides", {"list_tides", "create_tide"}),
        ("path:/ships/*", {"get_ship"}),
        ("method:get", {"list_tides", "get_ship"}),
        ("method:POST", {"create_tide"}),
        ("operation:list*", {"list_tides"}),
    ],
)
def test_a_selector_chooses_and_leaves_out(
    tmp_path: Path, selector: str, selected: set[str]
) -> None:
    assert methods(make(tmp_path / "only", selector)) == selected
    assert methods(make(tmp_path / "skip", skip=(selector,))) == ALL - selected


def test_what_is_unused_is_left_out(tmp_path: Path) -> None:
    made = make(tmp_path, "tag:tides")
    assert classes(made) == {"Tides", "Tide"}
    assert "ships" not in made.files["contract.json"]


def test_members_of_a_discriminator_are_used(tmp_path: Path) -> None:
    assert classes(make(tmp_path, "tag:ships")) == {"Ship", "Tug"}


def test_a_schema_is_chosen_without_an_operation(tmp_path: Path) -> None:
    made = make(tmp_path, "schema:Unused", "operation:createTide")
    assert (methods(made), classes(made)) == ({"create_tide"}, {"Unused"})


def test_operations_that_lead_to_a_schema_are_skipped(tmp_path: Path) -> None:
    assert methods(make(tmp_path, skip=("schema:Tide",))) == ALL - {"list_tides"}


def test_the_part_works_on_both_ends(tmp_path: Path) -> None:
    made = make(tmp_path, "tag:tides")
    package = Package(import_files(tmp_path, made.files), made)
    server = handler(list_tides=lambda: package.module.Tides(items=[]))
    assert package.client(server).list_tides().items == []


def test_the_lock_keeps_the_selection_and_all_names(tmp_path: Path) -> None:
    whole = make(tmp_path)
    edited = whole.lock.replace('"get_ship"', '"find_ship"')
    part = make(tmp_path, "tag:tides", lock=edited)
    assert [f.code for f in part.findings if f.code == "operation-gone"] == []

    again = make(tmp_path, lock=part.lock)
    assert (methods(again), again.lock) == (methods(part), part.lock)
    assert methods(make(tmp_path, "all", lock=part.lock)) == {*ALL, "find_ship"} - {"get_ship"}


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("tag:tide", "did you mean `tag:tides`?"),
        ("tags:tides", "did you mean `tag:tides`?"),
        ("operation:listTide", "did you mean `operation:listTides`?"),
        ("tides", ""),
    ],
)
def test_an_unknown_selector_is_told(tmp_path: Path, selector: str, hint: str) -> None:
    with pytest.raises(ContractError) as caught:
        make(tmp_path, selector)
    (finding,) = caught.value.findings
    assert (finding.code, finding.hint) == ("selector-unknown", hint)


def test_settings_choose_by_contract(tmp_path: Path, monkeypatch: Any) -> None:
    from bothends.config import find_specs, load_config

    write_contract(tmp_path / "specs/made", CONTRACT)
    write_contract(tmp_path / "specs/other", CONTRACT)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.bothends]\nonly = {made = ["tag:tides"]}\nskip = ["method:post"]\n'
    )
    config = load_config(tmp_path)
    made, other = find_specs(config, [])
    assert (made.only, made.skip, other.only) == (("tag:tides",), ("method:post",), ())
