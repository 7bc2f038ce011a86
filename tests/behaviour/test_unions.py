"""Alternatives: the contract tells which one a value is, and what nobody knows yet survives."""

from __future__ import annotations

import pytest
from tests.packages import handler, send

from bothends.runtime import RequestError

PETS = """
paths:
  /pet:
    post:
      operationId: send
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        '200': {description: The same., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
  /shape:
    post:
      operationId: shape
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Shape'}}}}
      responses:
        '200': {description: The same., content: {application/json: {schema: {$ref: '#/components/schemas/Shape'}}}}
  /mixed:
    post:
      operationId: mixed
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Mixed'}}}}
      responses:
        '200': {description: The same., content: {application/json: {schema: {$ref: '#/components/schemas/Mixed'}}}}
components:
  schemas:
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind}
    Cat: {type: object, required: [kind], properties: {kind: {const: cat}, name: {type: string}}}
    Dog: {type: object, required: [kind], properties: {kind: {const: dog}, name: {type: string}}}
    Shape:
      anyOf:
        - {$ref: '#/components/schemas/Circle'}
        - {$ref: '#/components/schemas/Square'}
    Circle: {type: object, required: [size], properties: {size: {type: integer, maximum: 10}}}
    Square: {type: object, required: [size], properties: {size: {type: integer, minimum: 11}}}
    Vessel:
      anyOf: [{$ref: '#/components/schemas/Sail'}, {$ref: '#/components/schemas/Motor'}, {type: 'null'}]
    Route:
      oneOf: [{$ref: '#/components/schemas/Sail'}, {$ref: '#/components/schemas/Motor'}]
      discriminator: {propertyName: by, mapping: {wind: '#/components/schemas/Sail', fuel: Motor}}
    Sail: {type: object, required: [masts], properties: {by: {type: string}, masts: {type: integer}, flag: {type: string}}}
    Motor: {type: object, required: [power], properties: {by: {type: string}, power: {type: integer}, flag: {type: string}}}
    Mixed:
      type: object
      properties:
        vessel: {$ref: '#/components/schemas/Vessel'}
        vessels: {type: array, items: {$ref: '#/components/schemas/Route'}}
        pet: {$ref: '#/components/schemas/Pet'}
        id: {oneOf: [{type: integer}, {type: string}]}
        many: {anyOf: [{type: string}, {type: array, items: {type: string}}]}
        maybe: {anyOf: [{$ref: '#/components/schemas/Cat'}, {type: 'null'}]}
        level: {enum: [low, high, null]}
        tree: {$ref: '#/components/schemas/Tree'}
    Tree: {anyOf: [{type: integer}, {type: array, items: {$ref: '#/components/schemas/Tree'}}]}
"""


def echo(body):
    return body


def test_a_member_arrives_as_itself(package):
    made = package(PETS)
    client = made.client(handler(send=echo))
    for pet in (made.models.Cat(kind="cat", name="Tom"), made.models.Dog(kind="dog")):
        assert client.send(pet) == pet
        assert type(client.send(pet)) is type(pet)


def test_members_of_one_form_differ_by_contract(package):
    made = package(PETS)
    client = made.client(handler(shape=echo))
    assert type(client.shape(made.models.Circle(size=10))) is made.models.Circle
    assert type(client.shape(made.models.Square(size=11))) is made.models.Square


@pytest.mark.parametrize(
    "fields",
    [
        {"id": 1},
        {"id": "1"},
        {"many": "a"},
        {"many": ["a"]},
        {"maybe": None},
        {"level": None},
        {"level": "low"},
        {"tree": [1, [2, []]]},
    ],
    ids=str,
)
def test_single_values_keep_their_kind(package, fields):
    made = package(PETS)
    answer = made.client(handler(mixed=echo)).mixed(made.models.Mixed(**fields))
    assert {name: getattr(answer, name) for name in answer.model_fields_set} == fields


