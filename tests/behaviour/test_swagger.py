"""A contract of Swagger 2.0: both ends, and findings at its own lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.goldens.cases import FOLDER
from tests.packages import Package, make, send, write_contract

from bothends import ir
from bothends.diagnostics import Severity
from bothends.pipeline import validate
from bothends.runtime.transfer.file import File

HEAD = "swagger: '2.0'\ninfo: {title: Made, version: '1'}\n"
TIDES = (
    (FOLDER / "swagger_2_0" / "openapi.yaml").read_text("utf-8").replace("Swagger Tides", "Made")
)
LISTS = {
    "days": ([1, 2], "days=1,2"),
    "kinds": (["a", "b"], "kinds=a&kinds=b"),
    "spots": (["a", "b"], "spots=a%20b"),
    "marks": (["a", "b"], "marks=a%09b"),
    "lines": (["a", "b"], "lines=a%7Cb"),
}


@pytest.fixture(scope="module")
def tides(made_once: Callable[[str], Package]) -> Package:
    return made_once(TIDES[TIDES.index("swagger:") :])


class Recorder:
    """A handler that keeps the arguments of each call."""

    def __init__(self, **replies: Any) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.replies = replies

    def __getattr__(self, name: str) -> Any:
        def method(*arguments: Any, **named: Any) -> Any:
            self.calls.append((name, arguments, named))
            return self.replies[name]

        return method


@pytest.mark.parametrize("name", LISTS)
def test_each_collection_format_arrives(tides: Package, name: str) -> None:
    value, query = LISTS[name]
    recorder = Recorder(list_tides=[])
    client = tides.client(recorder, key="secret")
    assert client.list_tides("north", **{name: value}) == []
    assert recorder.calls[0][2][name] == value

    headers = {"X-Key": "secret"}
    path = f"/v1/harbours/north/tides?{query}"
    assert send(tides.app(recorder), "GET", path, headers=headers).status_code == 200
    assert recorder.calls[1][2][name] == value


def test_lists_in_headers_keep_their_delimiter(tides: Package) -> None:
    recorder = Recorder(list_tides=[])
    client = tides.client(recorder, key="secret")
    client.list_tides("north", x_trail=["a", "b"])
    assert recorder.calls[0][2]["x_trail"] == ["a", "b"]

    app = tides.app(recorder)
    headers = {"X-Key": "secret", "X-Trail": "a|b"}
    send(app, "GET", "/harbours/north/tides", headers=headers)
    assert recorder.calls[1][2]["x_trail"] == ["a", "b"]


def test_empty_values_are_legal_where_allowed(tides: Package) -> None:
    app, headers = tides.app(Recorder(list_tides=[])), {"X-Key": "secret"}
    path = "/harbours/north/tides"
    assert send(app, "GET", f"{path}?limit=", headers=headers).status_code == 200
    assert send(app, "GET", f"{path}?limit=0", headers=headers).status_code == 400
    assert send(app, "GET", f"{path}?days=x", headers=headers).status_code == 400


def test_a_body_is_judged_by_its_schema(tides: Package) -> None:
    app = tides.app(Recorder(add_tide={"id": 1, "kind": "spring"}))
    login = {"Authorization": "Basic YTpi"}
    path = "/harbours/north/tides"
    assert send(app, "POST", path, headers=login, json={"kind": "spring"}).status_code == 201
    assert send(app, "POST", path, headers=login, json={}).status_code == 400
    null = {"kind": "spring", "level": None, "mood": None, "harbour": None}
    assert send(app, "POST", path, headers=login, json=null).status_code == 201
    assert send(app, "POST", path, headers=login, json={**null, "mood": "x"}).status_code == 400


def test_files_and_fields_of_forms_arrive(tides: Package) -> None:
    recorder = Recorder(add_chart=None, rename_chart="new", get_chart=b"\x00\x01")
    client = tides.client(recorder, key="secret")
    client.add_chart({"chart": File(b"\x00", "a.bin"), "tags": ["a", "b"]})
    body = recorder.calls[0][2]["body"]
    assert body.chart.content == b"\x00"
    assert body.tags == ["a", "b"]

    form = {"data": {"tags": "a,b"}, "files": {"chart": b"x"}}
    send(tides.app(recorder), "POST", "/charts", headers={"X-Key": "secret"}, **form)
    assert recorder.calls.pop()[2]["body"].tags == ["a", "b"]

    assert client.rename_chart("old", {"to": "new", "aliases": ["a", "b"]}) == "new"
    assert recorder.calls[1][2]["body"].aliases == ["a", "b"]
    assert client.get_chart("old") == b"\x00\x01"


def test_form_fields_use_their_collection_format(tides: Package) -> None:
    recorder = Recorder(rename_chart="new")
    app, headers = tides.app(recorder), {"X-Key": "secret"}
    form = {"content-type": "application/x-www-form-urlencoded", **headers}
    send(app, "PUT", "/charts/x", headers=form, content=b"to=y&aliases=a%7Cb")
    assert recorder.calls[0][2]["body"].aliases == ["a", "b"]


def test_servers_come_from_host_and_schemes(tides: Package) -> None:
    servers = [server.url for server in tides.made.api.servers]
    assert servers == ["https://tides.example/v1", "http://tides.example/v1"]


def test_responses_have_their_media_types(tides: Package) -> None:
    app, headers = tides.app(Recorder(rename_chart="new")), {"X-Key": "secret"}
    answer = send(app, "PUT", "/charts/x", headers=headers, data={"to": "new"})
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text == "new"


def test_a_refusal_in_unread_text_says_why(tides: Package) -> None:
    headers = {"X-Key": "secret"}
    answer = send(tides.app(Recorder()), "PUT", "/charts/x", headers=headers, data={"from": "x"})
    assert answer.status_code == 400
    assert "to" in answer.text


def test_findings_are_at_lines_of_the_text(tmp_path: Path) -> None:
    contract = HEAD + (
        "paths:\n"
        "  /tides:\n"
        "    get:\n"
        "      operationId: listTides\n"
        "      parameters:\n"
        "        - {name: lists, in: query, type: array, items: {type: string}, collectionFormat: pipe}\n"
        "        - {name: tide, in: body, schema: {type: object, properties: {a: {type: strin}}}}\n"
        "      responses:\n"
        "        '200':\n"
        "          description: Fine.\n"
        "          schema: {$ref: '#/definitions/Gone'}\n"
        "definitions:\n"
        "  Tide: {type: object, default: {level: x}, properties: {level: {type: number}}}\n"
    )
    findings = validate(write_contract(tmp_path, contract)).findings
    lines = {finding.code: finding.location.line for finding in findings if finding.location}
    assert lines["repaired-collection-format"] == 8
    assert lines["repaired-type-spelling"] == 9
    assert lines["dangling-reference"] == 13
    assert lines["default-invalid"] == 15


def test_a_legal_contract_has_no_repairs(tmp_path: Path) -> None:
    checked = validate(write_contract(tmp_path, TIDES[TIDES.index("swagger:") :]))
    assert [finding.code for finding in checked.repairs] == []
    assert all(finding.severity is not Severity.ERROR for finding in checked.findings)


def test_names_stay_when_the_contract_moves_to_openapi_3(tmp_path: Path) -> None:
    old = HEAD + (
        "produces: [application/json]\n"
        "paths: {/t: {get: {operationId: getT, responses: {'200': {description: T., schema: "
        "{$ref: '#/definitions/Tide'}}}}}}\n"
        "definitions: {Tide: {type: object, properties: {a: {type: string}}}}\n"
    )
    new = (
        "openapi: 3.0.3\ninfo: {title: Made, version: '1'}\n"
        "paths: {/t: {get: {operationId: getT, responses: {'200': {description: T., content: "
        "{application/json: {schema: {$ref: '#/components/schemas/Tide'}}}}}}}}\n"
        "components: {schemas: {Tide: {type: object, properties: {a: {type: string}}}}}\n"
    )
    assert make(tmp_path / "old", old).lock == make(tmp_path / "new", new).lock


def test_a_body_is_one_and_no_form(tmp_path: Path) -> None:
    contract = HEAD + (
        "consumes: [application/json, multipart/form-data]\n"
        "paths:\n"
        "  /tides:\n"
        "    post:\n"
        "      operationId: addTide\n"
        "      parameters:\n"
        "        - {name: tide, in: body, schema: {type: object, properties: {a: {type: string}}}}\n"
        "        - {name: note, in: formData, type: string}\n"
        "      responses: {'204': {description: Kept.}}\n"
    )
    made = make(tmp_path, contract)
    (operation,) = made.api.operations
    assert not isinstance(operation.body, ir.NoBody)
    assert [content.wire_name for content in operation.body.contents] == ["application/json"]
    lines = {finding.code: finding.location.line for finding in made.findings if finding.location}
    assert lines["left-out-parameter"] == 10


@pytest.mark.parametrize(
    "parameter",
    ["5", "[]", "{name: [a], in: query}", "{name: a, in: {}}", "{in: formData}", "{$ref: 5}"],
)
def test_a_wrong_parameter_is_a_finding(tmp_path: Path, parameter: str) -> None:
    contract = HEAD + (
        f"paths: {{/t: {{get: {{operationId: getT, parameters: [{parameter}], "
        "responses: {'204': {description: T.}}}}}\n"
        "securityDefinitions: {app: {type: oauth2, flow: {}}}\n"
    )
    findings = validate(write_contract(tmp_path, contract)).findings
    assert findings
    assert "internal-error" not in [finding.code for finding in findings]
