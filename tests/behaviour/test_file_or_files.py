"""A part that is one file or a list of files, as in OpenAI's edit of images."""

from __future__ import annotations

import pytest
from tests.packages import handler, send

from bothends.runtime import File, RequestError

CONTRACT = """
paths:
  /edits:
    post:
      operationId: edit
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [image]
              properties:
                image:
                  anyOf:
                  - {type: string, format: binary}
                  - {type: array, maxItems: 16, items: {type: string, format: binary}}
      responses: {'204': {description: Done.}, '400': {description: Refused.}}
"""
ONE, OTHER = File(b"a", "a.png", "image/png"), File(b"b", "b.png", "image/png")


@pytest.fixture(scope="module")
def edits(made_once):
    return made_once(CONTRACT)


@pytest.mark.parametrize("image", [ONE, [ONE], [ONE, OTHER]], ids=["file", "list of one", "list"])
def test_client_and_handler_hold_the_same(edits, image):
    seen = []
    with edits.client(handler(edit=lambda body: seen.append(body.image))) as client:
        client.edit(edits.models.EditRequest(image=image))
    assert seen == [image]


@pytest.mark.parametrize(
    ("name", "files", "image"),
    [
        ("image", 1, ONE),
        ("image", 2, [ONE, OTHER]),
        ("image[]", 1, [ONE]),
        ("image[]", 2, [ONE, OTHER]),
    ],
)
def test_server_reads_both_spellings_of_lists(edits, name, files, image):
    seen = []
    app = edits.app(handler(edit=lambda body: seen.append(body.image)))
    parts = [(name, (file.filename, file.content, file.media_type)) for file in (ONE, OTHER)]
    assert send(app, "POST", "/edits", files=parts[:files]).status_code == 204
    assert seen == [image]


OPTIONAL = """
paths:
  /photos:
    post:
      operationId: addPhoto
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [name]
              properties:
                name: {type: string}
                small: {anyOf: [{type: string, format: binary}, {type: 'null'}]}
                large: {anyOf: [{type: string, contentMediaType: application/octet-stream}, {type: 'null'}]}
                raw: {type: [string, 'null'], format: binary}
                more: {anyOf: [{type: array, items: {type: string, format: binary}}, {type: 'null'}]}
      responses: {'204': {description: Done.}}
"""


def test_file_that_may_be_null_is_a_file(package):
    made, seen = package(OPTIONAL), []

    def add_photo(body):
        seen.append(body)

    client = made.client(handler(add_photo=add_photo))
    files = {"small": ONE, "large": OTHER, "raw": ONE, "more": [ONE, OTHER]}
    for given in (files, {}, dict.fromkeys(files)):
        client.add_photo(made.models.AddPhotoRequest(name="a", **given))
    assert [{name: getattr(body, name) for name in files} for body in seen] == [
        files,
        dict.fromkeys(files),
        dict.fromkeys(files),
    ]


UNION = """
paths:
  /notes:
    post:
      operationId: addNote
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              anyOf:
              - {type: object, required: [text], properties: {text: {type: string}}}
              - {type: object, required: [file], properties: {file: {type: string, format: binary}}}
      responses: {'204': {description: Done.}, '400': {description: Refused.}}
"""


def test_form_is_one_with_files_or_another(package):
    made, seen = package(UNION), []

    def add_note(body):
        seen.append(body)

    client, models = made.client(handler(add_note=add_note)), made.models
    bodies = [models.AddNoteRequestText(text="a"), models.AddNoteRequestFile(file=ONE)]
    for body in bodies:
        client.add_note(body)
    assert seen == bodies
    assert list(map(type, seen)) == list(map(type, bodies))


WRAPPED = """
components: {schemas: {Picture: {type: string, format: binary}}}
paths:
  /albums:
    post:
      operationId: addAlbum
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                cover: {allOf: [{$ref: '#/components/schemas/Picture'}], description: The first picture.}
                pages: {type: array, items: {allOf: [{$ref: '#/components/schemas/Picture'}, {maxLength: 3}]}}
                title: {allOf: [{type: string}, {maxLength: 3}]}
      responses: {'204': {description: Added.}, '400': {description: Refused.}}
"""


def test_file_that_is_described_by_all_of_is_a_file(package):
    albums, seen = package(WRAPPED), []
    with albums.client(handler(add_album=lambda body: seen.extend([body]))) as client:
        album = albums.models.AddAlbumRequest(cover=ONE, pages=[ONE, OTHER], title="sea")
        client.add_album(album)
        with pytest.raises(RequestError, match="at /pages/0: at most 3"):
            client.add_album(albums.models.AddAlbumRequest(pages=[File(b"long", "a")]))
    assert seen == [album]
