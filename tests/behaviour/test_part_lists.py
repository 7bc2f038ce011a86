"""Multipart bodies whose parts are the items of a list: `prefixEncoding` and `itemEncoding` (OpenAPI 3.2 §4.14.3.2)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.packages import handler, send

from bothends.runtime import File
from bothends.runtime.errors import RequestError

CONTRACT = """\
openapi: 3.2.0
info: {title: Letters, version: '1'}
paths:
  /letters:
    post:
      operationId: addLetter
      requestBody:
        required: true
        content:
          multipart/mixed:
            schema:
              type: array
              minItems: 2
              maxItems: 4
              prefixItems:
              - {$ref: '#/components/schemas/Cover'}
              - {type: integer, maximum: 9}
              items: {type: string, maxLength: 5}
            prefixEncoding:
            - {contentType: application/json}
            - {}
            itemEncoding: {contentType: 'text/plain, text/markdown'}
      responses: &done {'204': {description: Done.}, '400': {description: Refused.}}
  /albums:
    post:
      operationId: addAlbum
      requestBody:
        required: true
        content:
          multipart/related:
            schema: {type: array, prefixItems: [{$ref: '#/components/schemas/Cover'}], items: {}}
            prefixEncoding: [{}]
            itemEncoding:
              contentType: image/png, image/jpeg
              headers: {X-Taken: {required: true, schema: {type: integer}}}
      responses: *done
  /scans:
    post:
      operationId: addScans
      requestBody:
        required: true
        content:
          multipart/mixed:
            itemSchema: {type: object, required: [level], properties: {level: {type: integer}}}
            itemEncoding: {contentType: application/json}
      responses: *done
  /lists:
    post:
      operationId: addLists
      requestBody:
        required: true
        content:
          multipart/mixed:
            schema: {type: array, items: {type: array, items: {type: string}}}
      responses: *done
  /forms:
    post:
      operationId: addForm
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {type: array, prefixItems: [{type: string}, {$ref: '#/components/schemas/Cover'}], items: false}
            prefixEncoding:
            - headers: {Content-Disposition: {required: true, schema: {const: 'form-data; name="note"'}}}
            - headers: {Content-Disposition: {required: true, schema: {const: 'form-data; name="cover"'}}}
      responses: *done
  /replies:
    get:
      operationId: getLetter
      responses:
        '200':
          description: A letter.
          content:
            multipart/mixed:
              schema: {type: array, prefixItems: [{$ref: '#/components/schemas/Cover'}], items: {type: string}}
components:
  schemas:
    Cover: {type: object, required: [to], properties: {to: {type: string}}}
