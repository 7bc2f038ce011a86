"""Types that several schemas leave of a union, and values of several JSON types, each with its own keywords."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, get_type_hints

import pytest
from tests.packages import Package, handler

NARROWED = """
components:
  schemas:
    Sail: {type: object, properties: {masts: {type: integer}}}
    Motor: {type: object, properties: {fuel: {type: string}}}
    Boat: {type: object, properties: {drive: {oneOf: [{$ref: '#/components/schemas/Sail'}, {$ref: '#/components/schemas/Motor'}, {type: 'null'}]}}}
    Yacht: {$ref: '#/components/schemas/Boat', properties: {drive: {$ref: '#/components/schemas/Motor'}}, required: [drive]}
    Note:
      type: [object, array, string, 'null']
      properties: {day: {type: string, format: date}}
      items: {$ref: '#/components/schemas/Motor'}
      format: date
    Log: {type: object, properties: {note: {$ref: '#/components/schemas/Note'}}}
paths:
  /yachts: {post: {operationId: addYacht, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Yacht'}}}}, responses: {'204': {description: Added.}}}}
  /log: {post: {operationId: addLog, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Log'}}}}, responses: {'200': {description: Same., content: {application/json: {schema: {$ref: '#/components/schemas/Log'}}}}}}}
"""


@pytest.fixture(scope="module")
def narrowed(made_once: Callable[[str], Package]) -> Package:
    return made_once(NARROWED)


def test_member_beside_its_union_is_the_type(narrowed: Package) -> None:
    models = narrowed.models
    assert get_type_hints(models.Yacht)["drive"] is models.Motor


@pytest.mark.parametrize(
    "make_note",
    [
        lambda models: models.Note(day=dt.date(2026, 1, 2)),
        lambda models: [models.Motor(fuel="oil")],
        lambda models: dt.date(2026, 1, 2),
        lambda models: None,
    ],
    ids=["object", "array", "text", "null"],
)
def test_value_of_each_json_type_is_typed(
    narrowed: Package, make_note: Callable[[Any], Any]
) -> None:
    client = narrowed.client(handler(add_log=lambda body: body))
    log = narrowed.models.Log(note=make_note(narrowed.models))
    assert client.add_log(log) == log
    assert type(client.add_log(log).note) is type(log.note)
