"""A stand-in that remembers: ids and keys of any kind, and an end to what it holds."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bothends.runtime.stand_in import State, remembering_stand_in
from tests.packages import send

from .served import operations_of

CONTRACT = """\
paths:
  /notes:
    post:
      operationId: addNote
      parameters: [{name: Idempotency-Key, in: header, x-idempotency-key: true, schema: {type: string}}]
      requestBody: &body
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}
      responses:
        '201': &note {description: Added., content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
        '400': &no {description: Wrong.}
    get:
      operationId: listNotes
      responses:
        '200':
          description: All.
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: getNote, responses: {'200': *note, '400': *no, '404': *no}}
    put: {operationId: putNote, requestBody: *body, responses: {'200': *note, '400': *no}}
    delete: {operationId: deleteNote, responses: {'204': {description: Gone.}, '400': *no, '404': *no}}
components: {schemas: {Note: {type: object, properties: {id: {type: string}, text: {}}}}}
"""
IDS = (
    "__proto__",
    "constructor",
    "\0",
    "\r\n",
    "..",
    "../etc",
    "\u202e",
    "9" * 5_000,
    "a" * 20_000,
    "null",
    "-0",
    '["a"]',
    '"',
    "%",
    "\u0661",
    "\U0001f600",
)


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return operations_of(tmp_path_factory.mktemp("notes"), CONTRACT)


@pytest.fixture(params=["memory", "file"])
def app(operations: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    state = State(tmp_path / "notes.db", "notes") if request.param == "file" else None
    kind: Any = remembering_stand_in(operations.API, operations.OPERATIONS)
    return kind(state=state).app()


@pytest.mark.parametrize("harm", ["removed", "replaced", "spoilt"])
def test_a_lost_state_file_acknowledges_nothing(
    operations: Any, tmp_path: Path, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "notes.db"
    kind: Any = remembering_stand_in(operations.API, operations.OPERATIONS)
    app = kind(state=State(file, "notes")).app()
    assert send(app, "POST", "/notes", json={"id": "a"}).status_code == 201
    if harm == "spoilt":
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("UPDATE records SET value = '{'")
    else:
        file.unlink()
    if harm == "replaced":
        State(file, "notes").close()

    answers = [send(app, "GET", "/notes/a")]
    if harm != "spoilt":
        answers.append(send(app, "POST", "/notes", json={"id": "b"}))
    assert {answer.status_code for answer in answers} == {503}
    assert all("notes.db" in answer.json()["detail"] for answer in answers)
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("identity", IDS, ids=lambda text: ascii(text)[:20])
def test_an_id_of_any_kind_is_one_item(app: Any, identity: str) -> None:
    # The test's client would take `..` for a step up.
    path = "/notes/" + quote(identity, safe="").replace(".", "%2E")
    other = {"id": "other", "text": "b"}
    assert send(app, "POST", "/notes", json=other).status_code == 201
    assert send(app, "PUT", path, json={"text": {"__proto__": "a"}}).status_code == 200
    assert send(app, "GET", path).json() == {"id": identity, "text": {"__proto__": "a"}}
    assert send(app, "DELETE", path).status_code == 204
    assert send(app, "GET", path).status_code == 404
    assert send(app, "GET", "/notes").json() == [other]


@pytest.mark.parametrize("key", [b"k" * 1_000_000, b"\xff\xfe", b"\xed\xa0\x80", b"a'; --"])
def test_a_key_of_any_kind_is_one_request(app: Any, key: bytes) -> None:
    first, second = (
        send(app, "POST", "/notes", json={"text": "a"}, headers={b"Idempotency-Key": key})
        for _ in range(2)
    )
    assert first.status_code == 201
    assert first.json() == second.json()
    assert len(send(app, "GET", "/notes").json()) == 1


def test_what_is_remembered_has_an_end(app: Any) -> None:
    body = json.dumps({"text": [0] * 650_000}).encode()
    headers = {"content-type": "application/json"}
    ids: list[str] = []
    while (answer := send(app, "POST", "/notes", content=body, headers=headers)).status_code == 201:
        ids.append(answer.json()["id"])
        assert len(ids) < 10

    assert answer.status_code == 507
    assert "this stand-in is full" in answer.json()["detail"]
    assert send(app, "GET", f"/notes/{ids[0]}").status_code == 200
    assert send(app, "DELETE", f"/notes/{ids[0]}").status_code == 204
    assert send(app, "POST", "/notes", json={}).status_code == 201
