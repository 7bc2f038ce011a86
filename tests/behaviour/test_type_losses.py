"""A value that is typed `Any` though the contract says more is listed, with its place and reason."""

from __future__ import annotations

import json

import pytest

CONDITION = "if: {type: string}, then: {maxLength: 3}, else: {type: integer}"
CONTRACT = f"""
paths:
  /tides:
    post:
      operationId: addTide
      requestBody:
        content: {{application/json: {{schema: {{$ref: '#/components/schemas/Tide'}}}}}}
      responses:
        '200':
          description: Notes.
          content: {{application/json: {{schema: {{type: array, items: {{{CONDITION}}}}}}}}}
components:
  schemas:
    Tide:
      type: object
      properties:
        note: {{{CONDITION}}}
        free: {{description: Anything.}}
        map: {{type: object}}
        either: {{anyOf: [{{description: Anything.}}, {{type: 'null'}}]}}
        ratio: {{enum: [0.5, 1.5]}}
        pair: {{type: array, prefixItems: [{{type: string}}]}}
      if: {{required: [free]}}
      then: {{properties: {{wind: {{type: string}}}}}}
      allOf:
      - properties: {{from: {{$ref: '#/components/schemas/Boat'}}}}
      - properties: {{from: {{$ref: '#/components/schemas/Harbour'}}}}
    Boat: {{type: object, discriminator: {{propertyName: sail}}, properties: {{sail: {{type: string}}}}}}
    Harbour: {{type: object, properties: {{depth: {{type: integer}}}}}}
"""


@pytest.fixture(scope="module")
def package(made_once):
    return made_once(CONTRACT)


def test_each_loss_has_place_and_reason(package):
    losses = json.loads(package.made.files["coverage.json"])["losses"]
    assert [(loss["pointer"].rpartition("/")[2], loss["message"]) for loss in losses] == [
        ("note", "Tide.note is typed Any: no type can say what `then` says"),
        ("items", "an item of POST /tides is typed Any: no type can say what `then` says"),
        ("from", "Tide.from is a Boat and a Harbour at once, which no class is"),
    ]
    assert all(loss["place"].startswith("openapi.yaml:") for loss in losses)


def test_types_that_python_has_are_no_loss(package):
    fields = package.models.Tide.model_fields
    assert fields["ratio"].annotation == float | None
    assert "str" in str(fields["pair"].annotation)


FORBIDDEN = """
paths:
  /t: {post: {operationId: addTide, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}}, responses: {'204': {description: Done.}}}}
components:
  schemas:
    Closed: {type: object, properties: {level: {type: integer}}, additionalProperties: false}
    Tide: {allOf: [{$ref: '#/components/schemas/Closed'}, {properties: {note: {type: string}, level: {minimum: 0}}}]}
"""


def test_property_that_another_part_forbids_is_a_loss(package, made_once):
    losses = json.loads(made_once(FORBIDDEN).made.files["coverage.json"])["losses"]
    assert [loss["message"].partition(",")[0] for loss in losses] == ["Tide.note has a type"]
