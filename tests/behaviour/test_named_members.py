"""A discriminator names a member of a union that the value does not fit: one that it fits is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx2
import pytest
from tests.packages import Package, handler

BERTHS = """
paths:
  /berth:
    post:
      operationId: berth
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Berth'}}}}
      responses:
        '200': {description: The same., content: {application/json: {schema: {$ref: '#/components/schemas/Berth'}}}}
  /boat:
    post:
      operationId: boat
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Boat'}}}}
      responses:
        '200': {description: The same., content: {application/json: {schema: {$ref: '#/components/schemas/Boat'}}}}
components:
  schemas:
    Berth:
      anyOf: [{$ref: '#/components/schemas/Quay'}, {$ref: '#/components/schemas/Buoy'}, OTHER]
      discriminator: {propertyName: kind, mapping: {quay: Quay, buoy: Buoy}}
    Quay: {type: object, required: [kind], properties: {kind: {const: quay}, since: {type: string, format: date}}}
    Buoy: {type: object, required: [kind], properties: {kind: {type: string}, depth: {type: integer}}}
    Mooring: {type: object, properties: {depth: {type: [integer, 'null']}}}
    Rope: {type: object, additionalProperties: {type: [string, 'null']}}
    Anything: {}
    Boat: {type: object, required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind}}
    Tug: {allOf: [{$ref: '#/components/schemas/Boat'}], properties: {power: {type: integer}}}
"""
OTHERS = ("Mooring", "Rope", "Anything")


def with_other(name: str) -> str:
    return BERTHS.replace("OTHER", f"{{$ref: '#/components/schemas/{name}'}}")


@pytest.mark.parametrize(("other", "name"), [("Mooring", "Mooring"), ("Rope", "dict")])
def test_unfit_named_member_leaves_it_to_another(
    made_once: Callable[[str], Package], other: str, name: str
) -> None:
    value = {"kind": "buoy", "depth": None}
    client = made_once(with_other(other)).client(handler(berth=lambda body: body))

    received = client.berth(value)
    assert type(received).__name__ == name
    assert (received if isinstance(received, dict) else received.model_dump()) == value


@pytest.mark.parametrize("other", OTHERS)
def test_fitting_named_member_wins_over_all(
    made_once: Callable[[str], Package], other: str
) -> None:
    made = made_once(with_other(other))
    client = made.client(handler(berth=lambda body: body))

    quay = client.berth({"kind": "quay", "since": "2026-01-02"})
    assert quay == made.models.Quay(kind="quay", since=date(2026, 1, 2))
    assert client.berth({"kind": "buoy", "depth": 2}) == made.models.Buoy(kind="buoy", depth=2)


def test_heir_that_a_value_is_not_leaves_the_base(made_once: Callable[[str], Package]) -> None:
    made = made_once(with_other("Mooring"))
    client = made.client(handler(boat=lambda body: body))

    assert type(client.boat({"kind": "Tug", "power": 1})) is made.models.Tug
    assert type(client.boat({"kind": "Tug", "power": "x"})) is made.models.Boat


def test_value_that_fits_nobody_is_of_the_named(made_once: Callable[[str], Package]) -> None:
    made = made_once(with_other("Mooring"))
    wrong: Any = {"kind": "buoy", "depth": "deep"}
    client = made.client(
        None,
        app=made.app(handler(berth=lambda body: wrong), check_replies=False),
        responses="off",
    )

    received = client.berth(made.models.Buoy(kind="buoy"))
    assert (type(received), received.depth) == (made.models.Buoy, "deep")


FOLDERS = """
paths:
  /entry:
    post:
      operationId: entry
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Entry'}}}}
      responses:
        '200': {description: The same., content: {application/json: {schema: {$ref: '#/components/schemas/Entry'}}}}
components:
  schemas:
    Entry:
      oneOf: [{$ref: '#/components/schemas/Leaf'}, {$ref: '#/components/schemas/Folder'}]
      discriminator: {propertyName: type, mapping: {leaf: Leaf, folder: Folder}}
    Leaf: {type: object, required: [type], properties: {type: {type: string}, size: {type: integer}}}
    Folder: {type: object, required: [type], properties: {type: {type: string}, entries: {type: array, items: {$ref: '#/components/schemas/Entry'}}}}
"""


@pytest.mark.parametrize("depth", [0, 1, 2, 40])
def test_alternatives_that_overlap_inside_leave_it_the_named(
    made_once: Callable[[str], Package], depth: int
) -> None:
    made = made_once(FOLDERS)
    folder = made.models.Folder(type="folder", entries=[made.models.Leaf(type="leaf", size=1)])
    for _ in range(depth):
        folder = made.models.Folder(type="folder", entries=[folder])

    def echo(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=json.loads(request.content))

    client = made.module.MadeClient(
        base_url="https://made.test", transport=httpx2.MockTransport(echo), requests="off"
    )
    assert client.entry(folder) == folder


def test_request_that_overlaps_inside_arrives_as_named(
    made_once: Callable[[str], Package],
) -> None:
    made, seen = made_once(FOLDERS), list[Any]()
    leaf = made.models.Leaf(type="leaf", size=1)
    folder = made.models.Folder(type="folder", entries=[leaf])

    # The leaf is either, so by JSON Schema the folder is none, and a leaf alone.
    def keep(body: Any) -> Any:
        seen.append(body)
        return body

    client = made.client(handler(entry=keep))
    assert client.entry(folder) == folder
    assert seen == [folder]
