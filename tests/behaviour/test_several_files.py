"""Contracts in several files: read as the one that a person would bundle by hand."""

from __future__ import annotations

import json
import os
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import Any

import pytest
from tests.packages import Package, import_files, write_contract

from bothends.config import SpecFile
from bothends.pipeline import generate, validate

ROOT = """
paths:
  /docs/{id}: {$ref: paths/docs.yaml}
  /tides: {get: {$ref: 'paths/tides.yaml#/list'}}
components:
  schemas:
    Doc: {$ref: './schemas/doc.yaml'}
"""
FILES = {
    "paths/docs.yaml": """
        parameters: [{$ref: '../shared.yaml#/parameters/Id'}]
        get:
          operationId: getDoc
          responses:
            '200': {$ref: '../shared.yaml#/responses/Doc'}
        """,
    "paths/tides.yaml": """
        list:
          operationId: listTides
          responses:
            '200':
              description: Tides.
              content:
                application/json:
                  schema: {type: array, items: {$ref: '../schemas/tide.json'}}
        """,
    "shared.yaml": """
        parameters: {Id: {name: id, in: path, required: true, schema: {type: string}}}
        responses:
          Doc:
            description: A doc.
            content: {application/json: {schema: {$ref: 'openapi.yaml#/components/schemas/Doc'}}}
        schemas: {A/B: {$ref: '#/people/Person'}}
        people: {Person: {type: object, properties: {mail: {type: string}}}}
        """,
    "schemas/doc.yaml": """
        type: object
        required: [name]
        properties:
          name: {type: string}
          author: {$ref: '../shared.yaml#/schemas/A~1B'}
          parent: {$ref: '#'}
          level: {$ref: 'tide.json#/properties/level'}
        """,
    "schemas/tide.json": """
        {"type": "object", "properties": {"level": {"type": "object", "properties": {"m": {"type": "number"}}}}}
        """,
}


def write_files(folder: Path, root: str, files: dict[str, str]) -> SpecFile:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), "utf-8")
    return write_contract(folder, root)


@pytest.fixture
def docs(tmp_path: Path) -> Package:
    made = generate(write_files(tmp_path / "specs", ROOT, FILES))
    return Package(import_files(tmp_path, made.files), made)


def test_operations_in_other_files_are_called(docs: Package) -> None:
    models = docs.models
    doc = models.Doc(name="log", author=models.Person(mail="a@b"))

    def get_doc(id: str) -> Any:  # noqa: A002 - the name of the parameter
        return models.Doc(name=id, parent=doc)

    client = docs.client(SimpleNamespace(get_doc=get_doc, list_tides=lambda: [models.Tide()]))
    assert client.get_doc("7").parent == doc
    assert client.list_tides() == [models.Tide()]


def test_operation_by_reference_is_a_warning(docs: Package) -> None:
    (finding,) = [f for f in docs.made.findings if f.code == "operation-reference"]
    assert str(finding.location) == "openapi.yaml:6:12"


def test_names_stay_when_another_file_clashes(tmp_path: Path) -> None:
    spec = write_files(tmp_path, ROOT, FILES)
    first = generate(spec)
    spec.lock.write_text(first.lock, "utf-8")

    clash = "{type: object, properties: {other: {$ref: ../other/tide.yaml}, m: {type: number}}}"
    more = {
        "other/tide.yaml": "{type: object, properties: {wind: {type: string}}}",
        "paths/more.yaml": f"""
            get:
              operationId: more
              responses: {{'200': {{description: Yes., content: {{application/json: {{schema: {clash}}}}}}}}}
            """,
    }
    root = ROOT.replace("paths:\n", "paths:\n  /more: {$ref: paths/more.yaml}\n")
    second = generate(write_files(tmp_path, root, more))
    before, after = (json.loads(made.lock)["names"] for made in (first, second))
    assert before.items() <= after.items()
    assert "schemas/tide.json#/title" in before


