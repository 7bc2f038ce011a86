"""Nested values in brackets, as qs, Rack, PHP and Stripe write them: in a query, in forms, in parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.packages import handler, send

from bothends.runtime import File, RequestError
from bothends.runtime.models.encoding import encode

TRIPS = """
paths:
  /trips:
    get:
      operationId: findTrips
      parameters:
        - {name: where, in: query, style: deepObject, explode: true, schema: {$ref: '#/components/schemas/Trip'}}
        - {name: expand, in: query, style: deepObject, explode: true, schema: {type: array, items: {type: string}}}
        - name: created
          in: query
          style: deepObject
          explode: true
          schema: {anyOf: [{type: object, properties: {gt: {type: integer}}, additionalProperties: false}, {type: integer}]}
        - {name: ids, in: query, schema: {type: array, items: {type: integer}}}
      responses: {'204': {description: Found.}}
    post:
      operationId: addTrip
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: {$ref: '#/components/schemas/Trip'}
            encoding:
              berth: {style: deepObject, explode: true}
              tags: {style: deepObject, explode: true}
              boats: {style: deepObject, explode: true}
      responses: {'204': {description: Added.}}
    put:
      operationId: setTrip
      requestBody:
        required: true
        content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Trip'}}}
      responses: {'204': {description: Set.}}
    patch:
      operationId: changeTrip
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              additionalProperties: false
              properties:
                berth: {$ref: '#/components/schemas/Berth'}
                plain: {$ref: '#/components/schemas/Berth'}
                charts: {type: array, items: {type: string, format: binary}}
                tags: {type: array, items: {type: string}}
            encoding: {berth: {style: deepObject, explode: true}}
      responses: {'204': {description: Changed.}}
components:
  schemas:
    Trip:
      type: object
      additionalProperties: false
      properties:
        name: {type: string}
        tags: {type: array, items: {type: string}}
        boats: {type: array, items: {type: object, properties: {id: {type: string}, seats: {type: integer}}}}
        berth: {$ref: '#/components/schemas/Berth'}
    Berth:
      type: object
      additionalProperties: false
      properties:
        quay: {type: object, additionalProperties: false, properties: {no: {type: integer}, open: {type: boolean}}}
        sides: {type: array, items: {type: array, items: {type: number}}}
"""
VALUE = {
    "name": "x",
    "tags": ["a", "b&c"],
    "boats": [{"id": "1", "seats": 2}, {"id": "2"}],
    "berth": {"quay": {"no": 5, "open": False}, "sides": [[1.5, 2], [3]]},
}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def trips(made_once):
    return made_once(TRIPS)


def noting(seen: list[Any]) -> Callable[[Any], None]:
    """A handler's method that notes its body."""

    def note(body: Any) -> None:
        seen.append(body)

    return note


def heard(made, method: str, path: str, **request: Any) -> tuple[int, Any]:
    """The status of a request made by hand, and the JSON value of what the handler received."""
    seen: list[Any] = []

    def note(**arguments: Any) -> None:
        given = {name: value for name, value in arguments.items() if value is not None}
        seen.append(given if method == "PATCH" else {name: encode(given[name]) for name in given})

    names = ("find_trips", "add_trip", "set_trip", "change_trip")
    reply = send(made.app(handler(**dict.fromkeys(names, note))), method, path, **request)
    return reply.status_code, seen[0] if seen else reply.text


@pytest.mark.parametrize("call", ["add_trip", "set_trip"])
def test_nested_forms_arrive_as_they_were_sent(trips, call):
    seen: list[Any] = []
    client = trips.client(handler(**{call: noting(seen)}))
    sent = trips.models.Trip.model_validate(VALUE)
    getattr(client, call)(sent)
    assert seen == [sent]


def test_nested_queries_arrive_as_they_were_sent(trips):
    seen: list[Any] = []
    client = trips.client(handler(find_trips=lambda **kw: seen.append(kw)))
    sent = trips.models.Trip.model_validate(VALUE)
    client.find_trips(where=sent, expand=["a", "b"], created=7, ids=[1, 2])
    assert (seen[0]["where"], seen[0]["expand"], seen[0]["created"]) == (sent, ["a", "b"], 7)
    assert seen[0]["ids"] == [1, 2]


