"""Paths that are one on the wire: they differ in the names of their parameters, or by a fragment."""

from __future__ import annotations

import pytest
from tests.packages import handler, send

from bothends.runtime import RequestError

TWO = """
paths:
  /tides/{day}:
    get:
      operationId: getTide
      parameters: [{name: day, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: It., content: {application/json: {schema: {type: integer}}}}}
  /tides/{name}:
    get:
      operationId: findTide
      parameters: [{name: name, in: path, required: true, schema: {type: string, pattern: '^[a-z]+$'}}]
      responses: {'200': {description: It., content: {application/json: {schema: {type: string}}}}}
    delete:
      operationId: dropTide
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: Gone.}}
"""
FRAGMENTS = """
paths:
  /token:
    post:
      operationId: getToken
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [code], properties: {code: {type: string}}}}}}
      responses: {'204': {description: Done.}}
  /token#refresh:
    post:
      operationId: refreshToken
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [refresh], properties: {refresh: {type: string}}}}}}
      responses: {'204': {description: Done.}}
"""


@pytest.mark.parametrize("order", [1, -1])
def test_one_path_has_the_methods_of_both(package, order: int) -> None:
    head, *items = TWO.split("  /tides")
    made = package(head + "".join(f"  /tides{item}" for item in items[::order]))
    answers = handler(
        get_tide=lambda day: day, find_tide=lambda name: name, drop_tide=lambda name: None
    )
    client = made.client(answers)

    assert client.get_tide(7) == 7
    assert client.find_tide("low") == "low"
    assert client.drop_tide("Low 7") is None

    refused = send(made.app(answers), "PATCH", "/tides/7")
    assert refused.status_code == 405
    assert refused.headers["allow"] == "GET, DELETE, HEAD, OPTIONS"


def test_fragment_tells_operations_apart_by_their_bodies(package) -> None:
    made = package(FRAGMENTS)
    received = []

    def record(body: object) -> None:
        received.append(body)

    client = made.client(handler(get_token=record, refresh_token=record))
    models = made.models

    client.get_token(models.GetTokenRequest(code="a"))
    client.refresh_token(models.RefreshTokenRequest(refresh="b"))
    assert received == [models.GetTokenRequest(code="a"), models.RefreshTokenRequest(refresh="b")]


OTHER_KEYS = """
paths:
  /tides#one: {get: {operationId: one, security: [{one: []}], responses: &any {'204': {description: It.}, '401': {description: Who?}}}}
  /tides#two: {get: {operationId: two, security: [{two: []}], responses: *any}}
components: {securitySchemes: {one: {type: apiKey, in: header, name: X-One}, two: {type: apiKey, in: header, name: X-Two}}}
"""


def test_credentials_tell_operations_of_one_path_apart(package) -> None:
    asked = []
    app = package(OTHER_KEYS).app(
        handler(one=lambda: asked.append("one"), two=lambda: asked.append("two"))
    )
    assert send(app, "GET", "/tides", headers={"X-Two": "a"}).status_code == 204
    assert send(app, "GET", "/tides", headers={"X-One": "a"}).status_code == 204
    assert send(app, "GET", "/tides").status_code == 401
    assert asked == ["two", "one"]


def test_request_that_fits_none_is_refused_as_the_first_says(package) -> None:
    made = package(FRAGMENTS)
    app = made.app(handler())
    refused = send(app, "POST", "/token", json={"other": 1})
    assert refused.status_code == 400
    assert "code" in refused.text


QUERIES = """
paths:
  /tides?kind=low:
    get:
      operationId: lowTides
      responses: {'200': {description: They., content: {text/plain: {schema: {type: string}}}}}
  /tides?kind=high&full:
    parameters: [{name: day, in: query, schema: {type: string}}]
    get:
      operationId: highTides
      responses: {'200': {description: They., content: {text/plain: {schema: {type: string}}}}}
"""


def test_query_of_a_path_tells_operations_apart(package) -> None:
    made = package(QUERIES)
    answers = handler(low_tides=lambda **_: "low", high_tides=lambda **given: str(given["day"]))
    assert made.client(answers).low_tides(kind="low") == "low"
    assert made.client(answers).high_tides(kind="high", full="", day="may") == "may"

    app = made.app(answers)
    assert send(app, "GET", "/tides?kind=low").text == "low"
    assert send(app, "GET", "/tides?kind=high&full=&day=june").text == "june"
    assert send(app, "GET", "/tides?kind=other").status_code == 400


