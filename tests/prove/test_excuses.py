"""What a proof lets pass is no more than it says, and it says so."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
from schemathesis import GenerationMode
from schemathesis.engine import events

from bothends.prove import Budget, Evidence, Package
from bothends.prove.fuzz.cases import CaseJudge
from bothends.prove.fuzz.limits import has_few_requests
from bothends.prove.fuzz.recorded import plain_body
from bothends.prove.fuzz.run import FuzzRun, prove_conformance
from bothends.prove.fuzz.settings import settings
from bothends.prove.fuzz.verdict_filter import (
    BYTES,
    EMPTY_PARTS,
    INVALID_AS_VALID,
    LINES,
    NESTED_PARTS,
    TEXTS,
    UNDECIDED,
)
from bothends.prove.target.serve import serve
from bothends.prove.target.subject import Subject
from bothends.prove.target.success_handler import SuccessHandler
from bothends.prove.wire.credentials import Credentials
from bothends.prove.wire.message import Request, send
from bothends.runtime import App
from tests.packages import HEAD

from .packages import make_package

_OPERATIONS = """
paths:
  /things:
    post:
      operationId: add
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}}
      responses: {'204': {description: ok}, '400': {description: no}}
  /lines:
    get:
      operationId: lines
      responses: {'200': {description: ok, content: {application/jsonl: {schema: {type: object}}, text/plain: {schema: {type: string}}, image/png: {schema: {}}}}}
  /forms:
    post:
      operationId: form
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            encoding: {owner: {style: deepObject, explode: true}}
            schema:
              type: object
              required: [owner]
              properties: {owner: {type: object, required: [age], properties: {age: {type: integer}, links: {type: object, additionalProperties: false}}}}
      responses: {'204': {description: ok}, '400': {description: no}}
  /reports:
    post:
      operationId: report
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            encoding: {json: {contentType: application/json}}
            schema:
              type: object
              required: [json]
              properties: {json: &rows {type: object, required: [rows], properties: {rows: {type: array, minItems: 1, items: {type: object, required: [a, b], properties: {a: {type: integer}, b: {type: integer}}}}}}}
      responses: {'204': {description: ok}, '400': {description: no}}
    get:
      operationId: reports
      parameters: [{name: body, in: query, required: true, schema: *rows}]
      responses: {'204': {description: ok}, '400': {description: no}}
  /both:
    get:
      operationId: both
      security: [{one: [], two: []}]
      responses: {'204': {description: ok}, '401': {description: no}}
"""
_BOXES = """
  /boxes/{kind}/lid:
    get:
      operationId: lid
      parameters: [{name: kind, in: path, required: true, schema: {type: string}}]
      responses: {default: {description: It.}}
"""
_SCHEMES = """
  securitySchemes:
    one: {type: apiKey, in: header, name: X-One}
    two: {type: apiKey, in: header, name: X-Two}
