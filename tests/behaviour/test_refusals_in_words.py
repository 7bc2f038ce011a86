"""What a refusal says to somebody who has only the answer: what is lacking, where, and in which unit."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from tests.packages import handler, send

from bothends.runtime import File, RequestError

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
      parameters:
      - name: tag
        in: query
        explode: false
        schema: {type: array, items: {type: string, maxLength: 1}}
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties: {file: {type: string, format: binary, maxLength: 3}}
            encoding: {file: {contentType: image/png}}
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
    assert str(caught.value).startswith("send_letter: body: properties 'text' or")


def test_bytes_are_no_file_and_say_so(letters):
    request = letters.models.AddPictureRequest
    with pytest.raises(TypeError) as caught:
        request(file=b"1")
    assert str(caught.value) == (
        "AddPictureRequest(): 'file' should be a File of bothends.runtime, such as "
        "File(b'…', media_type='image/png') or File.of('chart.png'); got bytes"
    )
    with pytest.raises(ValidationError, match=r"should be a File of bothends\.runtime"):
        request.model_validate({"file": b"1"})


def test_media_type_of_a_file_is_said_where(letters):
    body = letters.models.AddPictureRequest(file=File(b"1"))
    with letters.client(handler(), key="k") as client, pytest.raises(RequestError) as caught:
        client.add_picture(body)
    assert str(caught.value) == (
        "add_picture: body, part file: Content-Type must be image/png. "
        "A file says its own: File(…, media_type=…)"
    )


def test_item_of_a_parameter_has_its_place(letters):
    files = {"file": ("a.png", b"1", "image/png")}
    said = refusal(letters, "/pictures?tag=ab,c", headers={"x-key": "k"}, files=files)
    assert said == "query parameter tag at /0: at most 1 character, got 2"
    with letters.client(handler(), key="k") as client, pytest.raises(RequestError) as caught:
        client.add_picture(letters.models.AddPictureRequest(file=File(b"1")), tag=["ab", "c"])
    assert str(caught.value).startswith(f"add_picture: {said}. To send")


PLAIN = """
paths:
  /tides:
    get:
      operationId: findTides
      parameters: [{name: day, in: query, required: true, schema: {type: integer}}]
      responses:
        '204': {description: Done.}
        '400': {description: Wrong., content: {text/plain: {schema: {type: string}, example: wrong}}}
"""


def test_documented_plain_text_holds_the_reason(made_once):
    app = made_once(PLAIN).app(handler(find_tides=lambda day: None))
    assert send(app, "GET", "/tides").text == "query parameter day: is required"


NESTED = """
paths:
  /letters:
    post:
      operationId: post
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses:
        '204': {description: Posted.}
        '400':
          description: Refused.
          content:
            application/json:
              schema:
                type: object
                required: [error]
                properties:
                  error:
                    type: object
                    required: [type]
                    properties:
                      type: {type: string, enum: [api_error]}
                      message: {type: string, maxLength: 500}
"""


def test_optional_text_of_a_nested_error_holds_the_reason(made_once):
    app = made_once(NESTED).app(handler(post=lambda body: None))
    error = send(app, "POST", "/letters", json=[]).json()["error"]
    assert error == {"type": "api_error", "message": "body: must be object, got array"}