"""


@pytest.fixture(scope="module")
def letters(made_once):
    return made_once(CONTRACT)


def recorder(seen):
    """A method of a handler that notes its body."""

    def method(body):
        seen.append(body)

    return method


def passed(letters, method, value):
    """What the handler gets of what the caller passes."""
    seen: list[Any] = []
    with letters.client(handler(**{method: recorder(seen)})) as client:
        getattr(client, method)(value)
    return seen[0]


def posted(letters, path, method, *parts, kind="multipart/mixed"):
    """The status, and what the handler got, of a body made by hand: the head and content of each part."""
    seen: list[Any] = []
    body = b"".join(b"--b\r\n%s\r\n\r\n%s\r\n" % part for part in parts) + b"--b--\r\n"
    app = letters.app(handler(**{method: recorder(seen)}))
    headers = {"Content-Type": f"{kind}; boundary=b"}
    return send(app, "POST", path, content=body, headers=headers).status_code, seen


def test_nothing_is_lost(letters):
    assert letters.made.api.losses == ()


def test_each_part_has_the_type_of_its_position(letters):
    cover = letters.models.Cover(to="Ada")
    assert passed(letters, "add_letter", [cover, 7, "1", "b"]) == [cover, 7, "1", "b"]
    assert "def add_letter(self, body: list[Cover | int | str])" in letters.made.files["client.py"]
    assert "def add_album(self, body: list[Cover | File])" in letters.made.files["client.py"]


COVER = b'{"to": "Ada"}'
JSON, TEXT = b"Content-Type: application/json", b"Content-Type: text/plain"


def test_parts_are_read_by_their_position(letters):
    status, seen = posted(
        letters,
        "/letters",
        "add_letter",
        (JSON, COVER),
        (TEXT, b"7"),
        (b"Content-Type: text/markdown", b"1"),
    )
    assert (status, seen) == (204, [[letters.models.Cover(to="Ada"), 7, "1"]])


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([(JSON, COVER)], 400),
        ([(JSON, COVER), (TEXT, b"10")], 400),
        ([(JSON, COVER), (TEXT, b"x")], 400),
        ([(TEXT, COVER), (TEXT, b"7")], 400),
        ([(JSON, b"{}"), (TEXT, b"7")], 400),
        ([(JSON, b"{"), (TEXT, b"7")], 400),
        ([(JSON, COVER), (JSON, b"7")], 400),
        ([(TEXT, b"7"), (JSON, COVER)], 400),
        ([(JSON, COVER), (TEXT, b"7"), (TEXT, b"longer")], 400),
        ([(JSON, COVER), (TEXT, b"7"), *[(TEXT, b"a")] * 3], 400),
        ([(b"X-Any: 1", COVER), (TEXT, b"7")], 204),
    ],
)
def test_each_part_is_judged(letters, parts, expected):
    assert posted(letters, "/letters", "add_letter", *parts)[0] == expected


def test_part_without_a_head_has_the_default_type(letters):
    body = b'--b\r\n\r\n{"to":"Ada"}\r\n--b\r\n\r\n7\r\n--b--\r\n'
    seen: list[Any] = []
    app = letters.app(handler(add_letter=recorder(seen)))
    headers = {"Content-Type": "multipart/mixed; boundary=b"}
    assert send(app, "POST", "/letters", content=body, headers=headers).status_code == 204
    assert seen == [[letters.models.Cover(to="Ada"), 7]]


def test_files_keep_name_type_and_headers(letters):
    cover = letters.models.Cover(to="Ada")
    picture = File(b"\x00\xff", "a.png", "image/png", {"X-Taken": "3"})
    another = File(b"", None, "image/jpeg", {"X-Taken": "4"})
    value = [cover, picture, another]
    assert passed(letters, "add_album", value) == value


@pytest.mark.parametrize(
    "picture",
    [
        File(b"", None, "image/gif", {"X-Taken": "3"}),
        File(b"", None, "image/png", {}),
        File(b"", None, "image/png", {"X-Taken": "x"}),
    ],
)
def test_file_that_the_encoding_forbids_is_not_sent(letters, picture):
    with letters.client(handler()) as client, pytest.raises(RequestError, match="item 1"):
        client.add_album([letters.models.Cover(to="Ada"), picture])


def test_streamed_items_are_a_list(letters):
    assert [item.level for item in passed(letters, "add_scans", [{"level": 1}, {"level": 2}])] == [
        1,
        2,
    ]
    assert passed(letters, "add_scans", []) == []
    assert posted(letters, "/scans", "add_scans", (JSON, b'{"level": "x"}'))[0] == 400


def test_lists_inside_are_json(letters):
    """Without an encoding a part that is an array is JSON (OpenAPI 3.2 §4.15.1.1)."""
    assert passed(letters, "add_lists", [["a"], []]) == [["a"], []]
    assert posted(letters, "/lists", "add_lists", (TEXT, b'["a"]'))[0] == 400


def test_parts_of_a_form_have_the_names_of_their_headers(letters):
    cover = letters.models.Cover(to="Ada")
    assert passed(letters, "add_form", ["hello", cover]) == ["hello", cover]
    note = (b'Content-Disposition: form-data; name="note"', b"hello")
    named = (b'Content-Disposition: form-data; name="cover"', COVER)

    def send_form(*parts):
        return posted(letters, "/forms", "add_form", *parts, kind="multipart/form-data")

    assert send_form(note, named)[0] == 204
    assert send_form(named, note)[0] == 400
    assert send_form(note, (b'Content-Disposition: form-data; name="other"', COVER))[0] == 400
    assert send_form(note, (b"X-Any: 1", COVER))[0] == 400


def test_replies_are_read_and_written(letters):
    cover = letters.models.Cover(to="Ada")
    with letters.client(handler(get_letter=lambda: [cover, "b"])) as client:
        assert client.get_letter() == [cover, "b"]
