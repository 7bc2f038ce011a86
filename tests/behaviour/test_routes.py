"""Where a request goes: below the paths of servers, and to one of several operations that it may be meant for."""

from __future__ import annotations

from typing import Any

import pytest
from tests.packages import handler, send

ROUTES = """
servers:
  - {url: 'https://files.example/2.0'}
  - url: 'https://{region}.files.example/{stage}/api'
    variables: {region: {default: eu}, stage: {default: live, enum: [live, test]}}
security: []
paths:
  /files/{id}:
    put:
      operationId: rename
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}}
      responses: {'204': {description: Renamed.}}
  /files/{id}#link:
    put:
      operationId: link
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [link], properties: {link: {type: string}}}}}}
      responses: {'204': {description: Linked.}}
  /files/latest:
    get: {operationId: latest, responses: {'204': {description: Here.}}}
  /{kind}/today:
    get:
      operationId: today
      parameters: [{name: kind, in: path, required: true, schema: {enum: [files, folders]}}]
      responses: {'204': {description: Here.}}
  /folders/{no}:
    get:
      operationId: folder
      parameters: [{name: no, in: path, required: true, schema: {type: integer}}]
      responses: {'204': {description: Here.}}
"""


@pytest.fixture(scope="module")
def routes(made_once):
    return made_once(ROUTES)


def called(made, method: str, path: str, options: dict[str, Any] | None = None, **request: Any):
    """The status, and the operation that a request reached or the text of the reply."""
    seen: list[str] = []

    def noting(name: str):
        return lambda **_: seen.append(name)

    names = ("rename", "link", "latest", "today", "folder")
    app = made.module.create_app(handler(**{name: noting(name) for name in names}), **options or {})
    reply = send(app, method, path, **request)
    return reply.status_code, seen[0] if seen else reply.text


@pytest.mark.parametrize(
    "path",
    ["/files/latest", "/2.0/files/latest", "/live/api/files/latest", "/test/api/files/latest"],
)
def test_paths_of_servers_are_served(routes, path):
    assert called(routes, "GET", path) == (204, "latest")


TENANTS = """
servers:
  - url: 'https://tides.example/{tenant}/v{version}/{stage}'
    variables: {tenant: {default: demo}, version: {default: '1'}, stage: {default: live, enum: [live, test]}}
security: []
paths:
  /files/latest:
    get: {operationId: latest, responses: {'204': {description: Here.}}}
"""


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/demo/v1/live/files/latest", 204),
        ("/ac%2Fme/v1/test/files/latest", 204),
        ("/acme/v2.1/live/files/latest", 204),
        ("/acme/v/live/files/latest", 404),
        ("/acme/2/live/files/latest", 404),
        ("/acme/v2/other/files/latest", 404),
        ("//v2/live/files/latest", 404),
        ("/acme/v2/live", 404),
    ],
)
def test_variable_without_values_is_any_text(made_once, path, status):
    assert called(made_once(TENANTS), "GET", path)[0] == status


RELATIVE = """
servers: [{url: ../up}, {url: ./v1}, {url: v2/}, {url: /a/../b}, {url: 'https://tides.example/c/./d'}, {url: .}]
security: []
paths:
  /files/latest:
    get: {operationId: latest, responses: {'204': {description: Here.}}}
"""


@pytest.mark.parametrize("base", ["", "/up", "/v1", "/v2", "/b", "/c/d"])
def test_relative_servers_begin_at_the_root(made_once, base):
    assert called(made_once(RELATIVE), "GET", f"{base}/files/latest") == (204, "latest")


def test_base_paths_can_be_chosen(routes):
    options = {"base_paths": ["/mine/"]}
    assert called(routes, "GET", "/mine/files/latest", options) == (204, "latest")
    assert called(routes, "GET", "/2.0/files/latest", options)[0] == 404


def test_unknown_path_names_the_paths_served(routes):
    status, text = called(routes, "GET", "/2.0/file/latest")
    assert (status, "/files/latest" in text, "/2.0" in text) == (404, True, True)


@pytest.mark.parametrize(
    ("body", "outcome"), [({"name": "a"}, (204, "rename")), ({"link": "a"}, (204, "link"))]
)
def test_body_chooses_between_paths_with_fragments(routes, body, outcome):
    assert called(routes, "PUT", "/files/7", json=body) == outcome


def test_first_of_several_operations_says_why_it_refuses(routes):
    status, text = called(routes, "PUT", "/files/7", json={})
    assert (status, "'name' is required" in text) == (400, True)


@pytest.mark.parametrize(
    ("path", "name"),
    [("/folders/today", "today"), ("/folders/3", "folder"), ("/files/today", "today")],
)
def test_parameters_choose_between_paths_that_meet(routes, path, name):
    assert called(routes, "GET", path) == (204, name)


def test_templated_counterpart_of_a_path_is_not_tried(routes):
    assert called(routes, "PUT", "/files/latest", json={"name": "a"})[0] == 405


def test_client_sends_no_fragment(routes):
    seen: list[Any] = []
    client = routes.client(handler(link=lambda **kw: seen.append((kw["id"], kw["body"].link))))
    client.link("7", routes.models.LinkRequest(link="a"))
    assert seen == [("7", "a")]


def test_unknown_option_of_a_server_is_an_error(routes):
    with pytest.raises(TypeError, match="did you mean 'authenticate'"):
        routes.module.create_app(handler(), authentication=lambda _: False)


QUERIES = """
paths:
  /tides: {get: {operationId: all, responses: {'204': {description: They.}}}}
  /tides?day=1: {get: {operationId: first, responses: {'204': {description: They.}}}}
  /tides?day=2: {get: {operationId: second, responses: {'204': {description: They.}}}}
  /tides?day=2&low: {get: {operationId: low, responses: {'204': {description: They.}}}}
"""


@pytest.fixture(scope="module")
def queries(made_once):
    return made_once(QUERIES)


@pytest.mark.parametrize(
    ("query", "name"),
    [("", "all"), ("day=1", "first"), ("day=2", "second"), ("day=2&low", "low"), ("day=3", "all")],
)
def test_query_in_a_path_chooses_the_operation_that_demands_it(queries, query, name):
    seen = []
    names = ("all", "first", "second", "low")
    methods = {name: lambda name=name, **_: seen.append(name) for name in names}
    assert send(queries.app(handler(**methods)), "GET", f"/tides?{query}").status_code == 204
    assert seen == [name]


def test_query_in_a_path_is_told_where_it_tells_operations_apart(queries):
    messages = [item.message for item in queries.made.repairs]
    assert messages == [
        f"/tides?{query} is read as /tides with the query parameters {query}."
        " They tell it from the other operations at /tides."
        for query in ("day=1", "day=2", "day=2&low")
    ]
