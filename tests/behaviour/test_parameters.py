"""Parameters arrive as they were passed, from every location and in every style."""

from __future__ import annotations

import inspect
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from tests.packages import handler, send

from bothends.runtime import RequestError
from bothends.runtime.models.encoding import encode

STYLES = """
paths:
  /at/{simple}/{list}/{object}/{label}/{matrix}:
    get:
      operationId: send
      parameters:
        - {name: simple, in: path, required: true, schema: {type: string}}
        - {name: list, in: path, required: true, schema: {type: array, items: {type: integer}}}
        - {name: object, in: path, required: true, explode: true, schema: {$ref: '#/components/schemas/Point'}}
        - {name: label, in: path, required: true, style: label, explode: true, schema: {type: array, items: {type: string}}}
        - {name: matrix, in: path, required: true, style: matrix, schema: {$ref: '#/components/schemas/Point'}}
        - {name: form, in: query, schema: {type: array, items: {type: string}}}
        - {name: csv, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - {name: spaced, in: query, style: spaceDelimited, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: piped, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: deep, in: query, style: deepObject, explode: true, schema: {$ref: '#/components/schemas/Point'}}
        - {name: json, in: query, content: {application/json: {schema: {$ref: '#/components/schemas/Point'}}}}
        - {name: X-Days, in: header, schema: {type: array, items: {type: string, format: date}}}
        - {name: crumb, in: cookie, schema: {type: string}}
      responses: {'204': {description: Nothing.}}
components:
  schemas:
    Point: {type: object, required: [x, y], properties: {x: {type: integer}, y: {type: integer}}}
"""


def test_every_style_arrives_as_it_was_sent(package):
    made = package(STYLES)
    seen = []
    point = made.models.Point(x=1, y=-2)
    required = ("a/b c?d%e", [1, 2, 3], point, ["x y", "z"], point)
    optional = {
        "form": ["a,b", "c&d", ""],
        "csv": ["a b", "c"],
        "spaced": [1, 2],
        "piped": [3, 4],
        "deep": point,
        "json": point,
        "x_days": [date(2026, 1, 2), date(2026, 1, 3)],
        "crumb": "a=b",
    }
    client = made.client(handler(send=lambda *args, **kw: seen.append((*args, kw))))
    client.send(*required, **optional)
    client.send(*required)
    names = ("simple", "list", "object", "label", "matrix")
    full = dict(zip(names, required, strict=True))
    assert [dict(one[-1]) for one in seen] == [full | optional, full | dict.fromkeys(optional)]


SCALARS = """
paths:
  /scalars/{day}:
    get:
      operationId: send
      parameters:
        - {name: day, in: path, required: true, schema: {type: string, format: date}}
        - {name: at, in: query, schema: {type: string, format: date-time}}
        - {name: key, in: header, schema: {type: string, format: uuid}}
        - {name: number, in: query, schema: {type: number}}
        - {name: count, in: query, schema: {type: integer, minimum: 1}}
        - {name: flag, in: query, schema: {type: boolean}}
        - {name: level, in: query, schema: {enum: [low, high]}}
        - {name: either, in: query, schema: {oneOf: [{type: integer}, {type: string, pattern: '^[a-z]+$'}]}}
      responses: {'204': {description: Nothing.}}
"""


def test_text_on_the_wire_becomes_the_type_that_it_was(package):
    seen = []
    client = package(SCALARS).client(handler(send=lambda **kw: seen.append(kw)))
    values = {
        "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "key": UUID("12345678-1234-5678-1234-567812345678"),
        "number": 0.5,
        "count": 3,
        "flag": False,
        "level": "low",
        "either": 7,
    }
    client.send(date(2026, 1, 2), **values)
    client.send(date(2026, 1, 2), either="seven")
    assert seen[0] == {"day": date(2026, 1, 2), **values}
    assert {name: type(value) for name, value in seen[0].items()} == {
        "day": date,
        **{name: type(value) for name, value in values.items()},
    }
    assert seen[1]["either"] == "seven"


