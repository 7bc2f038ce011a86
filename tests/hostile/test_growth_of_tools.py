"""What reads recordings, stand-ins, journals, state and two contracts takes time that grows with them.

Four times the input: linear work costs 4 times as much, quadratic work 16 times.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bothends.check.handler import Interface, check_handler
from bothends.check.stand_in import StandIn
from bothends.diff import compare, without_unchanged
from bothends.load import Document, parse_document
from bothends.prove.oracle.form import judge_form
from bothends.prove.oracle.requests import judge_body, judge_parameters
from bothends.prove.oracle.yaml_text import read_yaml_value
from bothends.record import Exchange, Judge, Masking, Recorder, suggestions
from bothends.runtime.schema.contract import Contract
from bothends.runtime.stand_in import State
from bothends.write import recover
from bothends.write.journal import WORKSPACE, find_interrupted
from tests.growth import growth

from .served import operations_of

CONTRACT = """\
paths:
  /slips/{id}:
    post:
      operationId: addSlip
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: at, in: query, schema: {type: array, items: {type: integer}}}
        - {name: deep, in: query, style: deepObject, schema: {type: object, additionalProperties: {type: string}}}
        - {name: piped, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}
        - {name: Trace, in: header, schema: {type: array, items: {type: string}}}
      requestBody:
        content:
          application/json: {schema: {type: object}}
          application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: array, items: {type: integer}}}}}
          multipart/form-data: {schema: {type: object, properties: {a: {type: array, items: {type: string}}}}}
      responses:
        '200': {description: Added., content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}
        '400': {description: Wrong.}
