"""A media type that cannot be read costs itself alone: the operation has its others, or carries the content as it is."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest
from tests.packages import handler, send

from bothends.runtime import File, Response

CONTRACT = """
paths:
  /tides:
    post:
      operationId: reportTide
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/Tide'}}
          text/csv: {schema: {$ref: '#/components/schemas/Tide'}}
      responses:
        '200':
          description: The tide.
          content:
            application/vnd.tides.protobuf: {schema: {$ref: '#/components/schemas/Tide'}}
            application/json: {schema: {$ref: '#/components/schemas/Tide'}}
  /tables:
    get:
      operationId: getTable
      responses:
        '200': {description: A table., content: {text/csv: {schema: {$ref: '#/components/schemas/Tide'}}}}
        '404': {description: None., content: {application/pdf: {schema: {$ref: '#/components/schemas/Tide'}}}}
    post:
      operationId: sendTable
      requestBody: {required: true, content: {application/octet-stream: {schema: {$ref: '#/components/schemas/Tide'}}}}
      responses: {'204': {description: Stored.}}
  /buoys:
    get:
      operationId: getBuoy
      responses:
        '200':
          description: A buoy.
          content: {application/vnd.buoy.object: {schema: {$ref: '#/components/schemas/Tide'}}}
    patch:
      operationId: changeBuoy
      requestBody: {required: true, content: {'application/*+json': {schema: {$ref: '#/components/schemas/Tide'}}}}
      responses: {'200': {description: Changed., content: {'text/json': {schema: {$ref: '#/components/schemas/Tide'}}}}}
  /lines:
    post:
      operationId: sendLines
      requestBody: {required: true, content: {application/x-ndjson: {schema: {$ref: '#/components/schemas/Tide'}}}}
      responses:
        '204': {description: Stored.}
        '400': {description: Wrong lines., content: {application/x-ndjson: {schema: {$ref: '#/components/schemas/Tide'}}}}
components:
  schemas:
    Tide: {type: object, required: [level], properties: {level: {type: number}}}
"""
TIDE = {"level": 2.5}


def keeper(seen: list[Any]) -> Any:
    def keep(body: Any) -> None:
        seen.append(body)

    return keep


@pytest.fixture(scope="module")
def package(made_once):
    return made_once(CONTRACT)


def test_an_unread_alternative_leaves_json(package):
    tide = package.models.Tide(level=2.5)
    app = handler(report_tide=lambda body: body)
    assert package.client(app).report_tide(tide) == tide

    headers = {"content-type": "text/csv"}
    assert (
        send(package.app(app), "POST", "/tides", content=b"<tide/>", headers=headers).status_code
        == 415
    )


def test_an_unread_media_type_alone_is_text_or_bytes(package):
    seen: list[Any] = []
    client = package.client(handler(get_table=lambda: "<tide/>", send_table=keeper(seen)))
    client.send_table(b"\0\1")
    assert client.get_table() == "<tide/>"
    assert seen == [b"\0\1"]


def test_an_error_in_bytes_is_raised_typed(package):
    absent = package.errors.GetTableNotFound
    client = package.client(handler(get_table=lambda: Response(b"%PDF", 404)))
    with pytest.raises(absent) as caught:
        client.get_table()
    assert caught.value.body == b"%PDF"


def test_losses_name_the_media_type_and_place(package):
    losses = json.loads(package.made.files["coverage.json"])["losses"]
    lost = [(loss["code"], loss["pointer"].rpartition("/")[2]) for loss in losses]
    assert lost == [
        ("media-type-left-out", "text~1csv"),
        ("media-type-left-out", "application~1vnd.tides.protobuf"),
        ("media-type-unread", "text~1csv"),
        ("media-type-unread", "application~1pdf"),
        ("media-type-unread", "application~1octet-stream"),
    ]
    assert "`level`" in package.made.files["client.py"]


def test_a_loss_of_many_operations_is_one_finding(made_once):
    told = made_once(CONTRACT.replace("text/csv", "application/pdf"))
    codes = [f.code for f in told.made.findings if f.code.startswith("media-type")]
    assert codes == ["media-type-left-out"] * 2 + ["media-type-unread"] * 3


def test_vendor_media_types_of_objects_are_json(package):
    tide = package.models.Tide(level=2.5)
    client = package.client(handler(get_buoy=lambda: tide, change_buoy=lambda body, **_: body))
    assert client.get_buoy() == tide
    assert client.change_buoy(tide) == tide


@pytest.mark.parametrize("content_type", ["application/json", "application/merge-patch+json"])
def test_a_range_of_json_takes_each_json(package, content_type):
    app = package.app(handler(change_buoy=lambda body, **_: body))
    headers = {"content-type": content_type}
    answer = send(app, "PATCH", "/buoys", content=json.dumps(TIDE).encode(), headers=headers)
    assert (answer.status_code, answer.json()) == (200, TIDE)


def test_lines_in_a_request_are_a_list(package):
    seen: list[Any] = []
    tides = [package.models.Tide(level=1), package.models.Tide(level=2)]
    package.client(handler(send_lines=keeper(seen))).send_lines(tides)
    assert seen == [tides]

    headers = {"content-type": "application/x-ndjson"}
    app = package.app(handler(send_lines=keeper(seen)))
    wrong = send(app, "POST", "/lines", content=b'{"level":1}\n{"level":"x"}\n', headers=headers)
    assert wrong.status_code == 400


def test_lines_in_an_error_are_a_list(package):
    tides = [package.models.Tide(level=1), package.models.Tide(level=2)]
    client = package.client(handler(send_lines=lambda body: Response(tides, 400)))
    with pytest.raises(package.errors.SendLinesBadRequest) as caught:
        client.send_lines(tides)
    assert caught.value.body == tides


FORMS = """
paths:
  /token:
    post:
      operationId: getToken
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              oneOf:
                - {type: object, required: [grant_type, code], properties: {grant_type: {const: authorization_code}, code: {type: string}}}
                - {type: object, required: [grant_type, refresh_token], properties: {grant_type: {const: refresh_token}, refresh_token: {type: string}}}
      responses: {'204': {description: Done.}}
  /any:
    post:
      operationId: sendAny
      requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: {}}}}
      responses: {'204': {description: Done.}}
    put:
      operationId: sendParts
      requestBody: {required: true, content: {multipart/form-data: {schema: {}}}}
      responses: {'204': {description: Done.}}
  /files:
    post:
      operationId: sendFiles
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {type: object, additionalProperties: {type: string, format: binary}}
      responses: {'204': {description: Done.}}
    put:
      operationId: sendOne
      requestBody: {required: true, content: {multipart/form-data: {schema: {type: string, format: binary}}}}
      responses: {'204': {description: Done.}}
    patch:
      operationId: sendSticker
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {type: object, required: [file], properties: {file: {type: string, contentEncoding: binary}}}
      responses: {'204': {description: Done.}}