def test_what_the_vendor_adds_survives(package):
    made = package(PETS)
    newer = package(
        PETS.replace("enum: [low, high, null]", "enum: [low, high, huge]")
        .replace("- {$ref: '#/components/schemas/Square'}", "- {type: object, required: [radius]}")
        .replace(
            "type: object, required: [kind], properties: {kind: {const: dog}",
            "type: object, properties: {kind: {const: fox}",
        )
    )
    app = newer.app(
        handler(
            mixed=lambda body: newer.models.Mixed(level="huge", added=1),
            send=lambda body: newer.models.Dog(kind="fox"),
        )
    )
    client = made.client(None, app=app, responses="off")
    mixed = client.mixed(made.models.Mixed())
    assert (mixed.level, mixed.model_extra) == ("huge", {"added": 1})
    assert client.send(made.models.Cat(kind="cat")) == {"kind": "fox"}


def _as(name: str, others: int = 1) -> str:
    return f" (as {name}; {others} other {'alternatives do' if others > 1 else 'alternative does'} not fit either)"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            {"pet": {"kind": "dog", "name": 1}},
            " at /pet/name: must be string, got integer" + _as("Dog"),
        ),
        ({"pet": {"kind": "emu", "name": "E"}}, ' at /pet/kind: must be one of "cat", "dog"'),
        ({"pet": {}}, " at /pet: property 'kind' is required" + _as("Cat")),
        ({"pet": [1]}, " at /pet: must be object, got array"),
        ({"pet": None}, " at /pet: must not be null"),
        (
            {"vessel": {"power": 1, "flag": 2}},
            " at /vessel/flag: must be string, got integer" + _as("Motor", 2),
        ),
        (
            {"vessel": {"power": "x", "flag": "a"}},
            " at /vessel/power: must be integer, got string" + _as("Motor", 2),
        ),
        ({"vessel": {"by": "fuel"}}, " at /vessel: property 'masts' is required" + _as("Sail", 2)),
        ({"vessel": 5}, " at /vessel: must be object or null, got integer"),
        (
            {"vessels": [{"by": "fuel", "masts": "x"}]},
            " at /vessels/0: property 'power' is required" + _as("Motor"),
        ),
        (
            {"vessels": [{"by": "wind", "power": "x"}]},
            " at /vessels/0: property 'masts' is required" + _as("Sail"),
        ),
        ({"id": True}, " at /id: must be integer or string, got boolean"),
        ({"tree": [1, [None]]}, " at /tree/1/0: must not be null" + _as("alternative 2")),
    ],
)
def test_unfit_value_is_explained_by_closest_alternative(package, body, told):
    made = package(PETS)
    with pytest.raises(RequestError) as caught:
        made.client(handler()).mixed(body)
    assert f"body{told}" == f"{caught.value.place}: {caught.value.rule}"
    assert send(made.app(handler()), "POST", "/mixed", json=body).json()["detail"] == f"body{told}"


def test_null_field_is_named_within_an_alternative(package):
    made = package(PETS)
    with pytest.raises(
        RequestError,
        match=r"at /name: must not be null \(as Cat; .*\): leave `Cat.name` out, or MISSING\.",
    ):
        made.client(handler()).send(made.models.Cat.model_construct(kind="cat", name=None))


LEVELS = """
paths:
  /events:
    get:
      operationId: lastEvent
      responses:
        '200':
          description: The last.
          content: {application/json: {schema: {$ref: '#/components/schemas/Event'}}}
components:
  schemas:
    Event:
      type: object
      required: [type]
      properties: {type: {type: string}}
      discriminator: {propertyName: type, mapping: {boat: BoatEvent, crew: CrewEvent}}
    CrewEvent: {allOf: [{$ref: '#/components/schemas/Event'}], properties: {who: {type: string}}}
    BoatEvent:
      allOf: [{$ref: '#/components/schemas/Event'}]
      properties: {way: {type: string}}
      discriminator: {propertyName: way, mapping: {in: Arrival, out: Departure}}
    Arrival: {allOf: [{$ref: '#/components/schemas/BoatEvent'}], properties: {berth: {type: integer}}}
    Departure: {allOf: [{$ref: '#/components/schemas/BoatEvent'}], properties: {bound: {type: string}}}
"""


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"type": "boat", "way": "out", "bound": "x"}, "Departure"),
        ({"type": "boat", "way": "by"}, "BoatEvent"),
        ({"type": "boat"}, "BoatEvent"),
        ({"type": "crew", "who": "x"}, "CrewEvent"),
        ({"type": "storm"}, "Event"),
    ],
)
def test_discriminators_choose_at_each_level(made_once, value, name):
    made = made_once(LEVELS)
    with made.client(handler(last_event=lambda: value)) as client:
        assert type(client.last_event()).__name__ == name


