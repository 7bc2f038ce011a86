"""A required parameter of which no value has a form on the wire is reported when generating."""

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


def codes(package, described, required="true"):
    made = package(TAKES.format(described=described, required=required)).made
    return {loss.code for loss in made.api.losses}


def test_lists_in_a_list_are_reported(package):
    made = package(TAKES.format(described=NESTED, required="true")).made
    (found,) = [finding for finding in made.findings if finding.code == "parameter-unsendable"]
    assert "'filter'" in found.message
    assert "content" in found.hint
    assert [operation.wire_name for operation in made.api.operations] == ["listTides"]


@pytest.mark.parametrize(
    ("described", "required"),
    [
        (NESTED, "false"),
        ("schema: {type: array, items: {type: string}}", "true"),
        ("schema: {type: object, properties: {a: {type: array}, b: {type: string}}}", "true"),
        ("content: {application/json: {schema: {type: array, items: {type: array}}}}", "true"),
        ("schema: {anyOf: [{type: array, items: {type: array}}, {type: string}]}", "true"),
        ("schema: {type: string, enum: ['', low]}", "true"),
    ],
)
def test_what_has_a_form_is_no_loss(package, described, required):
    assert "parameter-unsendable" not in codes(package, described, required)