def test_a_wrong_argument_is_told_before_anything_is_sent(package):
    seen = []
    client = package(SCALARS).client(handler(send=lambda **kw: seen.append(kw)))
    with pytest.raises(RequestError, match="count") as caught:
        client.send(date(2026, 1, 2), count=0)

    assert caught.value.argument == "count"
    with pytest.raises(RequestError, match="level"):
        client.send(date(2026, 1, 2), level="middle")

    assert seen == []


SHARED = """
paths:
  /shelves/{shelf}:
    parameters:
      - {$ref: '#/components/parameters/Shelf'}
      - {name: limit, in: query, schema: {type: integer, maximum: 5}}
    get:
      operationId: look
      parameters: [{name: limit, in: query, schema: {type: integer, maximum: 50}}]
      responses: {'204': {description: Nothing.}}
    delete: {operationId: clear, responses: {'204': {description: Nothing.}}}
components:
  parameters:
    Shelf: {name: shelf, in: path, required: true, schema: {type: integer}}
"""


def test_an_operation_overrides_a_parameter_of_its_path(package):
    seen = []
    client = package(SHARED).client(
        handler(look=lambda **kw: seen.append(kw), clear=lambda **kw: seen.append(kw)),
    )
    client.look(1, limit=50)
    with pytest.raises(RequestError):
        client.clear(1, limit=50)

    client.clear(1)
    assert seen == [{"shelf": 1, "limit": 50}, {"shelf": 1, "limit": None}]


BESIDE = """
paths:
  /search:
    get:
      operationId: search
      parameters:
        - {name: open, in: query, schema: {type: object, properties: {x: {type: integer}}}}
        - {name: closed, in: query, schema: {type: object, properties: {y: {type: string}}, additionalProperties: false}}
        - {name: deep, in: query, style: deepObject, explode: true, schema: {type: object, properties: {x: {type: string}}}}
        - {name: 'deep[size]', in: query, schema: {type: integer}}
        - {name: by, in: query, schema: {type: object, patternProperties: {^by-: {type: integer}}, additionalProperties: false}}
        - {name: limit, in: query, schema: {type: integer}}
      responses: {'204': {description: Nothing.}}
  /both:
    get:
      operationId: both
      parameters:
        - {name: one, in: query, schema: {type: object, properties: {x: {type: integer}}}}
        - {name: x, in: query, schema: {type: integer}}
      responses: {'204': {description: Nothing.}}
  /open:
    get:
      operationId: open
      parameters:
        - {name: one, in: query, schema: {type: object, additionalProperties: {type: string}}}
        - {name: two, in: query, schema: {type: object, additionalProperties: {type: string}}}
      responses: {'204': {description: Nothing.}}
"""


def test_objects_spread_over_a_query_leave_each_other_their_names(package):
    made, seen = package(BESIDE), []
    client = made.client(handler(search=lambda **kw: seen.append(kw)))
    values = {
        "open": {"x": 1, "more": "m"},
        "closed": {"y": "z"},
        "deep": {"x": "d", "extra": "e"},
        "deep_size": 9,
        "by": {"by-name": 1},
        "limit": 5,
    }
    client.search(**values)
    assert {name: encode(value) for name, value in seen[0].items()} == values
    client.search(deep_size=2)
    assert {name for name, value in seen[1].items() if value is not None} == {"deep_size"}
    with pytest.raises(RequestError, match="open"):
        client.search(open={"limit": "6"})

    answer = send(
        made.app(handler(search=lambda **kw: seen.append(kw))), "GET", "/search?by-name=2&unknown=3"
    )
    assert answer.status_code == 204
    assert (encode(seen[2]["open"]), seen[2]["by"]) == ({"unknown": "3"}, {"by-name": 2})