def test_findings_point_to_the_file(tmp_path: Path) -> None:
    files = {**FILES, "schemas/tide.json": '{\n"type": "object",\n"maxProperties": "many"}'}

    findings = validate(write_files(tmp_path, ROOT, files)).findings
    assert "schemas/tide.json:3:1" in {str(finding.location) for finding in findings}


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("https://example.com/tide.yaml", "is on the network"),
        ("../outside.yaml", "outside of the contract's folder"),
        ("link.yaml", "outside of the contract's folder"),
        ("pipe.yaml", "not a regular file"),
        ("missing.yaml", "no such file"),
        ("broken.yaml", "broken.yaml:1:"),
        ("tide.yaml#/nothing", "has nothing at #/nothing"),
        ("round.yaml", "to itself"),
    ],
)
def test_what_is_not_followed_costs_its_place(tmp_path: Path, reference: str, message: str) -> None:
    folder = tmp_path / "specs"
    (tmp_path / "outside.yaml").write_text("{type: string}", "utf-8")
    spec = write_files(
        folder,
        f"""
        paths:
          /bad: {{get: {{operationId: bad, responses: {{'200': {{description: B., content: {{application/json:
            {{schema: {{$ref: '{reference}'}}}}}}}}}}}}}}
          /good: {{get: {{operationId: good, responses: {{'204': {{description: G.}}}}}}}}
        """,
        {
            "tide.yaml": "{type: string}",
            "broken.yaml": "{a: [}",
            "round.yaml": "{$ref: round.yaml}",
        },
    )
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    os.mkfifo(folder / "pipe.yaml")

    made = generate(spec)
    assert [operation.wire_name for operation in made.api.operations] == ["bad", "good"]
    (finding,) = (one for one in made.findings if one.code == "dangling-reference")
    assert message in finding.message


def test_parts_that_are_not_read_cost_no_operation(tmp_path: Path) -> None:
    root = """
paths:
  /{sub}/cut/{name}:
    parameters: [{$ref: ../common/types.json#/parameters/Sub}]
    post:
      operationId: cut
      parameters: [{$ref: 'https://common.example/types.json#/parameters/Name'}, {$ref: missing.yaml#/page}]
      requestBody: {$ref: missing.yaml#/body}
      callbacks: {rings: {$ref: missing.yaml#/rings}}
      responses: {'200': {description: Cut., content: {application/json: {schema: {$ref: Tide}}}}, default: {$ref: missing.yaml}}
  /gone: {$ref: missing.yaml#/path}
  /same: {get: {operationId: same, responses: {'200': {description: G., content: {application/json: {schema: {$ref: /components/schemas/Tide}}}}}}}
components: {schemas: {Tide: {type: object, properties: {level: {type: integer}}}}}
"""
    made = generate(write_files(tmp_path, root, {}))
    assert [operation.wire_name for operation in made.api.operations] == ["cut", "same"]
    cut = made.api.operations[0]
    assert [parameter.wire_name for parameter in cut.parameters] == ["sub", "name"]
    assert "-> Tide:" in made.files["client.py"]
    assert [refusal.subject for refusal in made.api.refusals] == ["/paths/~1gone"]
    codes = [finding.code for finding in made.findings]
    assert codes.count("dangling-reference") == 6
    assert {"refused-external-reference", "repaired-reference"} <= set(codes)


def test_sections_and_texts_may_be_files(tmp_path: Path) -> None:
    spec = write_files(
        tmp_path,
        """
        paths: {$ref: paths.yaml}
        components: {schemas: {$ref: schemas/_index.yaml}}
        """,
        {
            "paths.yaml": """
                /tide:
                  get:
                    operationId: getTide
                    description: {$ref: tide.md}
                    responses: {'200': {description: T., content: {application/json:
                      {schema: {$ref: '#/../openapi'}}}}}
                """.replace("#/../openapi", "openapi.yaml#/components/schemas/Tide"),
            "tide.md": "The tide of *today*.",
            "schemas/_index.yaml": "Tide: {$ref: Tide.yaml}",
            "schemas/Tide.yaml": "{type: object, properties: {level: {type: number}}}",
        },
    )
    made = generate(spec)
    assert "class Tide(" in made.files["models.py"]
    assert "The tide of *today*." in made.files["client.py"]