GROUPS = """
paths:
  /vessel:
    post:
      operationId: send
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Vessel'}}}}
      responses:
        '200': {description: The same., content: {application/json: {schema: {$ref: '#/components/schemas/Vessel'}}}}
components:
  schemas:
    Vessel:
      anyOf: [{$ref: '#/components/schemas/Raft'}, {$ref: '#/components/schemas/Powered'}]
      discriminator: {propertyName: kind, mapping: {raft: Raft, tug: Tug}}
    Powered:
      oneOf: [{$ref: '#/components/schemas/Tug'}, {$ref: '#/components/schemas/Ferry'}]
      discriminator: {propertyName: kind, mapping: {tug: Tug, ferry: Ferry}}
    Raft: {type: object, required: [kind], properties: {kind: {type: string}}}
    Tug: {type: object, required: [kind], properties: {kind: {const: tug}, power: {type: integer}}}
    Ferry: {type: object, required: [kind], properties: {kind: {const: ferry}, seats: {type: integer}}}
"""


def test_discriminator_names_members_of_a_member(package):
    made = package(GROUPS)
    client, models = made.client(handler(send=echo)), made.models
    for vessel in (
        models.Raft(kind="raft"),
        models.Tug(kind="tug", power=1),
        models.Ferry(kind="ferry", seats=2),
    ):
        assert client.send(vessel) == vessel
        assert type(client.send(vessel)) is type(vessel)


BIRDS = """
paths:
  /perch:
    post:
      operationId: perch
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'204': {description: Sits.}, '400': {description: Wrong.}}
components:
  schemas:
    Pet:
      anyOf: [{$ref: '#/components/schemas/Fish'}, {$ref: '#/components/schemas/Bird'}]
      discriminator: {propertyName: kind, mapping: {fish: Fish, bird: Bird}}
    Fish: {type: object, required: [kind], properties: {kind: {type: string}}}
    Bird: {anyOf: [{$ref: '#/components/schemas/Parrot'}, {$ref: '#/components/schemas/Owl'}]}
    Parrot: {type: object, required: [kind, words], properties: {kind: {type: string}, words: {type: integer}}}
    Owl: {type: object, required: [kind, eyes], properties: {kind: {type: string}, eyes: {type: integer}}}
"""


@pytest.mark.parametrize(("kind", "name"), [("fish", "Fish"), ("bird", "Owl")])
def test_discriminator_names_a_named_union(made_once, kind, name):
    received = []

    async def perch(body, **_):
        received.append(type(body).__name__)

    app = made_once(BIRDS).app(handler(perch=perch))
    assert send(app, "POST", "/perch", json={"kind": kind, "eyes": 2}).status_code == 204
    assert received == [name]


TIDES = """
paths:
  /tide:
    post:
      operationId: tide
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}}
      responses: {'200': {description: The same., content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}}}
  /boat:
    post:
      operationId: boat
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Boat'}}}}
      responses: {'200': {description: The same., content: {application/json: {schema: {$ref: '#/components/schemas/Boat'}}}}}
components:
  schemas:
    Tide:
      anyOf: [{$ref: '#/components/schemas/Low'}, {$ref: '#/components/schemas/High'}]
      discriminator: {propertyName: level, mapping: {'1': Low, '2': High}}
    Low: {type: object, required: [level], properties: {level: {type: integer}}}
    High: {type: object, required: [level], properties: {level: {type: integer}}}
    Boat:
      type: object
      required: [kind]
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind}
    Ferry: {allOf: [{$ref: '#/components/schemas/Boat'}, {type: object, properties: {seats: {type: integer}}}]}
    Tug: {allOf: [{$ref: '#/components/schemas/Boat'}, {type: object, required: [power], properties: {power: {type: integer}}}]}
"""


