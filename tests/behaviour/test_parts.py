"""Multipart bodies: lists in one part by their style, and parts that alternatives read otherwise."""

from __future__ import annotations

import pytest
from tests.packages import handler, send

from bothends.runtime import File
from bothends.runtime.errors import RequestError
from bothends.runtime.models.encoding import encode

LISTS = """
paths:
  /labels:
    post:
      operationId: label
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                comma: {type: array, items: {type: string}}
                pipe: {type: array, items: {type: integer}}
                space: {type: array, items: {type: string}}
                each: {type: array, items: {type: string}}
                exploded: {type: array, items: {type: string}}
                typed: {type: array, items: {type: string}}
                nested: {type: array, items: {type: object}}
                files: {type: array, items: {type: string, format: binary}}
            encoding:
              comma: {style: form, explode: false}
              pipe: {style: pipeDelimited}
              space: {style: spaceDelimited, explode: false}
              each: {style: form}
              exploded: {style: pipeDelimited, explode: true}
              typed: {explode: false, contentType: application/json}
              nested: {explode: false}
              files: {style: form, explode: false}
      responses: {'204': {description: Done.}, '400': {description: Refused.}}
"""
PICTURE = File(b"a,b", "a.png", "image/png")


@pytest.fixture(scope="module")
def labels(made_once):
    return made_once(LISTS)


@pytest.mark.parametrize(
    ("name", "texts", "expected"),
    [
        ("comma", ["a,b"], ["a", "b"]),
        ("comma", ["a"], ["a"]),
        ("pipe", ["1|2"], [1, 2]),
        ("space", ["x y"], ["x", "y"]),
        ("each", ["a,b", "c"], ["a,b", "c"]),
        ("exploded", ["a|b", "c"], ["a|b", "c"]),
        ("typed", ["a,b"], ["a", "b"]),
        ("nested", ['{"a":1}', '{"b":2}'], [{"a": 1}, {"b": 2}]),
    ],
)
def test_list_is_read_and_written_by_its_style(labels, name, texts, expected):
    seen = []
    app = labels.app(handler(label=lambda body: seen.append(getattr(body, name))))
    kind = "application/json" if name == "nested" else "text/plain"
    parts = [(name, (None, text, kind)) for text in texts]
    assert send(app, "POST", "/labels", files=parts).status_code == 204

    with labels.client(None, app=app) as client:
        client.label(labels.models.LabelRequest(**{name: expected}))
    assert seen == [expected, expected]


def test_list_in_one_part_stands_there_once(labels):
    app = labels.app(handler(label=lambda body: None))
    parts = [("comma", (None, "a")), ("comma", (None, "b"))]
    assert send(app, "POST", "/labels", files=parts).status_code == 400


def test_item_with_the_delimiter_is_not_sent(labels):
    with (
        labels.client(handler(label=lambda body: None)) as client,
        pytest.raises(RequestError, match="delimiter"),
    ):
        client.label(labels.models.LabelRequest(comma=["a,b"]))


def test_files_are_a_part_each(labels):
    seen = []
    with labels.client(handler(label=lambda body: seen.append(body.files))) as client:
        client.label(labels.models.LabelRequest(files=[PICTURE, PICTURE]))
    assert seen == [[PICTURE, PICTURE]]


ALTERNATIVES = """
paths:
  /sizes:
    post:
      operationId: setSize
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              oneOf:
              - type: object
                required: [size]
                additionalProperties: false
                properties: {size: {type: integer}, mark: {type: string}, chart: {type: string, format: binary}}
              - type: object
                required: [size, unit]
                properties:
                  size: {type: string}
                  unit: {type: string}
                  mark: {type: array, items: {type: string}}
                  nos: {type: array, items: {type: string}}
              - type: object
                required: [size, nos]
                not: {required: [unit]}
                properties: {nos: {type: array, items: {type: integer}}}
      responses: {'204': {description: Done.}, '400': {description: Refused.}}
"""


@pytest.fixture(scope="module")
def sizes(made_once):
    return made_once(ALTERNATIVES)


def recording(sizes):
    """A server, and the bodies that its handler gets."""
    seen = []

    def set_size(body):
        seen.append(body)

    return sizes.app(handler(set_size=set_size)), seen


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([("size", "5")], {"size": 5}),
        ([("size", "5"), ("mark", "a")], {"size": 5, "mark": "a"}),
        ([("size", "5"), ("unit", "m")], {"size": "5", "unit": "m"}),
        ([("size", "5"), ("unit", "m"), ("mark", "a")], {"size": "5", "unit": "m", "mark": ["a"]}),
        ([("size", "5"), ("unit", "m"), ("nos", "1")], {"size": "5", "unit": "m", "nos": ["1"]}),
        ([("size", "a"), ("nos", "1"), ("nos", "2")], {"size": "a", "nos": [1, 2]}),
    ],
)
def test_alternative_that_fits_tells_what_a_part_is(sizes, parts, expected):
    app, seen = recording(sizes)
    files = [(name, (None, text)) for name, text in parts]
    assert send(app, "POST", "/sizes", files=files).status_code == 204
    assert seen[0].model_dump(exclude_none=True) == expected

    with sizes.client(None, app=app) as client:
        client.set_size(seen[0])
    assert seen[1] == seen[0]


