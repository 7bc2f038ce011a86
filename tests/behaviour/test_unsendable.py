"""A parameter of which no value has a form on the wire is reported when generating."""

from __future__ import annotations

import pytest

TAKES = """
paths:
  /tides:
    get:
      operationId: listTides
      parameters: [{{name: filter, in: header, required: {required}, {described}}}]
      responses: {{'204': {{description: None.}}}}
"""
NESTED = "schema: {type: array, minItems: 1, items: {type: array, items: {type: string}}}"

SWAGGER = """swagger: '2.0'
info: {title: Made, version: '1'}
paths:
  /tides:
    get:
      operationId: listTides
      parameters:
        - name: spots
          in: query
          type: array
          items: {type: array, items: {type: integer}, collectionFormat: pipes}
      responses: {'204': {description: None.}}
"""


def codes(package, described, required="true"):
    made = package(TAKES.format(described=described, required=required)).made
    return {loss.code for loss in made.api.losses}


def test_lists_in_a_list_are_reported(package):
    made = package(TAKES.format(described=NESTED, required="true")).made
    (found,) = [finding for finding in made.findings if finding.code == "parameter-unsendable"]
    assert "'filter'" in found.message
    assert "content" in found.hint
    assert [operation.wire_name for operation in made.api.operations] == ["listTides"]


def test_an_optional_one_is_reported_too(package):
    made = package(TAKES.format(described=NESTED, required="false")).made
    (found,) = [finding for finding in made.findings if finding.code == "parameter-unsendable"]
    assert "no value of the parameter 'filter' can be written" in found.message
    assert "no call can have it" in found.message


def test_nested_lists_of_swagger_are_reported(package):
    (loss,) = package(SWAGGER).made.api.losses
    assert loss.code == "parameter-unsendable"
    assert "can be written in style form, but for an empty one" in loss.reason


@pytest.mark.parametrize(
    ("described", "required"),
    [
        ("schema: {type: array, items: {type: string}}", "true"),
        ("schema: {type: array, items: {type: string}}", "false"),
        ("schema: {type: object, properties: {a: {type: array}, b: {type: string}}}", "true"),
        ("content: {application/json: {schema: {type: array, items: {type: array}}}}", "true"),
        ("schema: {anyOf: [{type: array, items: {type: array}}, {type: string}]}", "true"),
        ("schema: {type: string, enum: ['', low]}", "true"),
        ("schema: {type: [string, 'null'], default: null}", "false"),
    ],
)
def test_what_has_a_form_is_no_loss(package, described, required):
    assert "parameter-unsendable" not in codes(package, described, required)


OBJECTS = """
paths:
  /tides:
    get:
      operationId: listTides
      parameters:
        - {name: spots, in: query, style: deepObject, explode: true, schema: {type: array, items: {$ref: '#/components/schemas/Spot'}}}
      responses: {'204': {description: None.}}
components:
  schemas:
    Spot:
      type: object
      properties:
        name: {type: string}
        notes:
          anyOf:
            - {type: array, items: {type: object, properties: {text: {type: string}}}}
            - {type: string, enum: ['']}
"""


def test_a_list_of_objects_in_brackets_is_no_loss(package):
    assert package(OBJECTS).made.api.losses == ()
