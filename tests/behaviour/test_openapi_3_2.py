"""What OpenAPI 3.2 adds, at both ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.goldens.cases import FOLDER
from tests.packages import Package, handler, send, write_contract

from bothends.diagnostics import Severity
from bothends.pipeline import validate

TEXT = (FOLDER / "openapi_3_2" / "openapi.yaml").read_text("utf-8")
CONTRACT = TEXT[TEXT.index("openapi:") :]
TOKEN = {"Authorization": "Bearer x"}


@pytest.fixture(scope="module")
def tides(made_once: Callable[[str], Package]) -> Package:
    return made_once(CONTRACT)


def test_the_contract_is_legal(tmp_path: Path) -> None:
    checked = validate(write_contract(tmp_path, CONTRACT))
    assert checked.repairs == ()
    assert not [found for found in checked.findings if found.severity is Severity.ERROR]


def test_the_method_query_has_a_body(tides: Package) -> None:
    client = tides.client(handler(find_tides=lambda body: [{"kind": body.text}]), device="x")
    assert client.find_tides({"text": "spring"})[0].kind == "spring"

    app = tides.app(handler(find_tides=lambda body: []))
    assert send(app, "QUERY", "/tides", headers=TOKEN, json={"text": 1}).status_code == 400


def test_additional_methods_are_operations(tides: Package) -> None:
    received: list[str] = []

    def keep(to: str) -> None:
        received.append(to)

    client = tides.client(handler(copy_tides=keep), device="x")
    client.copy_tides(to="north")
    assert received == ["north"]

    app = tides.app(handler(copy_tides=keep))
    assert send(app, "COPY", "/tides?to=south", headers=TOKEN).status_code == 204
    assert send(app, "COPY", "/tides", headers=TOKEN).status_code == 400
    assert "COPY" in send(app, "GET", "/tides", headers=TOKEN).headers["allow"]


def test_a_query_string_is_one_value(tides: Package) -> None:
    client = tides.client(handler(search_tides=lambda search, session: search or {}), device="x")
    found = client.search_tides(search={"day": 3, "kinds": ["a", "b"]})
    assert (found.day, found.kinds) == (3, ["a", "b"])

    app = tides.app(handler(search_tides=lambda search, session: search or {}))
    answer = send(app, "GET", "/tides/search?day=3&kinds=a&kinds=b", headers=TOKEN)
    assert answer.json() == {"day": 3, "kinds": ["a", "b"]}
    assert send(app, "GET", "/tides/search?day=x", headers=TOKEN).status_code == 400


QUERY_STRINGS = """openapi: 3.2.0
info: {title: Made, version: '1'}
paths:
  /tides:
    get:
      operationId: findTides
      parameters:
      - name: where
        in: querystring
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [day]
              properties: {day: {type: integer, minimum: 1}, ports: {type: array, items: {type: string}}}
      responses: {'200': {description: Found., content: {application/json: {schema: {type: object}}}}}
  /select:
    get:
      operationId: selectTides
      parameters: [{name: path, in: querystring, content: {application/jsonpath: {schema: {type: string}}}}]
      responses: {'200': {description: Found., content: {text/plain: {schema: {type: string}}}}}
