"""What a refusal says to somebody who has only the answer: what is lacking, where, and in which unit."""

from __future__ import annotations

import pytest
from tests.packages import handler, send

from bothends.runtime import RequestError

LETTERS = """
security: [{key: []}, {token: []}]
paths:
  /letters:
    post:
      operationId: sendLetter
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties: {text: {type: string}, page: {type: string}, pen: {type: string}}
              anyOf:
              - required: [text]
              - {required: [page, pen], x-assumption: A page needs a pen.}
      responses: {'204': {description: Sent.}}
  /pictures:
    post:
      operationId: addPicture
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties: {file: {type: string, format: binary, maxLength: 3}}
      responses: {'204': {description: Kept.}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    token: {type: http, scheme: bearer}
"""


@pytest.fixture(scope="module")
def letters(made_once):
    return made_once(LETTERS)


def refusal(letters, path, **request):
    return send(letters.app(handler()), "POST", path, **request).json()["detail"]


def test_missing_credentials_say_where_they_go(letters):
    said = refusal(letters, "/letters", json={"text": "a"})
    assert said == "credentials: are required: X-Key (header), or Authorization: Bearer"


def test_only_media_type_is_no_choice(letters):
    headers = {"x-key": "k", "content-type": "text/plain"}
    said = refusal(letters, "/letters", headers=headers, content="a")
    assert said == "header Content-Type: must be application/json"


def test_alternatives_of_properties_are_one_sentence(letters):
    said = refusal(letters, "/letters", headers={"x-key": "k"}, json={"page": "1"})
    assert said == "body: properties 'text' or 'page' and 'pen' are required"


def test_size_of_a_file_is_in_bytes(letters):
    files = {"file": ("a.png", b"1234", "image/png")}
    said = refusal(letters, "/pictures", headers={"x-key": "k"}, files=files)
    assert said == "body at /file: at most 3 bytes, got 4"


def test_body_is_named_once_by_the_client(letters):
    model = letters.models.SendLetterRequest
    with letters.client(handler(), key="k") as client, pytest.raises(RequestError) as caught:
        client.send_letter(model(page="1"))
    assert str(caught.value).startswith("body: properties 'text' or")
