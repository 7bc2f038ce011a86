"""Classes that extend others: a discriminator of a base chooses at each level, and in plain data."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from tests.packages import Package, handler

FLEET = """
components:
  schemas:
    Vessel:
      type: object
      required: [vesselKind]
      properties: {vesselKind: {type: string}}
      discriminator: {propertyName: vesselKind, mapping: {ferry: Ferry, tug: '#/components/schemas/Tug'}}
    Powered: {allOf: [{$ref: '#/components/schemas/Vessel'}, {type: object, properties: {power: {type: integer}}}]}
    Ferry:
      allOf: [{$ref: '#/components/schemas/Powered'}]
      properties: {since: {type: string, format: date}}
    Tug: {$ref: '#/components/schemas/Powered', properties: {bollardPull: {type: number}}}
    NightFerry:
      allOf:
      - $ref: '#/components/schemas/Ferry'
      - {required: [cabins], properties: {cabins: {type: integer}, towedBy: {$ref: '#/components/schemas/Vessel'}}}
    Harbour:
      type: object
      properties:
        vessels: {type: array, items: {$ref: '#/components/schemas/Vessel'}}
        powered: {type: array, items: {$ref: '#/components/schemas/Powered'}}
        byName: {type: object, additionalProperties: {$ref: '#/components/schemas/Ferry'}}
        flagship: {$ref: '#/components/schemas/Powered'}
        guest: {oneOf: [{$ref: '#/components/schemas/Ferry'}, {type: 'null'}]}
      additionalProperties: {$ref: '#/components/schemas/Vessel'}
paths:
  /harbour:
    get:
      operationId: getHarbour
      responses:
        '200': {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/Harbour'}}}}
"""
FERRY = {"vesselKind": "ferry", "since": "2026-01-02", "power": 9}
TUG = {"vesselKind": "tug", "bollardPull": 1.5}
NIGHT = {"vesselKind": "NightFerry", "cabins": 3, "towedBy": TUG}
HARBOUR = {
    "vessels": [FERRY, TUG, NIGHT, {"vesselKind": "raft", "logs": 4}],
    "powered": [FERRY, TUG, {"vesselKind": "Powered", "power": 1}],
    "byName": {"a": FERRY, "b": NIGHT},
    "flagship": NIGHT,
    "guest": NIGHT,
    "other": TUG,
}


@pytest.fixture(scope="module")
def fleet(made_once: Callable[[str], Package]) -> Package:
    return made_once(FLEET)


def received(fleet: Package) -> Any:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=HARBOUR))
    client = fleet.module.MadeClient(
        base_url="https://made.test", transport=transport, responses="strict"
    )
    return client.get_harbour()


def names(items: list[object]) -> list[str]:
    return [type(item).__name__ for item in items]


def assert_heirs(harbour: Any) -> None:
    assert names(harbour.vessels) == ["Ferry", "Tug", "NightFerry", "Vessel"]
    assert names(harbour.powered) == ["Ferry", "Tug", "Powered"]
    assert names(list(harbour.by_name.values())) == ["Ferry", "NightFerry"]
    assert names([harbour.flagship, harbour.guest, harbour.other]) == [
        "NightFerry",
        "NightFerry",
        "Tug",
    ]
    assert type(harbour.flagship.towed_by).__name__ == "Tug"
    assert harbour.powered[0].since == dt.date(2026, 1, 2)


def test_discriminator_of_a_base_chooses_at_each_level(fleet: Package) -> None:
    assert_heirs(received(fleet))


@pytest.mark.parametrize(
    "again",
    [
        lambda harbour: type(harbour).model_validate(harbour.model_dump()),
        lambda harbour: type(harbour).model_validate(harbour.model_dump(by_alias=False)),
        lambda harbour: type(harbour).model_validate(harbour.model_dump(mode="python")),
        lambda harbour: type(harbour).model_validate_json(harbour.model_dump_json()),
        lambda harbour: type(harbour)(**harbour.model_dump(by_alias=False)),
        lambda harbour: pickle.loads(pickle.dumps(harbour)),
        copy.deepcopy,
    ],
    ids=["dump", "Python's names", "Python's values", "text", "constructor", "pickle", "copy"],
)
def test_heir_stays_itself_in_plain_data(fleet: Package, again: Callable[[Any], Any]) -> None:
    harbour = received(fleet)
    assert_heirs(again(harbour))
    assert again(harbour) == harbour


EITHER = """
components:
  schemas:
    Vessel:
      type: object
      required: [kind]
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind, mapping: {ferry: '#/components/schemas/Ferry'}}
    Tug: {allOf: [{$ref: '#/components/schemas/Vessel'}, {type: object, properties: {bollardPull: {type: number}}}]}
    Ferry: {allOf: [{$ref: '#/components/schemas/Vessel'}, {type: object, properties: {since: {type: string, format: date}}}]}
    Buoy: {allOf: [{$ref: '#/components/schemas/Vessel'}]}