MIXED_QUERY = """
  /tides?kind=spring&day={day}:
    get:
      operationId: springTides
      parameters: [{name: day, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: They., content: {text/plain: {schema: {type: string}}}}}
"""


def test_query_of_a_path_has_constants_and_parameters(package) -> None:
    made = package(QUERIES + MIXED_QUERY.lstrip("\n"))
    answers = handler(
        low_tides=lambda **_: "low", spring_tides=lambda **given: f"spring {given['day'] + 1}"
    )
    assert made.client(answers).spring_tides(kind="spring", day=3) == "spring 4"
    app = made.app(answers)
    assert send(app, "GET", "/tides?kind=low").text == "low"
    assert send(app, "GET", "/tides?day=4&kind=spring").text == "spring 5"
    assert send(app, "GET", "/tides?day=x&kind=spring").status_code == 400


EMPTY = """
paths:
  '':
    get:
      operationId: getAll
      responses: {'200': {description: All., content: {text/plain: {schema: {type: string}}}}}
ROOT
"""
ROOT = """
  /:
    post: {operationId: addOne, responses: {'204': {description: Kept.}}}
"""


def test_empty_path_beside_the_root_is_told(made_once) -> None:
    both = made_once(EMPTY.replace("ROOT", ROOT.replace("post:", "get:")))
    (repair,) = both.made.repairs
    assert repair.message == (
        "The empty path is read as /. Nothing in a request tells GET of both apart: the first answers."
    )


@pytest.mark.parametrize("root", ["", ROOT])
def test_empty_path_is_the_root(package, root) -> None:
    made = package(EMPTY.replace("ROOT", root))
    answers = handler(get_all=lambda: "all", add_one=lambda: None)
    assert made.client(answers).get_all() == "all"
    assert send(made.app(answers), "GET", "/").text == "all"
    assert not root or made.client(answers).add_one() is None


DEPTHS = """
paths:
  /depths/{metres}{unit}:
    get:
      operationId: getDepth
      parameters:
      - {name: metres, in: path, required: true, schema: {type: integer}}
      - {name: unit, in: path, required: true, schema: {enum: [m, ft]}}
      responses: {'200': {description: Both., content: {application/json: {schema: {type: array}}}}}
"""
SEVERAL = (
    DEPTHS
    + """\
  /charts/{name}.{format}:
    get:
      operationId: getChart
      parameters:
      - {name: name, in: path, required: true, schema: {type: string}}
      - {name: format, in: path, required: true, schema: {type: string}}
      responses: {'200': {description: Both., content: {application/json: {schema: {type: array, items: {type: string}}}}}}
  /tides/{day}{place}:
    get:
      operationId: getTide
      parameters:
      - {name: day, in: path, required: true, schema: {type: string}}
      - {name: place, in: path, required: true, schema: {type: string}}
      responses: {'200': {description: Both., content: {application/json: {schema: {type: array}}}}}
"""
)


@pytest.mark.parametrize(
    ("name", "format_"), [("a", "b"), ("a.b", "c"), ("a", "b.c"), ("..", "."), ("a%2Eb.", "c")]
)
def test_parameters_of_one_segment_stay_apart(made_once, name: str, format_: str) -> None:
    made = made_once(SEVERAL)
    client = made.client(handler(get_chart=lambda name, format: [name, format]))  # noqa: A006
    assert client.get_chart(name, format_) == [name, format_]


DIGITS_BETWEEN = """
paths:
  /charts/{name}1234{part}-{sheet}:
    get:
      operationId: getChart
      parameters:
      - {name: name, in: path, required: true, schema: {type: string, minLength: 1}}
      - {name: part, in: path, required: true, schema: {type: string, minLength: 1}}
      - {name: sheet, in: path, required: true, schema: {type: string, minLength: 1}}
      responses: {'200': {description: All., content: {application/json: {schema: {type: array, items: {type: string}}}}}}
"""