def test_component_that_only_refers_has_the_dialect_of_its_file(tmp_path: Path) -> None:
    root = """
    paths: {}
    components: {schemas: {Tide: {$ref: 'lib.json#/definitions/Tide'}}}
    """
    spec = write_contract(tmp_path, root)
    tide = {"type": "array", "items": [{"type": "string"}], "additionalItems": False}
    library = {"$schema": "http://json-schema.org/draft-04/schema#", "definitions": {"Tide": tide}}
    (tmp_path / "lib.json").write_text(json.dumps(library), "utf-8")

    checked = validate(spec)
    assert checked.repairs == ()
    schema = checked.normalised.data["components"]["schemas"]["Tide"]
    assert schema["prefixItems"] == [{"type": "string"}]
    assert schema["items"] is False


def test_schema_with_an_address_is_found_in_its_file(tmp_path: Path) -> None:
    root = """
    paths:
      /tides:
        get:
          operationId: listTides
          responses:
            '200':
              description: T.
              content: {application/json: {schema: {$ref: 'page.yaml#/$defs/TidePage'}}}
    """
    files = {
        "page.yaml": """
            $id: https://tides.example/schemas/
            $defs:
              Page:
                $id: page
                type: object
                properties: {list: {type: array, items: {$dynamicRef: '#T'}}, at: {$ref: moment}}
                $defs: {T: {$dynamicAnchor: T}, M: {$id: moment, type: object, properties: {day: {}}}}
              TidePage:
                $id: tide-page
                $ref: https://tides.example/schemas/page
                $defs: {T: {$dynamicAnchor: T, type: object, properties: {level: {type: integer}}}}
            """,
    }
    made = generate(write_files(tmp_path, root, files))
    assert made.api.losses == ()
    assert not [found for found in made.findings if found.code == "dangling-reference"]
    assert "level: int | None" in made.files["models.py"]
    assert "day: " in made.files["models.py"]


def test_fault_in_a_linked_file_costs_its_place(tmp_path: Path) -> None:
    root = """
    paths:
      /tides: {$ref: paths.yaml#/tides}
      /moons: {$ref: paths.yaml#/tides}
    """
    files = {
        "paths.yaml": """
            tides:
              get: {operationId: a, responses: {'204': {description: B.}}, operationId: b}
              put:
                responses:
                  '200': {description: T., content: {application/json: {schema: {$ref: tide.json}}}}
            unused: {a: 1, a: 2}
            """,
        "tide.json": """
            {"type": "object", "properties": {
             "level": {"type": "number", "maximum": NaN}, "name": {"type": "string"},
             "name": {"type": "string"}},
             "example": {"level": 1, "level": 2}}
            """,
    }
    made = generate(write_files(tmp_path, root, files))
    assert [operation.pointer for operation in made.api.operations] == [
        "/paths/~1tides/put",
        "/paths/~1moons/put",
    ]
    assert "level: float | None" in made.files["models.py"]

    told = {f"{found.code} {found.location}" for found in made.findings}
    assert {
        "refused-duplicate-key paths.yaml:3:3",
        "left-out-duplicate-key paths.yaml:7:16",
        "left-out-not-finite tide.json:3:41",
        "repaired-duplicate-key tide.json:4:2",
        "left-out-duplicate-key tide.json:5:26",
    } <= told


def test_merge_keys_bring_references_of_their_file(tmp_path: Path) -> None:
    files = {
        "paths/tides.yaml": """
            get:
              operationId: listTides
              responses:
                '200': {description: Tides.}
                <<: &errors
                  '404': {description: None., content: {application/json: {schema: {$ref: '../gone.yaml'}}}}
            put:
              operationId: putTides
              responses: {'204': {description: Kept.}, <<: *errors}
            """,
        "gone.yaml": "{type: object, properties: {since: {type: strin}}}",
    }
    made = generate(write_files(tmp_path, "\npaths: {/tides: {$ref: paths/tides.yaml}}\n", files))
    contract = json.loads(made.files["contract.json"])
    found = {f.code: f.location for f in made.findings if f.code.startswith("repaired-")}

    for method in ("get", "put"):
        content = contract["paths"]["/tides"][method]["responses"]["404"]["content"]
        schema = content["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/gone"}
    merged, spelled = found["repaired-merge-key"], found["repaired-type-spelling"]
    assert merged is not None and merged.path.endswith("paths/tides.yaml")
    assert merged.line in (6, 10)
    assert spelled is not None and spelled.path.endswith("gone.yaml")