"""
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
PART = b"--x\r\nContent-Disposition: form-data; name=%s\r\n\r\nb\r\n"
KEEPS = "from bothends.runtime import keeps\n"


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("slips")
    return operations_of(folder, CONTRACT)


def chain_of_classes(size: int) -> str:
    links = [f"class A{number}(A{number - 1}): pass" for number in range(1, size)]
    return "\n".join(["class A0: pass", *links, f"class StandIn(A{size - 1}): pass"])


STAND_INS: dict[str, Callable[[int], str]] = {
    "marks": lambda size: f"{KEEPS}@keeps({'1, ' * size})\nclass StandIn: pass",
    "marks beside wide letters": lambda size: f"{KEEPS}@keeps({'1, ' * size}'é')\nclass StandIn: 1",
    "classes": chain_of_classes,
    "methods": lambda size: (
        "class StandIn:\n" + "".join(f"  def b{n}(self): 1\n" for n in range(size))
    ),
    "imports": lambda size: f"from made import {', '.join(f'B{n}' for n in range(size))}",
    "arguments": lambda size: f"class StandIn:\n  def a1(self, {'b=1, c=2, ' * (size // 2)}): 1",
    "words": lambda size: f"{KEEPS}@a{'.b' * (size // 20)}()\nclass StandIn: pass",
}


@pytest.mark.parametrize("name", STAND_INS)
def test_stand_ins_grow_linearly(name: str) -> None:
    names = [f"a{number}" for number in range(40)]
    interface = Interface("made", {"": names}, dict.fromkeys(names, ()))
    texts = {size: STAND_INS[name](size) for size in (3_000, 12_000)}

    def check(size: int) -> None:
        check_handler(StandIn.parse(texts[size], "stand_in.py"), interface)

    assert growth(check, 3_000, 12_000) < 10


@pytest.mark.parametrize(
    "text",
    [
        f"x = {'-' * 50_000}1",
        f"x = {'not ' * 50_000}1",
        f"x = {'(' * 50_000}",
        f"{KEEPS}@keeps{'()' * 50_000}\nclass StandIn: pass",
        f"{KEEPS}@a{'.b' * 1_500}.keeps()\nclass StandIn: pass",
        f"x = {'9' * 5_000}",
        "\0",
    ],
)
def test_a_deep_stand_in_is_a_finding_at_most(text: str) -> None:
    interface = Interface("made", {"": ()}, {"a": ()})
    stand_in = StandIn.parse(text, "stand_in.py")
    check_handler(stand_in, interface)
    assert {finding.code for finding in stand_in.findings} <= {"stand-in-syntax"}


def test_a_class_that_is_inherited_twice_is_known() -> None:
    text = "class A:\n  def a(self): 1\nclass B(A): 1\nclass C(A): 1\nclass StandIn(B, C): 1\n"
    interface = Interface("made", {"": ()}, {"a": (), "b": ()})
    [finding] = check_handler(StandIn.parse(text, "stand_in.py"), interface)
    assert "has no b" in finding.message


def test_journals_grow_linearly(tmp_path: Path) -> None:
    root = tmp_path.resolve()

    def read(size: int) -> None:
        workspace = root / str(size) / WORKSPACE
        workspace.mkdir(parents=True, exist_ok=True)
        swaps = [
            {"staged": f".a{n}.bothends", "target": f"a{n}", "digest": "x"} for n in range(size)
        ]
        journal = {"ready": True, "swaps": swaps, "folders": [f"b{n}" for n in range(size)]}
        (workspace / "journal.json").write_text(json.dumps(journal))
        assert find_interrupted(workspace.parent, root)
        recover(workspace.parent, root)

    assert growth(read, 250, 1_000) < 10


def test_state_grows_linearly(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db", "test")
    rooms = (state.records(f"r{size}", dict[str, Any], {}) for size in (500, 2_000))
    by_size = dict(zip((500, 2_000), rooms, strict=True))
    assert state._database is not None
    database = state._database

    def work(size: int) -> None:
        records = by_size[size]
        with database.unit() as unit:
            for number in range(size):
                records[str(number)] = {"a": number}
                assert records[str(number)] == {"a": number}
            assert len(list(records)) == size
        with database.transaction() as connection:
            for statement, values in unit.statements:
                connection.execute(statement, values)
        for key in list(records):
            del records[key]

    assert growth(work, 500, 2_000) < 10


@pytest.mark.parametrize("item", [b"a", b"[],", b"\x00\xff"])
def test_gzip_requests_grow_linearly(operations: Any, item: bytes) -> None:
    judge = Judge(operations.API, operations.OPERATIONS)
    bodies = {size: gzip.compress(item * size) for size in (1_000_000, 4_000_000)}

    def run(size: int) -> None:
        headers = (("content-type", "application/json"), ("content-encoding", "gzip"))
        judge.judge(exchange(bodies[size], headers))

    assert growth(run, 1_000_000, 4_000_000) < 10


def exchange(body: bytes, headers: tuple[tuple[str, str], ...], answer: bytes = b"{}") -> Exchange:
    return Exchange(
        method="POST",
        url="http://localhost/slips/1?at=1",
        request_headers=headers,
        request_body=body,
        status=200,
        answer_headers=(("content-type", "application/json"),),
        answer_body=answer,
    )


def test_a_recorded_bomb_is_not_inflated(operations: Any) -> None:
    headers = (("content-type", "application/json"), ("content-encoding", "gzip"))
    body = gzip.compress(bytes(60_000_000))
    judgement = Judge(operations.API, operations.OPERATIONS).judge(exchange(body, headers))
    assert "must be at most 33554432 bytes after inflating" in judgement.request


def test_recordings_are_judged_in_linear_time(operations: Any) -> None:
    judge = Judge(operations.API, operations.OPERATIONS)
    masking = Masking(operations.API, ["secret"])
    sent = (("content-type", "application/json"), ("authorization", "Bearer a"))

    def run(size: int) -> None:
        judged = [
            judge.judge(masking.apply(exchange(b"{}", sent, b'{"p%d": {"q%d": 1}}' % (n, n))))
            for n in range(size)
        ]
        assert len(suggestions(judged)) == size

    assert growth(run, 100, 400) < 10


def test_one_suggestion_of_many_answers_grows_linearly(operations: Any) -> None:
    judge = Judge(operations.API, operations.OPERATIONS)

    def run(size: int) -> None:
        answers = [b'{"b": {"p%d": 1}}' % number for number in range(size)]
        judged = [judge.judge(exchange(b"{}", (), answer)) for answer in answers]
        [found] = suggestions(judged)
        assert f"p{size - 1}" in found.addition

    assert growth(run, 200, 800) < 10


@pytest.mark.parametrize("kind", ["application/json", FORM, "text/event-stream", "text/plain"])
def test_masking_grows_with_the_body(operations: Any, kind: str) -> None:
    masking = Masking(operations.API, ["secret"])
    parts = {FORM: b"secret=a%41&", "text/event-stream": b'data: {"secret": "a"}\n\n'}
    item = parts.get(kind, b'{"secret": "a"},')

    def run(size: int) -> None:
        content = item * size
        body = b"[" + content + b"1]" if kind == "application/json" else content
        masking.apply(exchange(body, (("content-type", kind),)))

    assert growth(run, 2_000, 8_000) < 10


@pytest.mark.parametrize("way", ["request", "answer"])
def test_a_recorder_takes_pieces_in_linear_time(way: str) -> None:
    import httpx2

    async def pieces(size: int) -> Any:
        for _ in range(size):
            yield bytes(4_000)

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=pieces(sizes[0] if way == "answer" else 1))

    sizes = [0]
    kept: list[Exchange] = []

    def run(size: int) -> None:
        sizes[0] = size
        count = size if way == "request" else 1
        messages = [
            {"type": "http.request", "body": bytes(4_000), "more_body": number > 0}
            for number in range(count)
        ]

        async def receive() -> Any:
            return messages.pop()

        async def send(_: Any) -> None:
            return None

        recorder = Recorder("http://a", kept.append)
        recorder._client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
        scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}
        asyncio.run(recorder(scope, receive, send))
        assert not messages

    assert growth(run, 1_000, 4_000) < 10


ORACLE: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "JSON": ("application/json", lambda size: b'{"a":[' + b"1," * size + b"1]}"),
    "form": (FORM, lambda size: b"a=1&" * size),
    "names of a form": (FORM, lambda size: b"&".join(b"a%d=1" % n for n in range(size))),
    "parts": (PARTS, lambda size: (PART % b"a") * size + b"--x--"),
    "names of parts": (
        PARTS,
        lambda size: b"".join(PART % b"a%d" % n for n in range(size)) + b"--x--",
    ),
}


@pytest.mark.parametrize("name", ORACLE)
def test_the_oracle_reads_bodies_in_linear_time(operations: Any, name: str) -> None:
    kind, build = ORACLE[name]
    (operation,) = operations.OPERATIONS
    assert growth(lambda size: judge_body(operation, kind, build(size)), 500, 2_000) < 10


@pytest.mark.parametrize("type_", ["integer", "array", "object"])
def test_the_oracle_reads_forms_of_many_fields_in_linear_time(type_: str) -> None:
    def contract_of(size: int) -> Contract:
        properties = {f"a{number}": {"type": type_} for number in range(size)}
        return Contract({"media": {"schema": {"type": "object", "properties": properties}}})

    contracts = {size: contract_of(size) for size in (100, 400)}
    assert growth(lambda size: judge_form(contracts[size], "/media", b"a1=1"), 100, 400) < 10


SENT: dict[str, Callable[[int], tuple[str, dict[str, str]]]] = {
    "list": lambda size: ("/slips/1?" + "at=1&" * size, {}),
    "deep": lambda size: ("/slips/1?" + "&".join(f"deep[{n}]=a" for n in range(size)), {}),
    "piped": lambda size: ("/slips/1?piped=" + "a|%7C" * size, {}),
    "unknown": lambda size: ("/slips/1?" + "&".join(f"x{n}=a" for n in range(size)), {}),
    "header": lambda size: ("/slips/1", {"trace": "a, " * size}),
    "path": lambda size: ("/slips/" + "%41" * size, {}),
}


@pytest.mark.parametrize("name", SENT)
def test_the_oracle_reads_parameters_in_linear_time(operations: Any, name: str) -> None:
    (operation,) = operations.OPERATIONS
    assert growth(lambda size: judge_parameters(operation, *SENT[name](size)), 500, 2_000) < 10


@pytest.mark.parametrize("item", ["a: b\n", "- [a, 'b']\n", "a:\n# x\n", "- |\n  a\n"])
def test_the_oracle_reads_yaml_in_linear_time(item: str) -> None:
    def run(size: int) -> None:
        lines = [item.replace("a:", f"a{number}:") for number in range(size)]
        read_yaml_value("".join(lines).encode())

    assert growth(run, 500, 2_000) < 10


def test_new_paths_are_held_against_templates_in_linear_time() -> None:
    reply = {"get": {"responses": {"200": {"description": "It."}}}}

    def read(paths: list[str]) -> Document:
        info = {"title": "Made", "version": "1"}
        data = {"openapi": "3.1.0", "info": info, "paths": dict.fromkeys(paths, reply)}
        return parse_document(json.dumps(data).encode(), "made.json")

    def run(size: int) -> None:
        old = read([f"/boats/{number}/{{id}}" for number in range(size)])
        new = read([f"/ships/{number}/mine" for number in range(size)])
        without_unchanged(old, new)

    assert growth(run, 250, 1_000) < 10


@pytest.mark.parametrize("is_changed", [False, True])
@pytest.mark.parametrize("name", ["operations", "schemas", "constants", "parameters"])
def test_contracts_are_compared_in_linear_time(name: str, is_changed: bool) -> None:
    def build(size: int, word: str) -> bytes:
        schemas: dict[str, Any] = {"S0": {"type": "object"}}
        parameters: list[Any] = []
        paths: dict[str, Any] = {}
        reply = {"200": {"description": word, "content": {"application/json": {"schema": {}}}}}
        if name == "schemas":
            schemas = {
                f"S{n}": {"type": "object", "properties": {word: {"type": "string"}}}
                for n in range(size)
            }
        elif name == "constants":
            schemas["S0"] = {"enum": [f"{word}{n}" for n in range(size)]}
        elif name == "parameters":
            parameters = [
                {"name": f"{word}{n}", "in": "query", "schema": {"type": "string"}}
                for n in range(size)
            ]
        count = size if name == "operations" else 1
        for n in range(count):
            paths[f"/{word}/{n}"] = {"get": {"parameters": parameters, "responses": reply}}
        content = {
            "openapi": "3.1.0",
            "info": {"title": "Made", "version": "1"},
            "paths": paths,
            "components": {"schemas": schemas},
        }
        return json.dumps(content).encode()

    def run(size: int) -> None:
        old = parse_document(build(size, "a"), "old.json")
        new = parse_document(build(size, "b" if is_changed else "a"), "new.json")
        compare(old, new)

    assert growth(run, 40, 160) < 10