PATTERNS = """
paths:
  /patterns:
    get:
      operationId: patterns
      parameters:
        - {name: one, in: query, schema: {type: object, patternProperties: {^n-: {}}, additionalProperties: false}}
        - {name: two, in: query, schema: {type: object, patternProperties: {^n-|^m-: {}}, additionalProperties: false}}
      responses: {'204': {description: Nothing.}}
"""


def test_ambiguous_parameter_value_is_not_sent(package):
    seen = []
    client = package(PATTERNS).client(handler(patterns=lambda **kw: seen.append(kw)))
    client.patterns(two={"m-1": "a"})
    with pytest.raises(RequestError, match="cannot be told from the other parameters"):
        client.patterns(one={"n-1": "a"})
    assert seen == [{"one": None, "two": {"m-1": "a"}}]


def test_parameters_that_share_names_are_a_loss(package):
    assert {(one.operation, one.code) for one in package(BESIDE).made.api.losses} == {
        ("GET /both", "parameter-overlap"),
        ("GET /open", "parameter-overlap"),
    }


SAME_NAME = """
paths:
  /levels:
    get:
      operationId: levels
      parameters:
        - {name: low, in: query, schema: {type: object, properties: {level: {type: integer}, a: {type: integer}}, additionalProperties: false}}
        - {name: high, in: query, schema: {type: object, properties: {level: {type: integer}}, additionalProperties: false}}
      responses: {'204': {description: Nothing.}}
"""


def test_shared_name_is_sent_where_both_have_the_value(package):
    seen = []
    client = package(SAME_NAME).client(handler(levels=lambda **kw: seen.append(encode(kw))))
    client.levels(low={"level": 1, "a": 2}, high={"level": 1})
    client.levels(low={"a": 2})
    assert seen == [
        {"low": {"level": 1, "a": 2}, "high": {"level": 1}},
        {"low": {"a": 2}, "high": None},
    ]
    for values in ({"low": {"level": 1}}, {"low": {"level": 1}, "high": {"level": 2}}):
        with pytest.raises(RequestError, match="cannot be told from the other parameters"):
            client.levels(**values)


CONTENTS = """
paths:
  /notes:
    get:
      operationId: notes
      parameters:
        - {name: note, in: query, content: {text/plain: {schema: {type: string, maxLength: 3}}}}
        - {name: raw, in: header, content: {application/xml: {schema: {type: object}}}}
      responses: {'204': {description: Nothing.}}
"""


def test_content_other_than_json_is_text(package):
    seen = []
    client = package(CONTENTS).client(handler(notes=lambda **kw: seen.append(kw)))
    client.notes(note="a&b", raw="<a/>")
    assert seen == [{"note": "a&b", "raw": "<a/>"}]
    with pytest.raises(RequestError):
        client.notes(note="long")


@pytest.mark.parametrize(
    "media_type",
    ["text/json", "application/x-json", "application/vnd.tide.json", "Application/JSON;v=1"],
)
def test_content_in_each_spelling_of_json_is_a_value(package, media_type):
    made = package(f"""
components:
  schemas: {{Point: {{type: object, required: [x], properties: {{x: {{type: integer}}}}}}}}
paths:
  /tides:
    get:
      operationId: tides
      parameters:
        - name: near
          in: query
          content: {{'{media_type}': {{schema: {{$ref: '#/components/schemas/Point'}}}}}}
      responses: {{'204': {{description: Nothing.}}}}
""")
    seen = []
    client = made.client(handler(tides=lambda **kw: seen.append(kw)))
    client.tides(near={"x": 1})
    assert seen == [{"near": made.models.Point(x=1)}]
    assert made.made.api.losses == ()


