"""Null and absent: two values wherever the wire tells them apart, and one where it does not."""

from __future__ import annotations

import asyncio

import pytest
from tests.making import handler, send

from bothends.runtime import MISSING, RequestError

NOTES = """
paths:
  /notes:
    post:
      operationId: add
      parameters:
        - {name: page, in: query, schema: {type: [integer, 'null']}}
        - {name: near, in: header, schema: {type: [string, 'null']}}
        - {name: filter, in: query, content: {application/json: {schema: {type: [object, 'null']}}}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/MaybeNote'}}}}
      responses: {'204': {description: Added.}, '400': {description: Refused.}}
  /any:
    post:
      operationId: takeAny
      requestBody: {content: {application/json: {}}}
      responses: {'204': {description: Taken.}}
  /needed/{id}:
    get:
      operationId: need
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: mode, in: query, required: true, schema: {type: [string, 'null']}}
        - {name: level, in: query, required: true, schema: {type: [integer, 'null']}}
      responses: {'204': {description: Needed.}}
  /form:
    post:
      operationId: fill
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Card'}}}}
      responses: {'204': {description: Filled.}}
components:
  schemas:
    MaybeNote: {anyOf: [{type: object, properties: {text: {type: string}}}, {type: 'null'}]}
    Card: {type: object, properties: {name: {type: [string, 'null']}, size: {type: [integer, 'null']}}}
"""


class Heard:
    """A handler that keeps the arguments of the last call."""

    def __init__(self):
        names = ("add", "take_any", "need", "fill")
        self.handler = handler(**dict.fromkeys(names, self.hear))
        self.last = {}

    def hear(self, **arguments):
        self.last = arguments


def test_null_and_absent_are_two_where_json_carries_them(package):
    made, heard = package(NOTES), Heard()
    client = made.client(heard.handler)
    note = made.models.MaybeNoteOption0(text="a")
    for given in ({}, {"body": None}, {"filter": None}, {"body": MISSING, "filter": {}}, {"body": note}):
        client.add(**given)
        assert heard.last == {"page": None, "near": None, "filter": MISSING, "body": MISSING, **given}


def test_without_types_none_is_null_as_well(package):
    heard = Heard()
    client = package(NOTES).async_client(heard.handler)
    for given, expected in (({}, MISSING), ({"body": None}, None), ({"body": [None]}, [None])):
        asyncio.run(client.take_any(**given))
        assert heard.last == {"body": expected}


def test_in_a_style_null_is_left_out(package):
    made, heard = package(NOTES), Heard()
    client = made.client(heard.handler)
    client.add(page=None, near=None)
    assert heard.last["page"] is heard.last["near"] is None
    app = made.app(heard.handler)
    assert send(app, "POST", "/notes?page=null").status_code == 204
    assert heard.last["page"] is None


def test_a_null_that_must_be_there_and_cannot_is_refused_by_its_name(package):
    heard = Heard()
    client = package(NOTES).client(heard.handler)
    client.need("a", mode="x", level=None)
    assert heard.last == {"id": "a", "mode": "x", "level": None}
    heard.last = {}
    with pytest.raises(RequestError, match="null") as caught:
        client.need("a", mode=None, level=1)
    assert (caught.value.argument, caught.value.place) == ("mode", "query parameter mode")
    with pytest.raises(RequestError, match="MISSING"):
        client.need("a", mode="x", level=MISSING)
    assert heard.last == {}


def test_a_field_of_a_form_is_absent_null_or_refused(package):
    made, heard = package(NOTES), Heard()
    client = made.client(heard.handler)
    for fields in ({}, {"size": None}, {"name": "null", "size": 1}):
        client.fill(body=made.models.Card(**fields))
        assert heard.last["body"].model_fields_set == set(fields)
        assert heard.last["body"] == made.models.Card(**fields)
    with pytest.raises(RequestError, match="body"):
        client.fill(body=made.models.Card(name=None))
    with pytest.raises(RequestError, match="MISSING"):
        client.take_any(body={"field": MISSING})