def test_alternative_with_a_file_is_judged_with_it(sizes):
    app, seen = recording(sizes)
    files = [("size", (None, "5")), ("chart", ("a.png", b"\x00", "image/png"))]
    assert send(app, "POST", "/sizes", files=files).status_code == 204
    assert (seen[0].size, seen[0].chart.content) == (5, b"\x00")


def test_parts_of_no_alternative_are_refused(sizes):
    app = sizes.app(handler(set_size=lambda body: None))
    files = [("size", (None, "a")), ("chart", ("a.png", b"", "image/png"))]
    assert send(app, "POST", "/sizes", files=files).status_code == 400


MIXED = """
paths:
  /notes:
    post:
      operationId: addNote
      requestBody:
        required: true
        content:
          multipart/form-data: &media
            schema:
              type: object
              properties:
                either: {oneOf: [{type: string}, {type: array, items: {type: string}}]}
                number: {type: [integer, array, 'null'], items: {type: integer}}
                about: {oneOf: [{type: string}, {type: object, required: [k], properties: {k: {type: integer}}}]}
                listed: {anyOf: [{enum: [all]}, {type: array, items: {type: object, required: [k], properties: {k: {type: integer}}}}]}
      responses: {'204': {description: Done.}, '400': {description: Refused.}}
  /forms:
    post:
      operationId: addForm
      requestBody: {required: true, content: {application/x-www-form-urlencoded: *media}}
      responses: {'204': {description: Done.}, '400': {description: Refused.}}
"""


@pytest.fixture(scope="module")
def mixed(made_once):
    return made_once(MIXED)


@pytest.mark.parametrize("call", ["add_note", "add_form"])
@pytest.mark.parametrize(
    "value",
    [
        *({"either": each} for each in ("a", ["a"], ["a", "b"])),
        *({"number": each} for each in (1, [1], [1, 2])),
    ],
)
def test_text_or_list_arrives_as_it_was_sent(mixed, call, value):
    seen = []

    def keep(body):
        seen.append(body)

    cls = mixed.models.AddNoteRequest if call == "add_note" else mixed.models.AddFormRequest
    with mixed.client(handler(**{call: keep})) as client:
        getattr(client, call)(cls(**value))
    assert [one.model_dump(exclude_none=True) for one in seen] == [value]


@pytest.mark.parametrize(
    "value", [{"about": "a"}, {"about": {"k": 1}}, {"listed": "all"}, {"listed": [{"k": 1}]}]
)
def test_part_is_text_or_json_by_its_value(mixed, value):
    seen = []

    def add_note(body):
        seen.append(body)

    with mixed.client(handler(add_note=add_note)) as client:
        client.add_note(mixed.models.AddNoteRequest.model_validate(value))
    assert [one.model_dump(exclude_none=True) for one in seen] == [value]


SEVERAL = """
paths:
  /trips:
    post:
      operationId: addTrip
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                trip: {type: object, required: [to], properties: {to: {type: string}}}
                legs: {type: array, items: {type: object, properties: {no: {type: integer}}}}
            encoding:
              trip: {contentType: 'application/xml, application/vnd.trip+json'}
              legs: {contentType: 'application/cbor, application/json'}
      responses: {'204': {description: Added.}, '400': {description: Refused.}}
"""


def test_object_is_the_json_among_several_media_types(package):
    trips, seen = package(SEVERAL), []
    app = trips.app(handler(add_trip=lambda body: seen.append(encode(body))))
    trip = {"trip": {"to": "Oslo"}, "legs": [{"no": 1}, {"no": 2}]}
    trips.client(handler(), app=app).add_trip(trips.models.AddTripRequest.model_validate(trip))
    assert seen == [trip]

    json_part = (None, b'{"to":"Oslo"}', "application/vnd.trip+json")
    assert send(app, "POST", "/trips", files={"trip": json_part}).status_code == 204
    xml_part = (None, b"<trip><to>Oslo</to></trip>", "application/xml")
    assert send(app, "POST", "/trips", files={"trip": xml_part}).status_code == 400


REFERRED = """
paths:
  /charts:
    post:
      operationId: addChart
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {type: object, required: [chart], properties: {chart: {type: string, format: binary}}}
            encoding: {chart: {headers: {X-Taken: {$ref: '#/components/headers/Taken'}}}}
      responses: {'204': {description: Done.}, '400': {description: Refused.}}
components:
  headers: {Taken: {required: true, schema: {$ref: '#/components/schemas/Year'}}}
  schemas: {Year: {type: integer, minimum: 2000}}
"""


def test_header_of_a_part_may_be_a_reference(made_once):
    charts = made_once(REFERRED)
    seen = []
    app = charts.app(handler(add_chart=lambda body: seen.append(body.chart)))
    chart = File(b"a", None, "image/png", {"X-Taken": "2020"})
    with charts.client(None, app=app) as client:
        client.add_chart(charts.models.AddChartRequest(chart=chart))
        for headers in ({}, {"X-Taken": "1999"}):
            wrong = File(b"a", None, "image/png", headers)
            with pytest.raises(RequestError, match="header X-Taken"):
                client.add_chart(charts.models.AddChartRequest(chart=wrong))
    assert seen == [chart]