def test_query_takes_text_or_list(package):
    schema = "{anyOf: [{type: string}, {type: array, items: {type: string}}]}"
    made = package(f"""
paths:
  /u:
    get:
      operationId: find
      parameters: [{{name: words, in: query, schema: {schema}}}]
      responses: {{'204': {{description: Found.}}}}
""")
    received = []

    def find(words):
        received.append(words)

    client = made.client(handler(find=find))
    for words in ("x", ["x", "y"], ["x"]):
        client.find(words=words)

    # A list of one looks like the text on the wire, so it arrives as the text.
    assert received == ["x", ["x", "y"], "x"]


def test_query_takes_list_beside_open_object(package):
    made = package("""
paths:
  /tides:
    get:
      operationId: listTides
      parameters:
        - {name: o, in: query, schema: {oneOf: [{type: object, properties: {a: {type: integer}}}, {type: array, items: {type: string}}]}}
      responses: {'204': {description: They.}, '400': {description: Refused.}}
""")
    seen = []

    def list_tides(o):
        seen.append(o)

    answers = handler(list_tides=list_tides)
    made.client(answers).list_tides(o=["x", "y"])
    assert seen == [["x", "y"]]
    # Of a name that is no item of the list, twice is no object either.
    assert send(made.app(answers), "GET", "/tides?z=1&z=2").status_code == 400


def test_header_takes_lines_of_a_list(package):
    made = package("""
paths:
  /tides:
    get:
      operationId: listTides
      parameters:
        - {name: X-Day, in: header, schema: {anyOf: [{type: integer}, {type: array, items: {type: integer}}]}}
      responses: {'204': {description: They.}, '400': {description: Refused.}}
""")
    seen = []

    def list_tides(x_day):
        seen.append(x_day)

    app = made.app(handler(list_tides=list_tides))
    for lines in ([("X-Day", "1")], [("X-Day", "1"), ("X-Day", "2")]):
        assert send(app, "GET", "/tides", headers=lines).status_code == 204
    assert seen == [1, [1, 2]]


FRAMED = """
paths:
  /notes:
    post:
      operationId: addNote
      parameters:
        - {name: Host, in: header, schema: {type: string}}
        - {name: Content-Length, in: header, schema: {type: integer}}
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {'204': {description: Added.}}
"""


def test_headers_of_the_message_are_no_arguments(package):
    made, received = package(FRAMED), []

    def add_note(body):
        received.append(body)

    client = made.client(handler(add_note=add_note))
    client.add_note({"a": 1})
    client.with_options(headers={"Host": "quay.example"}).add_note({"a": 2})
    client.with_options(headers={"Content-Length": "7"}).add_note({"a": 3})
    assert received == [{"a": 1}, {"a": 2}, {"a": 3}]

    with pytest.raises(RequestError, match="must be 7, the number of bytes"):
        client.with_options(headers={"Content-Length": "8"}).add_note({"a": 4})


TUPLES = """
paths:
  /maps:
    post:
      operationId: drawMap
      parameters:
        - {name: box, in: query, required: true, schema: {type: array, prefixItems: [{type: number}, {type: string}], items: false}}
        - {name: X-Range, in: header, schema: {type: array, prefixItems: [{type: string, format: date}], items: {type: integer}}}
      requestBody:
        required: true
        content:
          multipart/form-data: {schema: {$ref: '#/components/schemas/Map'}}
      responses: {'204': {description: Drawn.}, '400': {description: Bad.}}
components:
  schemas:
    Map: {type: object, properties: {pair: {type: array, prefixItems: [{type: integer}, {type: string}], items: false}}}
"""


def test_items_of_tuples_have_their_own_types(package):
    made, received = package(TUPLES), []

    def draw_map(body, **others):
        received.append({"pair": body.pair, **others})

    sent = {"box": [1.5, "2"], "x_range": [date(2026, 1, 2), 3]}
    made.client(handler(draw_map=draw_map)).draw_map(made.models.Map(pair=[1, "2"]), **sent)
    assert received == [{"pair": [1, "2"], **sent}]

    app = made.app(handler(draw_map=draw_map))
    form = {"files": {"pair": (None, "1")}}
    for query, status in (("box=1&box=2", 204), ("box=x", 400), ("box=1&box=2&box=3", 400)):
        assert send(app, "POST", f"/maps?{query}", **form).status_code == status