"""


@pytest.fixture(scope="module")
def forms(made_once):
    return made_once(FORMS)


def sent(forms, method: str, *args: Any, **named: Any) -> Any:
    """What a handler receives of a call."""
    seen: list[Any] = []
    client = forms.client(handler(**{method: lambda body, **more: seen.append((body, more))}))
    getattr(client, method)(*args, **named)
    [(body, _)] = seen
    return body


def test_a_form_of_a_union_of_objects_arrives(forms):
    union = [name for name in vars(forms.models) if name.startswith("GetToken")]
    assert len(union) >= 2
    app = forms.app(handler(get_token=lambda body: None))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    right = b"grant_type=refresh_token&refresh_token=x"
    assert send(app, "POST", "/token", content=right, headers=headers).status_code == 204
    wrong = b"grant_type=authorization_code&refresh_token=x"
    assert send(app, "POST", "/token", content=wrong, headers=headers).status_code == 400


def test_a_form_of_anything_arrives(forms):
    assert sent(forms, "send_any", {"a": "x"}) == {"a": "x"}


def test_parts_of_anything_arrive(forms):
    body = {"a": "x", "picture": File(b"\0", "a.png", "image/png")}
    assert sent(forms, "send_parts", body) == body


def test_undeclared_parts_that_are_files_arrive(forms):
    body = {"first": File(b"\0", "a.png", "image/png")}
    assert sent(forms, "send_files", body) == body


def test_a_lone_file_in_parts_is_bytes(forms):
    raw = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n--b--\r\n'
    assert sent(forms, "send_one", raw, content_type="multipart/form-data; boundary=b") == raw


def test_boundary_of_own_parts_is_asked_of_the_caller(forms):
    choice = inspect.signature(forms.module.MadeClient.send_one).parameters["content_type"]
    assert (choice.annotation, choice.default) == (str, choice.empty)


def test_an_encoded_part_is_a_file(forms):
    picture = File(b"\x89PNG", "a.png", "image/png")
    received = sent(forms, "send_sticker", forms.models.SendStickerRequest(file=picture))
    assert received.file == picture


WHOLE = """
paths:
  /notes:
    post:
      operationId: addNote
      requestBody:
        required: true
        content:
          {media_type}: {{schema: {{type: {kinds}, format: {format}}}}}
      responses: {{'204': {{description: Done.}}}}
