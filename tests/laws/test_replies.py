"""The quick way to a reply gives what the general way gives, for any answer of a handler."""

from datetime import date
from math import nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothends.runtime import Response
from bothends.runtime.media.accept import parse_accept
from bothends.runtime.server import reply as reply_module
from bothends.runtime.server.broken_reply import BrokenReply
from bothends.runtime.server.reply import write_reply
from tests.packages import Package, import_files, make

CONTRACT = """
paths:
  /plain:
    get: {operationId: plain, responses: {'201': &plain {description: Done., content: {application/json: &note {schema: {$ref: '#/components/schemas/Note'}}}}}}
  /vendor:
    get: {operationId: vendor, responses: {'200': {description: Done., content: {application/vnd.x+json: *note}}}}
  /typed:
    get: {operationId: typed, responses: {'200': {description: Done., content: {'application/json; charset=utf-8': *note}}}}
  /ranged:
    get: {operationId: ranged, responses: {'200': {description: Done., content: {'application/*': *note}}}}
  /blank:
    get: {operationId: blank, responses: {'200': {description: Done., x-empty-body: {text: a}, content: {application/json: *note}}}}
  /either:
    get: {operationId: either, responses: {'200': *plain, '202': *plain}}
  /class:
    get: {operationId: class, responses: {2XX: *plain, '404': *plain}}
components:
  schemas:
    Note: {type: object, required: [text], properties: {text: {type: string, maxLength: 2}, on: {type: string, format: date}}}
"""


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("notes")
    made = make(folder / "specs", CONTRACT)
    return Package(import_files(folder, made.files), made)


VALUES = st.sampled_from(["a", "abc", "\ud800", "é", 1, None, nan, date(2026, 1, 2), "2026-01-02"])
ACCEPTED = st.sampled_from(["", "*/*", "application/json", "text/csv", "application/json;q=0"])
STATUSES = st.sampled_from([None, 200, 201, 404, 500])


def outcome(operation: Any, answer: Any, accept: str, check: bool) -> Any:
    try:
        reply = write_reply(operation, answer, check=check, accept=parse_accept(accept))
    except BrokenReply as error:
        return str(error), error.unsendable
    return reply.status, reply.headers, reply.body


@given(st.data(), VALUES, VALUES, ACCEPTED, st.booleans())
def test_quick_and_general_write_alike(
    notes: Package, data: st.DataObject, text: Any, on: Any, accept: str, check: bool
) -> None:
    operation = data.draw(st.sampled_from(notes.app(object()).operations), "operation")
    note = notes.models.Note.model_construct(text=text, on=on)
    answer = data.draw(st.sampled_from([note, text, {"text": text}, [note]]), "answer")
    if data.draw(st.integers(0, 3)) == 0:
        answer = Response(answer, data.draw(STATUSES, "status"), {"X-A": "b"})

    quick = outcome(operation, answer, accept, check)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reply_module, "_plain_success", lambda _: None)
        general = outcome(operation, answer, accept, check)
    assert quick == general