@pytest.mark.parametrize(("level", "name"), [("1", "Low"), ("2", "High"), ("2.0", "High")])
def test_number_names_a_member_however_written(made_once, level: str, name: str) -> None:
    made, names = made_once(TIDES), []

    def tide(body):
        names.append(type(body).__name__)
        return body

    app = made.app(handler(tide=tide))
    headers = {"content-type": "application/json"}
    answer = send(app, "POST", "/tide", headers=headers, content=f'{{"level": {level}}}')
    assert answer.status_code == 200
    assert names == [name]


def test_unfit_heir_is_read_as_its_base(made_once) -> None:
    made, names = made_once(TIDES), []

    def boat(body):
        names.append(type(body).__name__)
        return body

    app = made.app(handler(boat=boat))
    assert send(app, "POST", "/boat", json={"kind": "Tug"}).json() == {"kind": "Tug"}
    assert send(app, "POST", "/boat", json={"kind": "Tug", "power": 3}).status_code == 200
    assert names == ["Boat", "Tug"]


LOOSE = """
paths:
  /tides:
    post:
      operationId: addTides
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Log'}}}}
      responses: {'200': {description: They., content: {application/json: {schema: {$ref: '#/components/schemas/Log'}}}}}
components:
  schemas:
    Tide: {type: object, properties: {height: {type: number}, sea: {$ref: '#/components/schemas/Sea'}}}
    Sea: {type: object, properties: {name: {type: string}}}
    Log:
      type: object
      properties:
        first: {anyOf: [{$ref: '#/components/schemas/Tide'}, {type: object}]}
        last: {anyOf: [{type: object}, {$ref: '#/components/schemas/Tide'}]}
        any: {anyOf: [{$ref: '#/components/schemas/Tide'}, {}]}
        all: {type: array, items: {anyOf: [{$ref: '#/components/schemas/Tide'}, {type: object}]}}
        only: {$ref: '#/components/schemas/Tide'}
"""


@pytest.mark.parametrize("value", [{"height": None}, {"sea": {"name": None}}, {"sea": None}])
def test_dictionary_with_a_null_keeps_it(package, value):
    made = package(LOOSE)
    log = made.models.Log(first=value, last=value, any=value, all=[value], only=value)
    expected = {"first": value, "last": value, "any": value, "all": [value]}
    assert log.only == made.models.Tide.model_validate(value)
    assert "null" not in log.only.model_dump_json()

    received = made.client(handler(add_tides=lambda body: body)).add_tides(log).model_dump()
    assert {name: received[name] for name in expected} == expected


FREE = """
paths:
  /tides: {post: {operationId: addTides, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Log'}}}}, responses: {'204': {description: Added.}}}}
components:
  schemas:
    Tide: {type: object, additionalProperties: false, properties: {height: {type: number}}}
    Free: {type: object, additionalProperties: {type: number}}
    Log:
      type: object
      properties:
        either: {oneOf: [{$ref: '#/components/schemas/Free'}, {$ref: '#/components/schemas/Tide'}]}
        listed: {type: array, items: {anyOf: [{$ref: '#/components/schemas/Tide'}, {$ref: '#/components/schemas/Free'}]}}
"""


def test_object_that_no_class_allows_stays_a_dictionary(made_once) -> None:
    made = made_once(FREE)
    log = made.models.Log(either={"low": 1}, listed=[{"low": 1}, {"height": 2}])
    assert log.either == {"low": 1}
    assert log.listed == [{"low": 1}, made.models.Tide(height=2)]