paths:
  /vessel:
    get:
      operationId: getVessel
      responses:
        '200':
          description: One.
          content:
            application/json:
              schema: {anyOf: [{$ref: '#/components/schemas/Tug'}, {$ref: '#/components/schemas/Ferry'}, {type: 'null'}]}
"""


def test_union_of_heirs_has_the_discriminator_of_the_base(package: Callable[[str], Package]):
    vessels = package(EITHER)
    ferry = vessels.models.Ferry(kind="ferry", since=dt.date(2026, 1, 2))
    for vessel in (ferry, vessels.models.Tug(kind="Tug"), None):
        with vessels.client(handler(get_vessel=lambda vessel=vessel: vessel)) as client:
            received = client.get_vessel()
        assert received == vessel
        assert type(received) is type(vessel)


UNION = """
components:
  schemas:
    Sail: {type: object, required: [rigKind], properties: {rigKind: {type: string}, masts: {type: integer}}}
    Motor: {type: object, required: [rigKind], properties: {rigKind: {type: string}, fuel: {type: string}}}
    Rig:
      oneOf: [{$ref: '#/components/schemas/Sail'}, {$ref: '#/components/schemas/Motor'}]
      discriminator: {propertyName: rigKind, mapping: {sail: Sail, motor: Motor}}
    Buoy: {type: object, properties: {colour: {enum: [red, green]}, no: {type: integer}}}
    Light: {type: object, properties: {colour: {enum: [white]}, no: {type: integer}}}
    Boat:
      type: object
      properties:
        rig: {$ref: '#/components/schemas/Rig'}
        rigs: {type: array, items: {$ref: '#/components/schemas/Rig'}}
        maybe: {anyOf: [{$ref: '#/components/schemas/Rig'}, {type: array, items: {$ref: '#/components/schemas/Rig'}}, {type: 'null'}]}
        mark: {anyOf: [{$ref: '#/components/schemas/Buoy'}, {$ref: '#/components/schemas/Light'}]}
paths: {/boats: {post: {operationId: addBoat, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Boat'}}}}, responses: {'204': {description: Added.}}}}}
"""


def test_plain_object_is_the_member_that_is_meant(made_once: Callable[[str], Package]) -> None:
    models = made_once(UNION).models
    for spelled in ("rigKind", "rig_kind"):
        rig = {spelled: "motor", "fuel": "oil"}
        boat = models.Boat(rig=rig, rigs=[rig], maybe=[rig])
        assert names([boat.rig, boat.rigs[0], boat.maybe[0]]) == ["Motor"] * 3

    assert type(models.Boat(maybe={"rigKind": "motor"}).maybe) is models.Motor
    assert type(models.Boat(mark={"colour": "white", "no": 1}).mark) is models.Light
    boat = models.Boat(rig=models.Sail(rig_kind="motor"))
    assert type(boat.rig) is models.Sail  # a caller's own choice stays


TEXTS = """
components:
  schemas:
    Sighting:
      type: object
      properties: {name: {type: string}}
      oneOf:
      - {required: [day], properties: {day: {type: string, format: date}}}
      - {required: [hour], properties: {hour: {type: integer}}}
    Log:
      type: object
      properties:
        sightings: {type: array, items: {$ref: '#/components/schemas/Sighting'}}
        when: {oneOf: [{type: string, format: date}, {type: string, enum: [never]}, {type: integer}]}
        id: {anyOf: [{type: string, format: uuid}, {type: string, maxLength: 3}]}
paths: {/log: {post: {operationId: addLog, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Log'}}}}, responses: {'204': {description: Added.}}}}}
"""


def test_text_in_a_union_is_read_as_in_an_answer(made_once: Callable[[str], Package]) -> None:
    models = made_once(TEXTS).models
    day = dt.date(2026, 1, 2)
    log = models.Log(sightings=[models.Sighting(day=day)], when=day, id="abc")
    assert models.Log.model_validate(log.model_dump()) == log
    assert models.Log.model_validate_json(log.model_dump_json()) == log
    assert models.Log(when="2026-01-02").when == day
    assert [models.Log(when=value).when for value in ("never", 5)] == ["never", 5]