@pytest.mark.parametrize("values", [("a", "b", "c"), ("1", "2", "3"), ("a1234b", "c-d", "-")])
def test_digits_between_parameters_separate_them(made_once, values: tuple[str, str, str]) -> None:
    made = made_once(DIGITS_BETWEEN)
    client = made.client(handler(get_chart=lambda name, part, sheet: [name, part, sheet]))
    assert tuple(client.get_chart(*values)) == values


def test_letters_beyond_ascii_in_a_path_are_percent_encoded(made_once) -> None:
    made = made_once(DIGITS_BETWEEN.replace("charts/", "höhe/größe-"))
    answers = handler(get_chart=lambda name, part, sheet: [name, part, sheet])
    assert made.client(answers).get_chart("ä", "b", "c") == ["ä", "b", "c"]
    answer = send(made.app(answers), "GET", "/h%C3%B6he/gr%C3%B6%C3%9Fe-%C3%A41234b-c")
    assert answer.json() == ["ä", "b", "c"]


def test_parameters_that_nothing_separates_are_refused(made_once) -> None:
    made = made_once(SEVERAL)
    client = made.client(
        handler(
            get_depth=lambda metres, unit: [metres, unit],
            get_tide=lambda day, place: [day, place],
        )
    )
    assert client.get_tide("a", "bc") == ["a", "bc"]
    with pytest.raises(RequestError, match="cannot be told from the path parameter beside it"):
        client.get_tide("ab", "c")
    # Their schemas tell these apart.
    assert client.get_depth(12, "m") == [12, "m"]
    assert client.get_depth(120, "ft") == [120, "ft"]


BY_SCHEMA = (
    DEPTHS
    + """\
  /files/{name}.{format}:
    get:
      operationId: getFile
      parameters:
      - {name: name, in: path, required: true, schema: {type: string}}
      - {name: format, in: path, required: true, schema: {enum: [json, tar.gz]}}
      responses: {'200': {description: Both., content: {application/json: {schema: {type: array}}}}}
"""
)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/files/a.json", ["a", "json"]),
        ("/files/a.b.json", ["a.b", "json"]),
        ("/files/a.b.tar.gz", ["a.b", "tar.gz"]),
        ("/files/.a..json", [".a.", "json"]),
        ("/files/a%2Eb.json", ["a.b", "json"]),
        ("/files/a.b.zip", None),
        ("/files/a.tar.", None),
        ("/depths/12m", [12, "m"]),
        ("/depths/120ft", [120, "ft"]),
        ("/depths/12", None),
    ],
)
def test_parameters_of_one_segment_are_split_as_their_schemas_allow(
    made_once, path, values
) -> None:
    made = made_once(BY_SCHEMA)
    app = made.app(
        handler(
            get_file=lambda name, format: [name, format],  # noqa: A006
            get_depth=lambda metres, unit: [metres, unit],
        )
    )
    answer = send(app, "GET", path)
    if values is None:
        assert answer.status_code == 400
    else:
        assert answer.json() == values


ALIKE = """
paths:
  /a/b: {get: {responses: {'200': &one {description: It., content: {application/json: {schema: {type: object, properties: {x: {type: integer}}}}}}}}}
  /a-b: {get: {responses: {'200': *one}}}
  /a_b: {get: {responses: {'200': *one}}}
"""


def test_classes_of_paths_alike_are_told_apart_as_their_methods(made_once) -> None:
    models = made_once(ALIKE).models
    assert {"GetAB200", "GetADashB200", "GetAUnderscoreB200"} <= vars(models).keys()


IN_THE_QUERY = """
paths:
  /tides?kind={kind}&day={day}&late={late}:
    get:
      operationId: listTides
      parameters:
      - {name: kind, in: path, required: true, schema: {enum: [low, high]}}
      - {name: day, in: query, schema: {type: integer}}
      responses: {'200': {description: They., content: {application/json: {schema: {type: array}}}}}
"""


def test_parameters_in_the_query_of_a_path_are_of_the_query(made_once) -> None:
    made = made_once(IN_THE_QUERY)
    client = made.client(handler(list_tides=lambda kind, day, late: [kind, day, late]))
    assert client.list_tides(kind="low", day=5) == ["low", 5, None]
    assert client.list_tides(kind="high", late="yes") == ["high", None, "yes"]