EMPTY = """
paths:
  /tides:
    get:
      operationId: findTides
      parameters:
      - {name: open, in: query, allowEmptyValue: true, schema: {type: boolean}}
      - {name: order, in: query, allowEmptyValue: true, schema: {$ref: '#/components/schemas/Order'}}
      - {name: text, in: query, allowEmptyValue: true, schema: {type: string}}
      - {name: depth, in: query, schema: {type: integer}}
      responses: {'204': {description: Done.}}
components: {schemas: {Order: {enum: [up, down]}}}
"""


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("open=&order", {"open": "", "order": ""}),
        ("open=true&order=up&text=", {"open": True, "order": "up", "text": ""}),
        ("open=maybe", None),
        ("order=left", None),
        ("depth=", None),
    ],
)
def test_empty_values_are_read_where_allowed(made_once, query, arguments):
    received = []
    app = made_once(EMPTY).app(handler(find_tides=lambda **found: received.append(found)))
    answer = send(app, "GET", f"/tides?{query}")

    found = [{name: item for name, item in each.items() if item is not None} for each in received]
    assert found == ([] if arguments is None else [arguments])
    assert answer.status_code == (400 if arguments is None else 204)


def test_empty_values_are_sent_where_allowed(made_once):
    made, received = made_once(EMPTY), []
    client = made.client(handler(find_tides=lambda **found: received.append(found)))
    client.find_tides(open="", order="")
    assert (received[0]["open"], received[0]["order"]) == ("", "")


ALIKE = """
paths:
  /tides:
    get:
      operationId: find
      parameters: [PARAMETERS]
      responses: {'204': {description: Nothing.}}
"""
NAMES = {
    "id": "id",
    "ID": "ID",
    "Id": "Id",
    "id[]": "id_list",
    "a_b": "a_b",
    "a.b": "a_dot_b",
    "a-b": "a_dash_b",
    "a b": "a_space_b",
    "page_size": "page_size",
    "pageSize": "page_size_query",
    "page[size]": "page_bracket_size",
    "t": "t",
    "t+": "t_plus",
    "t-": "t_minus",
    "!": "exclamation",
    "-": "dash",
}


def test_signs_and_spelling_tell_names_apart_before_numbers_do(package):
    parameters = ", ".join(f"{{name: '{name}', in: query, schema: {{}}}}" for name in NAMES)
    made = package(ALIKE.replace("PARAMETERS", parameters))
    signature = inspect.signature(made.module.MadeClient.find)
    assert [name for name in signature.parameters if name != "self"] == list(NAMES.values())


OBJECT_OR_NUMBER = """
paths:
  /at/{place}:
    get:
      operationId: send
      parameters:
        - {name: place, in: path, required: true, schema: {anyOf: [&point {type: object, properties: {x: {type: integer}}}, {type: integer}]}}
        - {name: X-From, in: header, schema: {anyOf: [*point, {type: integer}, {type: 'null'}]}}
      responses: {'200': {description: Both., content: {application/json: {schema: {type: array}}}}}
"""


def test_number_where_an_object_is_allowed_too_arrives(package):
    made = package(OBJECT_OR_NUMBER)
    app = made.app(handler(send=lambda place, x_from: encode([place, x_from])))
    client = made.client(handler(send=lambda place, x_from: encode([place, x_from])))
    assert client.send(5, x_from=7) == [5, 7]
    assert client.send({"x": 1}, x_from={"x": 2}) == [{"x": 1}, {"x": 2}]
    assert send(app, "GET", "/at/5", headers={"X-From": "null"}).json() == [5, None]
    assert send(app, "GET", "/at/x", headers={"X-From": "7"}).status_code == 400