"""


@pytest.mark.parametrize(
    ("media_type", "kinds", "format_"),
    [
        ("image/png", "[string, 'null']", "binary"),
        ("multipart/mixed", "string", "any"),
        ("multipart/form-data", "string", "binary"),
        ("application/x-www-form-urlencoded", "string", "any"),
    ],
)
def test_content_of_one_text_or_file_is_no_loss(made_once, media_type, kinds, format_):
    made = made_once(WHOLE.format(media_type=media_type, kinds=kinds, format=format_))
    assert made.made.api.losses == ()
    boundary = "; boundary=b" if media_type.startswith("multipart/") else ""
    more = {"content_type": media_type + boundary} if boundary else {}
    assert sent(made, "add_note", b"--b--", **more) == b"--b--"


BY_POSITION = """\
openapi: 3.2.0
info: {title: Letters, version: '1'}
paths:
  /letters:
    post:
      operationId: addLetter
      requestBody: {required: true, content: {multipart/mixed: {schema: {type: object, properties: {to: {}}}}}}
      responses: {'204': {description: Done.}}
    put:
      operationId: setLetter
      requestBody:
        required: true
        content:
          multipart/mixed:
            schema: {type: array, items: {type: array, items: {type: string}}}
            itemEncoding: {contentType: multipart/mixed, itemEncoding: {contentType: text/plain}}
      responses: {'204': {description: Done.}}
    patch:
      operationId: changeLetter
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {type: array, prefixItems: [{type: string}], items: false}
            prefixEncoding: [{headers: {Content-Disposition: {required: true, schema: {type: string}}}}]
      responses: {'204': {description: Done.}}
    delete:
      operationId: endLetter
      requestBody:
        required: true
        content:
          multipart/mixed:
            schema: {type: array, items: {type: string}}
            itemEncoding: {headers: {X-Number: {required: true, schema: {type: integer}}}}
      responses: {'204': {description: Done.}}
    query:
      operationId: findLetters
      requestBody:
        required: true
        content:
          multipart/mixed:
            schema: {type: array, items: {type: object}}
            itemEncoding: {contentType: application/xml}
      responses: {'204': {description: Done.}}
"""


def test_parts_by_position_that_are_not_read_are_bytes_and_say_why(made_once):
    made = made_once(BY_POSITION)
    reasons = {loss.pointer.split("/", 5)[3]: loss.reason for loss in made.made.api.losses}
    words = {
        "post": "its schema is not that of a list",
        "put": "a part of it is a multipart body of its own",
        "patch": "nothing names a part of it",
        "delete": "has the required header X-Number",
        "query": "a part of it is application/xml",
    }
    assert {method for method, text in words.items() if text in reasons.get(method, "")} == {*words}
    places = {loss.pointer.rpartition("/")[2] for loss in made.made.api.losses}
    assert places == {"multipart~1mixed", "itemEncoding", "0"}
    body = b"--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b--"
    content_type = "multipart/mixed; boundary=b"
    assert sent(made, "add_letter", body, content_type=content_type) == body


PARAMETERS = """
paths:
  /tides:
    get:
      operationId: findTides
      parameters:
      - {name: where, in: query, content: {application/xml: {schema: {type: object}}}}
      - {name: note, in: query, content: {text/plain: {schema: {type: string, maxLength: 3}}}}
      - name: when
        in: query
        content:
          application/xml: {schema: {type: string}}
          application/json: {schema: {type: array, items: {type: integer}}}
      responses: {'200': {description: Found., content: {application/json: {schema: {type: object}}}}}
"""


def test_content_of_a_parameter_costs_no_operation(made_once):
    package = made_once(PARAMETERS)
    client = package.client(handler(find_tides=lambda **arguments: arguments))
    found = client.find_tides(where="<a b='c&d'/>", note="x y", when=[1, 2])
    assert found == {"where": "<a b='c&d'/>", "note": "x y", "when": [1, 2]}

    (loss,) = package.made.api.losses
    assert (loss.code, loss.pointer) == (
        "parameter-content",
        "/paths/~1tides/get/parameters/0/content",
    )
    assert [repair.code for repair in package.made.repairs] == ["repaired-content"]