def test_parts_in_brackets_arrive_as_they_were_sent(trips):
    seen: list[Any] = []
    client = trips.client(handler(change_trip=noting(seen)))
    body = trips.models.ChangeTripRequest.model_validate(
        {"berth": VALUE["berth"], "charts": [File(b"1"), File(b"2")]}
    )
    client.change_trip(body)
    assert seen == [body]


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("tags[0]=a&tags[1]=b", {"tags": ["a", "b"]}),
        ("tags[]=a&tags[]=b", {"tags": ["a", "b"]}),
        ("tags=a&tags=b", {"tags": ["a", "b"]}),
        ("tags[7]=b&tags[2]=a", {"tags": ["a", "b"]}),
        ("berth[quay][no]=5", {"berth": {"quay": {"no": 5}}}),
        ("berth%5Bquay%5D%5Bno%5D=5", {"berth": {"quay": {"no": 5}}}),
        ("boats[0][id]=1&boats[1][id]=2", {"boats": [{"id": "1"}, {"id": "2"}]}),
        (
            "boats[][id]=1&boats[][seats]=2&boats[][id]=3",
            {"boats": [{"id": "1", "seats": 2}, {"id": "3"}]},
        ),
        ("berth[sides][0][1]=2&berth[sides][0][0]=1", {"berth": {"sides": [[1, 2]]}}),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_every_spelling_of_brackets_is_read(trips, method, body, value):
    assert heard(trips, method, "/trips", content=body, headers=FORM) == (204, {"body": value})


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("tags[0]=a&tags[0]=b", "tags"),
        ("tags[0]=a&tags[]=b", "tags"),
        ("berth[quay]=1&berth[quay][no]=2", "berth"),
        ("berth[quay][none]=5", "berth"),
        ("name[first]=x", "name[first]"),
        ("colour=red", "colour"),
        ("berth" + "[a]" * 40 + "=1", "berth"),
    ],
)
def test_contradicting_brackets_are_refused_by_name(trips, body, text):
    status, reason = heard(trips, "POST", "/trips", content=body, headers=FORM)
    assert (status, text in reason) == (400, True)


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("where[berth][quay][no]=5", {"where": {"berth": {"quay": {"no": 5}}}}),
        ("where[tags][]=a&where[tags][]=b", {"where": {"tags": ["a", "b"]}}),
        ("where[tags]=a&where[tags]=b", {"where": {"tags": ["a", "b"]}}),
        ("expand[]=a&expand[]=b", {"expand": ["a", "b"]}),
        ("expand=a", {"expand": ["a"]}),
        ("created[gt]=3", {"created": {"gt": 3}}),
        ("created=3", {"created": 3}),
        ("ids[]=3&ids[]=4", {"ids": [3, 4]}),
        ("where=%ff", {}),
    ],
)
def test_brackets_in_a_query_are_read(trips, query, arguments):
    assert heard(trips, "GET", f"/trips?{query}") == (204, arguments)


def test_undeclared_name_in_brackets_is_refused(trips):
    status, reason = heard(trips, "GET", "/trips?where[colour]=red")
    assert (status, "where" in reason, "colour" in reason) == (400, True, True)


def test_parts_are_read_in_the_order_of_indices(trips):
    files = [
        ("charts[1]", ("b.png", b"2", "image/png")),
        ("charts[0]", ("a.png", b"1", "image/png")),
        ("tags[]", (None, b"x")),
        ("plain[quay][no]", (None, b"5")),
    ]
    status, arguments = heard(trips, "PATCH", "/trips", files=files)
    assert status == 204
    body = arguments["body"]
    assert [chart.content for chart in body.charts] == [b"1", b"2"]
    assert (body.tags, encode(body.plain)) == (["x"], {"quay": {"no": 5}})


def test_what_has_no_form_is_not_sent(trips):
    seen: list[Any] = []
    client = trips.client(handler(add_trip=noting(seen)))
    with pytest.raises(RequestError, match="unchanged"):
        client.add_trip(trips.models.Trip.model_validate({"berth": {"quay": {}}}))
    assert seen == []
