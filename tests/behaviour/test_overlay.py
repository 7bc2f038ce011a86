"""An overlay corrects what a vendor publishes, before anything else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from tests.packages import Package, handler, import_files, send, write_contract

from bothends.config import SpecFile
from bothends.diagnostics import ContractError, Finding
from bothends.load import load_contract
from bothends.normalise import overlay_from_repairs
from bothends.pipeline import generate, load, validate

CONTRACT = """\
openapi: 3.1.0
info: {title: Made, version: '1'}
paths:
  /tides:
    get:
      operationId: listTides
      parameters:
        - {name: day, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
      responses: {'200': {description: T., content: {application/json: {schema: {type: object}}}}}
  /internal:
    get: {operationId: getInternal, responses: {'204': {description: I.}}}
"""


def overlaid(
    folder: Path, actions: str, contract: str = CONTRACT, *, version: str = "1.0.0"
) -> SpecFile:
    """A contract with an overlay of these actions beside it."""
    spec = write_contract(folder, contract)
    file = folder / "overlay.yaml"
    head = f"overlay: {version}\ninfo: {{title: O, version: '1'}}\nactions:\n"
    file.write_text(head + dedent(actions), "utf-8")
    return replace(spec, overlay=file)


def test_an_update_is_in_both_ends(tmp_path: Path) -> None:
    spec = overlaid(
        tmp_path / "specs",
        """
        - target: $.paths['/tides'].get.parameters[?@.name == 'limit'].schema
          update: {maximum: 50}
        - target: $.paths['/internal']
          remove: true
        """,
    )
    generated = generate(spec)
    package = Package(import_files(tmp_path, generated.files), generated)
    app = package.app(handler(list_tides=lambda day, limit: {}))
    assert send(app, "GET", "/tides?limit=50").status_code == 200
    assert send(app, "GET", "/tides?limit=51").status_code == 400
    assert not hasattr(package.module.MadeClient, "get_internal")


def test_objects_are_merged_and_lists_are_joined(tmp_path: Path) -> None:
    spec = overlaid(
        tmp_path,
        """
        - target: $
          update:
            tags: [{name: one}]
            info: {title: Other, contact: {name: Somebody}}
        - target: $
          update: {tags: [{name: two}]}
        - target: $.paths['/tides'].get.parameters
          update: {name: kind, in: query, schema: {type: string}}
        """,
    )
    data = load(spec).data
    assert data["info"] == {"title": "Other", "version": "1", "contact": {"name": "Somebody"}}
    assert [tag["name"] for tag in data["tags"]] == ["one", "two"]
    names = [entry["name"] for entry in data["paths"]["/tides"]["get"]["parameters"]]
    assert names == ["day", "limit", "kind"]


def test_findings_point_at_whoever_is_at_fault(tmp_path: Path) -> None:
    spec = overlaid(
        tmp_path,
        """
        - target: $.paths['/tides'].get.parameters[0]
          remove: true
        - target: $.paths['/tides'].get.parameters[0].schema
          update: {pattern: '('}
        - target: $.paths['/tides'].get.responses['200'].content['application/json'].schema
          update: {properties: {a: {type: strin}}}
        """,
        CONTRACT.replace("description: I.", "description: 5"),
    )
    found = {
        finding.code: (finding.location.path, finding.location.line)
        for finding in validate(spec).findings
        if finding.location and finding.code.startswith(("repaired", "left-out"))
    }
    assert found["repaired-type-spelling"] == ("overlay.yaml", 10)
    assert found["repaired-text"] == ("openapi.yaml", 12)
    location = load(spec).location_of("/paths/~1tides/get/parameters/0/name")
    assert (location.path, location.line) == ("openapi.yaml", 9)


@pytest.mark.parametrize(
    ("actions", "line"),
    [
        ("- {target: '$[', update: {}}\n", 4),
        ("- {update: {}}\n", 4),
        ("- {target: $.info}\n", 4),
        ("- {target: $, remove: true}\n", 4),
        ("- {target: $, update: 5}\n", 4),
        ("- {target: $.info, update: Made}\n", 4),
        ("- {target: $.info, update: [Made]}\n", 4),
        ("- {target: $.info, update: {}, copy: $.paths}\n", 4),
        ("- {target: $.info, copy: {}}\n", 4),
        ("- {target: $.info, copy: '$['}\n", 4),
        ("- {target: $.info, copy: $.gone}\n", 4),
        ("- {target: $.info, copy: $.paths.*}\n", 4),
    ],
)
def test_a_wrong_overlay_is_an_error_with_its_line(tmp_path: Path, actions: str, line: int) -> None:
    with pytest.raises(ContractError) as raised:
        validate(overlaid(tmp_path, actions))
    (finding,) = raised.value.findings
    assert finding.code == "overlay-invalid"
    assert finding.location is not None
    assert (finding.location.path, finding.location.line) == ("overlay.yaml", line)


def _place_of(finding: Finding) -> tuple[int, int]:
    assert finding.location is not None
    return finding.location.line, finding.location.column


def test_misspelt_fields_are_named(tmp_path: Path) -> None:
    spec = overlaid(
        tmp_path,
        """
        - target: $.info
          updat: {title: Other}
          remove: false
          x-note: ours
        - {target: $.info, update: {title: Other}, descripton: A title.}
        """,
    )
    assert spec.overlay is not None
    spec.overlay.write_text(spec.overlay.read_text("utf-8") + "extend: openapi.yaml\n", "utf-8")
    with pytest.raises(ContractError) as raised:
        validate(spec)
    found = [(*_place_of(finding), finding.message) for finding in raised.value.findings]
    assert found == [
        (10, 1, "`extend` is no field of an overlay. Did you mean `extends`?"),
        (6, 3, "`updat` is no field of an action. Did you mean `update`?"),
        (5, 3, "An action needs one of `update`, `copy`, or `remove: true`."),
        (9, 44, "`descripton` is no field of an action. Did you mean `description`?"),
    ]


def test_texts_are_updated_by_texts(tmp_path: Path) -> None:
    actions = "- {target: $.info.title, update: Other}\n"
    assert load(overlaid(tmp_path, actions)).data["info"] == {"title": "Other", "version": "1"}


@pytest.mark.parametrize(("version", "joined"), [("1.0.0", [["b", "c"]]), ("1.1.0", ["b", "c"])])
def test_lists_are_joined_since_the_second_version(
    tmp_path: Path, version: str, joined: list[object]
) -> None:
    actions = """
        - {target: $.info, update: {x-list: [a]}}
        - {target: "$.info['x-list']", update: [b, c]}
        """
    data = load(overlaid(tmp_path, actions, version=version)).data
    assert data["info"]["x-list"] == ["a", *joined]


def test_a_copy_is_found_where_it_was_written(tmp_path: Path) -> None:
    spec = overlaid(
        tmp_path,
        """
        - {target: $.paths, update: {/ebbs: {}}}
        - {target: "$.paths['/ebbs']", copy: "$.paths['/tides']"}
        - {target: "$.paths['/ebbs'].get", update: {operationId: listEbbs}}
        - {target: "$.paths['/tides']", remove: true}
        """,
        version="1.1.0",
    )
    document = load(spec)
    assert list(document.data["paths"]) == ["/internal", "/ebbs"]
    assert document.data["paths"]["/ebbs"]["get"]["parameters"][1]["name"] == "limit"

    name = document.location_of("/paths/~1ebbs/get/parameters/1/name")
    operation_id = document.location_of("/paths/~1ebbs/get/operationId")
    assert (name.path, name.line) == ("openapi.yaml", 9)
    assert (operation_id.path, operation_id.line) == ("overlay.yaml", 7)


def test_a_target_of_nothing_is_a_warning(tmp_path: Path) -> None:
    spec = overlaid(tmp_path, "- {target: \"$.paths['/gone']\", remove: true}\n")
    codes = [finding.code for finding in validate(spec).findings]
    assert "overlay-unmatched" in codes


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_repairs_become_an_overlay(tmp_path: Path, version: str) -> None:
    contract = f"""\
openapi: {version}
info: {{title: Made, version: 1}}
paths:
  /tides/{{id}}:
    get:
      operationId: listTides
      parameters:
        - {{name: limit, in: query, schema: {{type: int}}}}
        - {{name: limit, in: query, schema: {{type: integer}}}}
      responses:
        4xx: {{description: Refused.}}
        '200': {{description: T., content: {{application/json: {{schema: {{type: String, enum: a}}}}}}}}
"""
    spec = write_contract(tmp_path, contract)
    before = validate(spec)
    assert before.repairs != ()

    made = overlay_from_repairs(load_contract(spec.contract, display_path="openapi.yaml"), "tides")
    assert made is not None
    assert any("is read as" in action.get("description", "") for action in made["actions"])

    file = tmp_path / "overlay.yaml"
    file.write_text(yaml.safe_dump(made, sort_keys=False), "utf-8")
    after = validate(replace(spec, overlay=file))
    assert after.repairs == ()
    assert after.normalised.data == before.normalised.data