"""


def test_query_string_in_a_media_type_arrives(made_once: Callable[[str], Package]) -> None:
    package = made_once(QUERY_STRINGS)
    assert package.made.api.losses == ()
    methods = handler(find_tides=lambda where: where, select_tides=lambda path: path or "all")
    client, app = package.client(methods), package.app(methods)

    where = {"day": 2, "ports": ["a&b=c+d", "ü #?"]}
    assert client.find_tides(where=where) == where
    assert client.select_tides(path="$.a[1:2] + b") == "$.a[1:2] + b"
    assert client.select_tides() == "all"

    # As the standard shows them (OpenAPI 3.2 §4.12.6), and with what a query may hold as it is.
    assert send(app, "GET", "/tides?%7B%22day%22%3A3%7D").json() == {"day": 3}
    assert send(app, "GET", "/tides?{%22day%22:3,%22a%22:%22b=c%22}").json()["a"] == "b=c"
    assert send(app, "GET", "/select?%24.a.b%5B1:1%5D").text == "$.a.b[1:1]"


@pytest.mark.parametrize("query", ["", "?", "?%7B%22day%22%3A0%7D", "?day=1", "?%7B", "?%ff"])
def test_query_string_is_held_to_its_schema(
    made_once: Callable[[str], Package], query: str
) -> None:
    app = made_once(QUERY_STRINGS).app(handler(find_tides=lambda where: where))
    answer = send(app, "GET", f"/tides{query}")
    assert answer.status_code == 400
    assert "quer" in answer.text


def test_cookies_of_style_cookie_are_raw(tides: Package) -> None:
    echo = handler(search_tides=lambda search, session: {"session": session})
    assert tides.client(echo, device="x").search_tides(session="a%2F/b").session == "a%2F/b"

    headers = {**TOKEN, "Cookie": "session=a%2Fb"}
    assert send(tides.app(echo), "GET", "/tides/search", headers=headers).json() == {
        "session": "a%2Fb"
    }


def test_streams_are_described_by_their_items(tides: Package) -> None:
    client = tides.client(handler(stream_tides=lambda: [{"kind": "a"}, {"kind": "b"}]), device="x")
    assert [tide.kind for tide in client.stream_tides()] == ["a", "b"]

    app = tides.app(handler(stream_tides=lambda: [{"kind": "a"}]))
    assert send(app, "GET", "/tides/live", headers=TOKEN).text == '{"kind":"a"}\n'


def test_an_unmapped_value_is_of_the_default(tides: Package) -> None:
    client = tides.client(
        handler(find_tides=lambda body: [{"kind": "neap"}, {"kind": "spring"}, {}]), device="x"
    )
    found = client.find_tides({})
    assert [type(tide).__name__ for tide in found] == ["Other", "Spring", "Other"]


def test_servers_have_names(tides: Package) -> None:
    assert [server.name for server in tides.made.api.servers] == ["live"]


def test_older_versions_do_not_have_the_fields(tmp_path: Path) -> None:
    findings = validate(
        write_contract(
            tmp_path,
            "openapi: 3.1.0\ninfo: {title: Made, version: '1'}\n"
            "paths: {/t: {query: {operationId: q, responses: {'200': {description: Q.}}}}}\n",
        )
    ).findings
    assert "repaired-stray-field" in [finding.code for finding in findings]


FORM_QUERIES = """openapi: 3.2.0
info: {title: Made, version: '1'}
components:
  securitySchemes: {key: {type: apiKey, in: query, name: key}}
paths:
  /tides:
    get:
      operationId: findTides
      security: [{key: []}]
      parameters:
      - name: where
        in: querystring
        content:
          application/x-www-form-urlencoded:
            encoding: {ports: {explode: false}, span: {style: deepObject, explode: true}}
            schema:
              type: object
              required: [near]
              properties:
                near: {type: object, required: [x], properties: {x: {type: integer}, names: {type: array, items: {type: string}}}}
                ports: {type: array, items: {type: string}}
                span: {type: object, properties: {from: {type: integer}}}
                rows: {type: array, items: {type: object, properties: {id: {type: integer}}}}
              additionalProperties: {type: integer}
      responses: {'200': {description: Found., content: {application/json: {schema: {}}}}}
"""
NEAR = {"near": {"x": 1, "names": ["a&b", "ü+"]}}


@pytest.mark.parametrize(
    "value",
    [
        NEAR,
        {**NEAR, "ports": ["a", "b"]},
        {**NEAR, "span": {"from": 3}},
        {**NEAR, "rows": [{"id": 1}, {"id": 2}], "more": 5},
    ],
)
def test_query_string_that_is_a_form_has_objects(
    made_once: Callable[[str], Package], value: dict[str, object]
) -> None:
    package = made_once(FORM_QUERIES)
    assert not package.made.repairs
    assert not package.made.api.losses
    echo = handler(find_tides=lambda where: where)
    assert package.client(echo, key="k&=").find_tides(where=value) == value


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("key=k&near=%7B%22x%22:1%7D&ports=a,b", {"near": {"x": 1}, "ports": ["a", "b"]}),
        ("near=%7B%22x%22:1%7D&span[from]=2&key=k", {"near": {"x": 1}, "span": {"from": 2}}),
        ("key=k", None),
        ("", 401),
        ("key=k&near=%7B%22x%22:%221%22%7D", 400),
        ("key=k&ports=a", 400),
        ("key=k&near=1", 400),
        ("key=k&near=%7B%22x%22:1%7D&more=a", 400),
        ("key=k&near=%7B%22x%22:1%7D&near=%7B%22x%22:1%7D", 400),
        ("key=k&near=%ff", 400),
    ],
)
def test_form_of_a_query_string_is_held_to_its_schema(
    made_once: Callable[[str], Package], query: str, value: object
) -> None:
    app = made_once(FORM_QUERIES).app(handler(find_tides=lambda where=None: where))
    answer = send(app, "GET", f"/tides?{query}")
    assert (answer.status_code if isinstance(value, int) else answer.json()) == value


def test_required_form_of_a_query_string_may_be_empty(
    made_once: Callable[[str], Package],
) -> None:
    text = FORM_QUERIES.replace("required: [near]", "").replace(
        "in: querystring", "in: querystring\n        required: true"
    )
    package = made_once(text.replace("security: [{key: []}]", ""))
    assert package.client(handler(find_tides=lambda where: where)).find_tides(where={}) == {}
