"""Bodies arrive as they were passed: required or not, absent or null, in every media type."""

from __future__ import annotations

from typing import Any

import pytest
from tests.packages import handler, send

from bothends.runtime import RequestError

NOTES = """
paths:
  /note:
    post:
      operationId: addNote
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses:
        '201': {description: Added., content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
    put:
      operationId: setNote
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'204': {description: Set.}}
    patch:
      operationId: changeNote
      requestBody:
        required: true
        content:
          application/merge-patch+json: {schema: {$ref: '#/components/schemas/Note'}}
          application/json-patch+json: {schema: {type: array, items: {type: object}}}
      responses: {'204': {description: Changed.}}
  /anything:
    post:
      operationId: sendAnything
      requestBody: {required: true, content: {application/json: {}}}
      responses: {'200': {description: The same., content: {application/json: {}}}}
components:
  schemas:
    Note:
      type: object
      properties:
        text: {type: [string, 'null'], maxLength: 5}
        pinnedSince: {type: string, format: date-time}
        next: {$ref: '#/components/schemas/Note'}
"""


def note(seen, body):
    seen.append(body)


def test_a_body_goes_there_and_back(package):
    made = package(NOTES)
    sent = made.models.Note(text="a", next=made.models.Note(text=None))
    client = made.client(handler(add_note=lambda body: body))
    answer = client.add_note(sent)
    assert answer == sent
    assert type(answer.next) is made.models.Note


def test_absent_is_not_null(package):
    made = package(NOTES)
    seen: list[Any] = []

    def add(body):
        seen.append(body)
        return body

    client = made.client(handler(add_note=add))
    absent, null = made.models.Note(), made.models.Note(text=None)
    assert client.add_note(absent).model_fields_set == set()
    assert client.add_note(null).model_fields_set == {"text"}
    assert [body.model_fields_set for body in seen] == [set(), {"text"}]


def test_what_the_contract_does_not_name_is_kept(package):
    made = package(NOTES)
    client = made.client(handler(add_note=lambda body: body))
    answer = client.add_note(made.models.Note(text="a", colour="red"))
    assert answer.model_extra == {"colour": "red"}


def test_an_optional_body_may_be_left_out(package):
    made = package(NOTES)
    seen: list[Any] = []
    client = made.client(handler(set_note=lambda body: note(seen, body)))
    client.set_note()
    client.set_note(body=made.models.Note(text="a"))
    assert seen == [None, made.models.Note(text="a")]


@pytest.mark.parametrize(
    "value", [None, True, 0, -1.5, "text", [], [None, [1]], {}, {"a": {"b": None}}]
)
def test_any_json_value_goes_there_and_back(package, value):
    client = package(NOTES).client(handler(send_anything=lambda body: body))
    assert client.send_anything(value) == value
    assert type(client.send_anything(value)) is type(value)


def test_a_wrong_body_is_told_before_anything_is_sent(package):
    made = package(NOTES)
    seen: list[Any] = []
    client = made.client(handler(add_note=lambda body: note(seen, body)))
    with pytest.raises(RequestError, match="at most 5") as caught:
        client.add_note(made.models.Note(text="too long"))

    assert (caught.value.argument, caught.value.place) == ("body", "body at /text")
    assert seen == []


SIZES = """
paths:
  /sizes:
    post:
      operationId: size
      requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Size'}}}}
      responses: {'200': {description: The same., content: {application/json: {schema: {$ref: '#/components/schemas/Size'}}}}}
components:
  schemas:
    Size: {anyOf: [{$ref: '#/components/schemas/Number'}, {$ref: '#/components/schemas/Name'}, {$ref: '#/components/schemas/Depth'}]}
    Number: {type: object, required: [kind, size], properties: {kind: {const: number}, size: {type: integer}}}
    Name: {type: object, required: [kind, size], properties: {kind: {const: name}, size: {type: string}}}
    Depth: {type: object, required: [kind], properties: {kind: {const: depth}}, additionalProperties: {type: string}}
"""


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("kind=number&size=5", {"kind": "number", "size": 5}),
        ("kind=name&size=5", {"kind": "name", "size": "5"}),
        ("kind=depth&size=5&at=true", {"kind": "depth", "size": "5", "at": "true"}),
        ("kind=number&size=x", None),
    ],
)
def test_forms_are_read_by_the_fitting_alternative(package, form, value):
    app = package(SIZES).app(handler(size=lambda body: body))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    found = send(app, "POST", "/sizes", content=form, headers=headers)
    assert (found.json() if found.status_code == 200 else None) == value


def test_text_of_digits_arrives_in_forms(package):
    made = package(SIZES)
    client = made.client(handler(size=lambda body: body))
    name = made.models.Name(kind="name", size="5")
    assert client.size(name) == name
