"""A parameter whose schema has properties and no `type` carries objects, and whatever else it allows."""

from __future__ import annotations

import pytest
from tests.packages import handler, send

POINT = "{properties: {x: {type: string}, y: {type: string}}, required: [x, y]}"
PLACES = [
    ("path", "simple", False, "/x,1,y,2"),
    ("path", "simple", True, "/x=1,y=2"),
    ("path", "label", False, "/.x,1,y,2"),
    ("path", "matrix", True, "/;x=1;y=2"),
    ("query", "form", False, "/?at=x,1,y,2"),
    ("query", "form", True, "/?x=1&y=2"),
    ("query", "deepObject", True, "/?at[x]=1&at[y]=2"),
]


@pytest.mark.parametrize(("location", "style", "explode", "target"), PLACES)
def test_untyped_object_arrives_in_style(package, location, style, explode, target):
    path = "/{at}" if location == "path" else "/"
    made = package(f"""
paths:
  {path}:
    get:
      operationId: find
      parameters:
        - {{name: at, in: {location}, required: true, style: {style}, explode: {str(explode).lower()},
            schema: {{$ref: '#/components/schemas/Point'}}}}
      responses: {{'204': {{description: Found.}}}}
components:
  schemas:
    Point: {POINT}
""")
    seen = []

    def take(at):
        seen.append(at)

    receiver = handler(find=take)
    point = made.models.Point(x="1", y="2")
    made.client(receiver).find(at=point)
    assert send(made.app(receiver), "GET", target).status_code == 204
    assert seen == [point, point]
    assert made.made.api.losses == ()


def test_text_of_untyped_schema_still_arrives(package):
    made = package(f"""
paths:
  /at/{{at}}:
    get:
      operationId: find
      parameters:
        - {{name: at, in: path, required: true, schema: {POINT}}}
      responses: {{'204': {{description: Found.}}}}
""")
    seen = []

    def take(at):
        seen.append(at)

    client = made.client(handler(find=take))
    client.find("home,1")
    client.find("x,y,z")
    assert seen == ["home,1", "x,y,z"]


@pytest.mark.parametrize(
    ("location", "explode"), [("query", "false"), ("query", "true"), ("header", "true")]
)
def test_untyped_object_given_twice_is_refused(package, location, explode):
    made = package(f"""
paths:
  /:
    get:
      operationId: find
      parameters: [{{name: at, in: {location}, explode: {explode}, schema: {POINT}}}]
      responses: {{'204': {{description: Found.}}}}
""")
    app = made.app(handler(find=lambda at: None))
    target = "/?at=x,1,y,2&at=x,1,y,2" if location == "query" else "/"
    headers = [("at", "x=1,y=2")] * 2 if location == "header" else []
    assert send(app, "GET", target, headers=headers).status_code == 400


OPEN = """
paths:
  /tides:
    get:
      operationId: getTides
      responses: {'200': {description: They., content: {application/json: {schema: {$ref: '#/components/schemas/Span'}}}}}
components:
  schemas:
    Span: {anyOf: [{$ref: '#/components/schemas/Month'}, {$ref: '#/components/schemas/Week'}]}
    Month: {required: [month], properties: {month: {type: integer}}}
    Week: {required: [week], properties: {week: {type: integer}}}
"""


def test_named_union_of_untyped_objects_keeps_its_members(package):
    made = package(OPEN)
    assert made.made.api.losses == ()
    assert 'TypeAliasType("Span", Month | Week | Any)' in made.made.files["models.py"]
    client = made.client(handler(get_tides=lambda: {"week": 7}))
    assert client.get_tides() == made.models.Week(week=7)


FAULT = "{properties: {code: {type: integer}, detail: {type: string}}, required: [code]}"


@pytest.mark.parametrize("media_type", ["'*/*'", "application/*", "application/vnd.made.fault"])
def test_untyped_object_in_a_media_type_that_may_be_json_is_json(package, media_type):
    """A server refuses by what is documented, with what its schema requires."""
    made = package(f"""
paths:
  /:
    post:
      operationId: add
      parameters: [{{name: level, in: query, required: true, schema: {{type: integer}}}}]
      requestBody: {{content: {{{media_type}: {{schema: {{$ref: '#/components/schemas/Fault'}}}}}}}}
      responses:
        '204': {{description: Added.}}
        default: {{description: Not., content: {{{media_type}: {{schema: {{$ref: '#/components/schemas/Fault'}}}}}}}}
components:
  schemas:
    Fault: {FAULT}
""")
    seen = []
    receiver = handler(add=lambda body=None, **_: seen.append(body))
    refused = send(made.app(receiver), "POST", "/?level=high")
    assert refused.status_code == 400
    assert isinstance(refused.json()["code"], int)

    headers = {
        "content-type": media_type.strip("'") if "*" not in media_type else "application/json"
    }
    assert (
        send(made.app(receiver), "POST", "/?level=1", json={"code": 1}, headers=headers).status_code
        == 204
    )
    assert (
        send(
            made.app(receiver), "POST", "/?level=1", json={"code": "1"}, headers=headers
        ).status_code
        == 400
    )
    made.client(receiver).add(level=1, body=made.models.Fault(code=2))
    assert [body.code for body in seen] == [1, 2]


def test_untyped_object_in_another_media_type_is_a_loss(package):
    made = package(f"""
paths:
  /:
    get:
      operationId: get
      responses: {{'200': {{description: It., content: {{application/jwt: {{schema: {FAULT}}}}}}}}}
""")
    assert [loss.code for loss in made.made.api.losses] == ["media-type-unread"]
    assert made.client(handler(get=lambda: b"a.b.c")).get() == b"a.b.c"
