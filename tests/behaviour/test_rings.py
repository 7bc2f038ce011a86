"""Classes that refer to each other, by the hundred."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError
from tests.packages import handler

SIZE = 300


def _ring() -> str:
    def reference(number: int) -> dict[str, str]:
        return {"$ref": f"#/components/schemas/Link{number % SIZE}"}

    body = {"content": {"application/json": {"schema": reference(0)}}}
    schemas = {
        f"Link{number}": {
            "type": "object",
            "properties": {
                "next": reference(number + 1),
                "far": {"type": "array", "items": reference(number + 7)},
                "size": {"type": "integer"},
            },
        }
        for number in range(SIZE)
    }
    operation = {
        "operationId": "turn",
        "requestBody": {**body, "required": True},
        "responses": {"200": {"description": "Turned.", **body}},
    }

    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "Made", "version": "1"},
            "paths": {"/ring": {"put": operation}},
            "components": {"schemas": schemas},
        }
    )


def test_a_ring_of_three_hundred_classes(package):
    made = package(_ring())
    models = made.models
    ring = models.Link0(size=0, next=models.Link1(far=[models.Link8(size=8)]))
    assert made.client(handler(turn=lambda body: body)).turn(ring) == ring
    assert ring.model_dump(exclude_unset=True) == {"size": 0, "next": {"far": [{"size": 8}]}}
    with pytest.raises(ValidationError, match="this must be a Link1"):
        models.Link0(next=models.Link2())

    with pytest.raises(ValidationError, match=r"next\.size"):
        models.Link0(next={"size": "many"})


CROSSED = """
paths:
  /piers:
    put:
      operationId: setPier
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pier'}}}}
      responses: {'204': {description: Set.}}
components:
  schemas:
    Pier:
      allOf: [{type: object, properties: {beside: {$ref: '#/components/schemas/Pier'}}}]
      properties: {beside: {$ref: '#/components/schemas/Berth'}}
    Berth:
      allOf: [{type: object, properties: {beside: {$ref: '#/components/schemas/Berth'}}}]
      properties: {beside: {$ref: '#/components/schemas/Pier'}, number: {type: integer}}
"""


def test_what_is_two_classes_of_each_other_is_one_class(package):
    made = package(CROSSED)
    pier = made.models.Pier.model_validate({"beside": {"beside": {"beside": {"number": 1}}}})
    assert pier.beside.beside.beside.number == 1
    assert len(made.made.api.models) < 8