"""
_FEW = {
    "enum": "schema: {enum: [a, b]}",
    "const": "schema: {const: 1}",
    "boolean": "schema: {type: boolean}",
    "narrow": "schema: {type: integer, minimum: 1, maximum: 5}",
    "referred": "schema: {$ref: '#/components/schemas/Few'}",
    "choice": "schema: {oneOf: [{type: boolean}, {enum: [a]}]}",
    "set": "schema: {type: array, uniqueItems: true, items: {enum: [a, b]}}",
}
_MANY = {
    "integer": "schema: {type: integer}",
    "half_open": "schema: {type: integer, minimum: 1}",
    "wide": "schema: {type: integer, minimum: 1, maximum: 5000}",
    "text_behind_a_reference": "schema: {$ref: '#/components/schemas/Free'}",
    "texts": "schema: {type: array, items: {type: string}}",
    "text_or_null": "schema: {type: [string, 'null']}",
    "content": "content: {application/json: {schema: {type: string}}}",
    "anything": "schema: {}",
    "recursive": "schema: {$ref: '#/components/schemas/Again'}",
}


def _parameters() -> str:
    paths = "".join(
        f"  /{name}:\n    get:\n      operationId: {name}\n      parameters: [{{name: n, in: query, {text}}}]\n"
        "      responses: {'204': {description: ok}}\n"
        for name, text in {**_FEW, **_MANY}.items()
    )
    schemas = "{Few: {enum: [1, 2]}, Free: {type: string}, Again: {type: array, uniqueItems: true, items: {$ref: '#/components/schemas/Again'}}}"
    return f"{_OPERATIONS}{_BOXES}{paths}components:\n  schemas: {schemas}{_SCHEMES}"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("excused")
    contract = folder / "contract.yaml"
    contract.write_text(HEAD + _parameters(), "utf-8")
    return make_package(folder, "excused", contract)


def _only(package: Package, *names: str) -> tuple[Any, ...]:
    return tuple(one for one in package.operations if one.id in names)


@contextmanager
def _served(package: Package, wrap: Callable[[Any], Any] = lambda app: app) -> Generator[Subject]:
    credentials = Credentials.made_up(package.api)
    app = App(
        package.api,
        package.operations,
        SuccessHandler(package.operations),
        authenticate=credentials.authenticate(),
    )
    with serve(wrap(app)) as address:
        yield Subject(
            package, "server", address, credentials, always_succeeds=True, remembers=False
        )


@pytest.mark.parametrize("name", [*_FEW, *_MANY])
def test_only_few_values_excuse_from_the_floor(package: Package, name: str) -> None:
    [operation] = _only(package, name)
    assert has_few_requests(operation, 100) == (name in _FEW)


def test_what_is_excused_is_told(package: Package) -> None:
    evidence = Evidence()
    with _served(package) as subject:
        run = FuzzRun(
            subject,
            _only(package, "enum", "both", "texts"),
            Budget(1, 100),
            evidence,
        )
        run.finish()  # nothing was sent

    assert [one.operation for one in evidence.failures if one.check == "floor"] == ["texts"]
    told = "\n".join(sorted(text for _, _, text in evidence.untried))
    assert "enum, more requests by the fuzzer: " in told
    assert "check ignored_auth, of both: " in told
    [(_, _, inapplicable)] = evidence.inapplicable
    assert "checks use_after_free and ensure_resource_availability: not applicable" in inapplicable


def test_server_without_memory_is_not_asked_for_it(package: Package) -> None:
    with _served(package) as subject:
        entries = settings(subject, package.operations, 1, 1)["operations"]
    for check in ("use_after_free", "ensure_resource_availability"):
        assert {entry["checks"][check]["enabled"] for entry in entries} == {False}


def test_broken_body_never_passes_as_unknown(package: Package) -> None:
    def refuse_with_404(app: Any) -> Any:
        async def wrong(scope: Any, receive: Any, send: Any) -> None:
            async def send_on(message: Any) -> None:
                if message["type"] == "http.response.start" and message["status"] == 400:
                    message = {**message, "status": 404}
                await send(message)

            await app(scope, receive, send_on)

        return wrong

    evidence = Evidence()
    with _served(package, refuse_with_404) as subject:
        prove_conformance(subject, _only(package, "add"), Budget(1, 0), evidence)

    assert "broken request refused in the contract's words" in {
        one.check for one in evidence.failures
    }


def test_empty_part_of_a_form_says_nothing_of_our_judge(package: Package) -> None:
    evidence = Evidence()
    with _served(package) as subject:
        prove_conformance(subject, _only(package, "form"), Budget(1, 20), evidence)
    assert not evidence.failures
    reasons = {reason for _, reason in evidence.excused}
    assert EMPTY_PARTS in reasons
    assert INVALID_AS_VALID not in reasons


@pytest.mark.parametrize("name", ["report", "reports"])
def test_object_in_a_list_that_is_written_by_its_keys_says_nothing_of_our_judge(
    package: Package, name: str
) -> None:
    evidence = Evidence()
    with _served(package) as subject:
        prove_conformance(subject, _only(package, name), Budget(1, 20), evidence)
    assert not evidence.failures
    reasons = {reason for _, reason in evidence.excused}
    assert NESTED_PARTS in reasons
    assert not reasons & {INVALID_AS_VALID, UNDECIDED}


@pytest.mark.parametrize(
    ("media_type", "reason"),
    [("application/jsonl", LINES), ("image/png", BYTES), ("text/plain", TEXTS), ("a/b", None)],
)
def test_media_type_unread_by_fuzzer_is_read(
    package: Package, media_type: str, reason: str | None
) -> None:
    operations = _only(package, "lines")
    with _served(package) as subject:
        run = FuzzRun(subject, operations, Budget(1, 0), Evidence())
    warning = SimpleNamespace(
        operation_label="GET /lines", status_code="200", content_type=media_type
    )
    assert run.verdicts.read_by_us(warning) == reason


def test_a_warning_of_the_fuzzer_is_not_tried(package: Package) -> None:
    with _served(package) as subject:
        run = FuzzRun(subject, _only(package, "add"), Budget(1, 0), Evidence())
    for label in (None, "POST /things"):
        warning: Any = SimpleNamespace(operation_label=label, message="odd", kind="a_kind")
        run.take(events.SchemaAnalysisWarnings(phase=cast("Any", None), warnings=[warning]))
    assert sorted(text for _, _, text in run.evidence.untried) == [
        "add, by the fuzzer: a kind: odd",
        "all operations, by the fuzzer: a kind: odd",
    ]
    assert not run.evidence.failures


@pytest.mark.parametrize("name", ["Transfer-Encoding", "host", "Content-Length"])
def test_fuzzer_makes_up_no_framing_headers(package: Package, name: str) -> None:
    with _served(package) as subject:
        run = FuzzRun(subject, _only(package, "add"), Budget(1, 0), Evidence())
    of = SimpleNamespace(operation=SimpleNamespace(label="POST /things"))
    assert not run.verdicts.filter_headers(of, {"a": "b", name: ""})
    assert run.verdicts.filter_headers(of, {"a": "b", "X-Host": ""})
    assert run.verdicts.filter_headers(of, None)


class UndefinedContentType(Exception):
    """A failed check of the fuzzer, known by its name."""


@pytest.mark.parametrize(("path", "counts"), [("/boxes/a/lid", True), ("/boxes/lid", False)])
def test_what_is_answered_at_another_path_is_no_fault(
    package: Package, path: str, counts: bool
) -> None:
    """A dot in the place of a parameter is removed by HTTP clients."""
    evidence = Evidence()
    operations = _only(package, "lid")
    with _served(package) as subject:
        run = FuzzRun(subject, operations, Budget(1, 0), evidence)
    request = SimpleNamespace(
        method="GET", uri=subject.address + path, url=subject.address + path, headers={}, body=b""
    )
    answer = SimpleNamespace(
        request=request, status_code=200, headers={"content-type": ["text/plain"]}, content=b"1"
    )
    phase = SimpleNamespace(data=None)
    meta = SimpleNamespace(phase=phase, generation=SimpleNamespace(mode=GenerationMode.POSITIVE))
    case: Any = SimpleNamespace(operation=SimpleNamespace(label="GET /boxes/{kind}/lid"), meta=meta)

    failed = run.verdicts.filter_failure(None, UndefinedContentType(), case, answer)
    judge = CaseJudge(subject, operations, evidence, "conformance")
    judge.take(operations[0], case, SimpleNamespace(request=request, response=answer))
    assert failed == counts
    assert bool(evidence.failures) == counts


def test_streamed_request_body_is_not_empty() -> None:
    assert plain_body({}, None) == b""
    assert plain_body({}, "a") == b"a"
    assert plain_body({}, iter([b"a"])) is None


@contextmanager
def _hanging_up(*, unread: bool) -> Generator[tuple[str, list[int]]]:
    """A server that closes each connection without an answer: before it has read the request, or after."""
    calls: list[int] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return

            calls.append(1)
            if unread:
                connection.recv(1, socket.MSG_PEEK)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                connection.recv(65536)

            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", calls
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_read_request_without_answer_is_not_resent() -> None:
    with _hanging_up(unread=False) as (address, calls):
        answer = send(address, Request("GET", "/"))
    assert (answer.status, answer.resent, len(calls)) == (0, False, 1)


def test_unread_request_is_resent_and_reported() -> None:
    with _hanging_up(unread=True) as (address, calls):
        answer = send(address, Request("GET", "/"))
    assert (answer.status, answer.resent, len(calls)) == (0, True, 2)
