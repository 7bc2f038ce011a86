"""Null and absent: two values wherever the wire tells them apart, and one where it does not."""

from __future__ import annotations

import asyncio

import pytest
from tests.packages import handler, send

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
  /trip:
    post:
      operationId: plan
      parameters: [{name: near, in: query, style: deepObject, schema: {$ref: '#/components/schemas/Stop'}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Trip'}}}}
      responses: {'200': {description: Planned., content: {application/json: {schema: {$ref: '#/components/schemas/Trip'}}}}}
components:
  schemas:
    Trip: {type: object, properties: {stops: {type: array, items: {$ref: '#/components/schemas/Stop'}}, dueBy: {type: [string, 'null']}}}
    Stop: {type: object, required: [at], properties: {at: {type: string}, stay-over: {enum: [day, week]}}}
    MaybeNote: {anyOf: [{type: object, properties: {text: {type: string}}}, {type: 'null'}]}
    Card: {type: object, properties: {name: {type: [string, 'null']}, size: {type: [integer, 'null']}}}
"""


class Heard:
    """A handler that keeps the arguments of the last call."""

    def __init__(self):
        names = ("add", "take_any", "need", "fill", "plan")
        self.handler = handler(**dict.fromkeys(names, self.hear))
        self.last = {}
        self.answer = None

    def hear(self, **arguments):
        self.last = arguments
        return self.answer


def test_null_and_absent_are_two_where_json_carries_them(package):
    made, heard = package(NOTES), Heard()
    client = made.client(heard.handler)
    note = made.models.MaybeNoteText(text="a")
    for given in (
        {},
        {"body": None},
        {"filter": None},
        {"body": MISSING, "filter": {}},
        {"body": note},
    ):
        client.add(**given)
        assert heard.last == {
            "page": None,
            "near": None,
            "filter": MISSING,
            "body": MISSING,
            **given,
        }


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


def test_forbidden_null_is_refused_by_its_name(package):
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

    with pytest.raises(RequestError, match=r"body.*null is no text, so leave out name"):
        client.fill(body=made.models.Card(name=None))

    with pytest.raises(RequestError, match="MISSING"):
        client.take_any(body={"field": MISSING})


STAY = "must not be null: leave `Stop.stay_over` out, or MISSING"


def received_null(made):
    """A stop that came with a null that the contract does not allow, as a client has it with `responses="off"`."""
    stop = made.models.Stop(at="porto")
    vars(stop)["stay_over"] = None
    stop.model_fields_set.add("stay_over")
    return stop


def test_none_where_null_is_not_allowed_means_absent(package):
    made, heard = package(NOTES), Heard()
    client, stop = made.client(heard.handler), made.models.Stop(at="porto", stay_over=None)
    assert stop == made.models.Stop(at="porto")
    stop.stay_over = "day"
    stop.stay_over = None

    heard.answer = made.models.Trip(stops=[stop])
    assert client.plan(heard.answer) == heard.answer
    assert heard.last["body"].stops[0].model_fields_set == {"at"}
    assert stop.model_copy(update={"stay_over": None}) == stop


def test_a_null_in_a_model_is_located_with_a_hint(package):
    made, heard = package(NOTES), Heard()
    client, stop = made.client(heard.handler), received_null(made)
    for call, place in (
        (lambda: client.plan(made.models.Trip(stops=[stop])), "body at /stops/0/stay-over"),
        (lambda: client.plan(made.models.Trip(), near=stop), "query parameter near at /stay-over"),
    ):
        with pytest.raises(RequestError) as caught:
            call()
        assert caught.value.place == place
        assert caught.value.rule.endswith(STAY)

    stop.at, stop.stay_over = None, "day"
    with pytest.raises(RequestError) as caught:
        client.plan(made.models.Trip(stops=[stop]))

    assert caught.value.place == "body at /stops/0/at"
    assert caught.value.rule == "must not be null (`Stop.at`)"
    with pytest.raises(RequestError, match=r"at /stops/0/at: must not be null\."):
        client.plan({"stops": [{"at": None}]})

    assert heard.last == {}


def test_a_null_in_a_handlers_answer_is_logged(package, caplog):
    made = package(NOTES)
    trip = made.models.Trip(stops=[received_null(made)])
    app = made.app(handler(plan=lambda body, near: trip))
    assert send(app, "POST", "/trip", json={}).status_code == 500
    assert f"/stops/0/stay-over: {STAY}" in caplog.text


def test_omitted_missing_or_deleted_field_is_absent(package):
    made, heard = package(NOTES), Heard()
    client = made.client(heard.handler)
    given = made.models.Stop(at="porto", stay_over=MISSING)
    assigned, deleted = (made.models.Stop(at="porto", stay_over="day") for _ in range(2))
    assigned.stay_over = MISSING
    del deleted.stay_over

    for stop in (given, assigned, deleted):
        assert (stop.stay_over, stop) == (None, made.models.Stop(at="porto"))
        heard.answer = made.models.Trip(stops=[stop])
        client.plan(heard.answer)
        assert heard.last["body"].stops[0].model_fields_set == {"at"}

    with pytest.raises(ValueError, match="at"):
        made.models.Stop(at=MISSING)


def test_received_model_tells_null_from_unset(package):
    made = package(NOTES)
    client = made.client(handler(plan=lambda body, near: body))
    for trip, was_there in ((made.models.Trip(due_by=None), True), (made.models.Trip(), False)):
        got = client.plan(trip)
        assert got.due_by is None
        assert ("due_by" in got.model_fields_set) is was_there


GATES = """openapi: 3.0.3
info: {title: Made, version: '1'}
paths:
  /lock:
    post:
      operationId: shutGate
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Lock'}}}}
      responses: {'200': {description: Same., content: {application/json: {schema: {$ref: '#/components/schemas/Lock'}}}}, '400': {description: Bad.}}
components:
  schemas:
    Gate: {type: object, required: [width], properties: {width: {type: integer}}}
    Lock:
      type: object
      required: [gate, side, bar]
      properties:
        gate: {nullable: true, allOf: [{$ref: '#/components/schemas/Gate'}]}
        side: {nullable: true, oneOf: [{$ref: '#/components/schemas/Gate'}, {type: string}]}
        bar: {type: object, nullable: true, allOf: [{$ref: '#/components/schemas/Gate'}]}
        state: {type: string, nullable: true, enum: [open]}
"""


def test_nullable_composition_of_3_0_takes_null(package):
    made = package(GATES)
    client = made.client(handler(shut_gate=lambda body: body))
    for given in (
        {"gate": None, "side": None, "bar": None},
        {"gate": {"width": 3}, "side": "left", "bar": {"width": 2}},
    ):
        lock = made.models.Lock.model_validate(given)
        assert client.shut_gate(lock) == lock

    codes = [finding.code for finding in made.made.findings if finding.severity.name == "WARNING"]
    assert codes.count("repaired-nullable") == 3
    assert codes.count("nullable-ignored") == 1
