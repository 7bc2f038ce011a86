"""Every media type: what the caller passes is what the handler gets, and what it answers is what the caller gets."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.packages import handler, send

from bothends.runtime import File, RequestError, Response

OPAQUE = """
paths:
  /text:
    post:
      operationId: sendText
      requestBody: {required: true, content: {text/plain: {schema: {type: string, maxLength: 40}}}}
      responses: {'200': {description: The same., content: {text/plain: {schema: {type: string}}}}}
    put:
      operationId: sendNumber
      requestBody: {required: true, content: {text/plain: {schema: {type: [integer, boolean]}}}}
      responses: {'200': {description: The same., content: {text/plain: {schema: {type: [integer, boolean]}}}}}
  /octets:
    post:
      operationId: sendBytes
      requestBody:
        required: true
        content: {application/octet-stream: {schema: {type: string, format: binary, maxLength: 40}}}
      responses: {'200': {description: The same., content: {application/octet-stream: {}}}}
    put:
      operationId: sendPicture
      requestBody: {required: true, content: {'image/*': {}}}
      responses: {'200': {description: The same., content: {'image/*': {}}}}
  /xml:
    post:
      operationId: sendXml
      requestBody: {required: true, content: {application/xml: {}}}
      responses: {'200': {description: The same., content: {application/xml: {schema: {type: string}}}}}
"""

no_check = settings(  # what stands here replaces what the profile has: too_slow again, or a busy machine fails the test
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def same(body: Any, **_: Any) -> Any:
    return body


def keeper(seen: list[Any]) -> Any:
    def keep(body: Any) -> None:
        seen.append(body)

    return keep


@pytest.fixture(scope="module")
def opaque(made_once):
    return made_once(OPAQUE).client(
        handler(
            send_text=same,
            send_number=same,
            send_bytes=same,
            send_xml=same,
            send_picture=lambda body, *, content_type: Response(body, content_type=content_type),
        )
    )


@no_check
@given(text=st.text(max_size=40))
def test_text_goes_there_and_back(opaque, text):
    assert opaque.send_text(text) == text


@pytest.mark.parametrize("value", [0, -7, 10**30, True, False])
def test_scalars_go_as_text(opaque, value):
    answer = opaque.send_number(value)
    assert (answer, type(answer)) == (value, type(value))


@no_check
@given(content=st.binary(max_size=40))
def test_bytes_go_there_and_back(opaque, content):
    assert opaque.send_bytes(content) == content


def test_length_is_counted_in_bytes(opaque):
    with pytest.raises(RequestError, match="at most 40"):
        opaque.send_bytes(b"x" * 41)


def test_bytes_come_from_a_path_or_an_open_file(opaque, tmp_path: Path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"\x00\xff")
    assert opaque.send_bytes(path) == b"\x00\xff"
    assert opaque.send_bytes(io.BytesIO(b"abc")) == b"abc"


def test_a_range_of_media_types_is_chosen_from(opaque):
    assert opaque.send_picture(b"\x89PNG", content_type="image/png") == b"\x89PNG"
    with pytest.raises(RequestError, match="must be one of image"):
        opaque.send_picture(b"", content_type="text/plain")


def test_xml_is_text(opaque):
    assert opaque.send_xml("<a>é</a>") == "<a>é</a>"


FORM = """
paths:
  /form:
    post:
      operationId: sendForm
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: {$ref: '#/components/schemas/Order'}
            encoding:
              tags: {style: pipeDelimited, explode: false}
              place: {style: deepObject, explode: true}
      responses: {'200': {description: The same., content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}}
components:
  schemas:
    Order:
      type: object
      additionalProperties: false
      properties:
        name: {type: string}
        count: {type: integer}
        price: {type: number}
        open: {type: boolean}
        codes: {type: array, items: {type: integer}}
        tags: {type: array, items: {type: string, minLength: 1}}
        place: {type: object, properties: {city: {type: string}, zip: {type: integer}}}
        detail: {type: object, properties: {a: {type: [string, 'null']}}}
        lines: {type: array, items: {type: object, properties: {sku: {type: string}}}}
"""


@pytest.fixture(scope="module")
def form(made_once):
    return made_once(FORM)


some = st.text(max_size=6)
orders = st.fixed_dictionaries(
    {},
    optional={
        "name": some,
        "count": st.integers(),
        "price": st.floats(allow_nan=False, allow_infinity=False),
        "open": st.booleans(),
        "codes": st.lists(st.integers(), min_size=1, max_size=3),
        # A pipe within a tag cannot be told from one between two.
        "tags": st.lists(
            st.text(min_size=1, max_size=4).filter(lambda tag: "|" not in tag),
            min_size=1,
            max_size=3,
        ),
        "place": st.fixed_dictionaries({"city": some}, optional={"zip": st.integers()}),
        "detail": st.fixed_dictionaries({}, optional={"a": st.none() | some}),
        "lines": st.lists(st.fixed_dictionaries({"sku": some}), min_size=1, max_size=3),
    },
)


def typed(made: Any, order: dict[str, Any]) -> Any:
    models, order = made.models, dict(order)
    kinds = models.Order.model_fields

    nested = {name: cls for name in ("place", "detail") for cls in _classes(kinds[name].annotation)}
    for name, cls in nested.items():
        if name in order:
            order[name] = cls(**order[name])

    if "lines" in order:
        (cls,) = _classes(kinds["lines"].annotation)
        order["lines"] = [cls(**line) for line in order["lines"]]

    return models.Order(**order)


def _classes(annotation: Any) -> list[Any]:
    from typing import get_args

    if hasattr(annotation, "model_fields"):
        return [annotation]
    return [cls for inner in get_args(annotation) for cls in _classes(inner)]


@no_check
@given(order=orders)
def test_a_form_goes_there_and_back(form, order):
    client = form.client(handler(send_form=same))
    sent = typed(form, order)
    answer = client.send_form(sent)
    assert answer == sent
    assert answer.model_fields_set == sent.model_fields_set


@pytest.mark.parametrize(
    ("content", "is_fine"),
    [
        ("", True),
        ("name=a+b%26", True),
        ("open=true", True),
        ("open=1", False),
        ("open=True", False),
        ("count=1.0", False),
        ("count=+1", False),
        ("count=01", False),
        ("price=NaN", False),
        ("name=a&name=b", False),
        ("codes=1&codes=2", True),
        ("codes=1&codes=x", False),
        ("other=1", False),
        ("place[city]=a", True),
        ("place[city]=a&place[city]=b", False),
        ("detail=%7B%22a%22:null%7D", True),
        ("detail=NaN", False),
        ("name=%FF", False),
        ("name=%00", True),
    ],
)
def test_forms_are_judged_as_the_schema_says(form, content, is_fine):
    seen: list[Any] = []

    def keep(body):
        seen.append(body)
        return body

    headers = {"content-type": "application/x-www-form-urlencoded"}
    got = send(
        form.app(handler(send_form=keep)),
        "POST",
        "/form",
        content=content.encode(),
        headers=headers,
    )
    assert (got.status_code == 200, bool(seen)) == (is_fine, is_fine), got.text


PARTS = """
paths:
  /pets:
    post:
      operationId: addPet
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              additionalProperties: false
              required: [name]
              properties:
                name: {type: string, maxLength: 10}
                age: {type: integer}
                note: {type: object, properties: {text: {type: string}}}
                photo: {type: string, format: binary, maxLength: 64}
                scans: {type: array, maxItems: 3, items: {type: string, format: binary}}
                nicknames: {type: array, items: {type: string}}
            encoding:
              photo:
                contentType: image/png, image/jpeg
                headers: {X-Taken: {schema: {type: integer}}}
      responses: {'204': {description: Added.}}
"""


@pytest.fixture(scope="module")
def pets(made_once):
    return made_once(PARTS)


names = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='%"\\'),
    min_size=1,
    max_size=6,
)
files = st.builds(
    File,
    st.binary(max_size=64),
    st.none() | names,
    st.sampled_from(["text/csv", "application/pdf"]),
)
photos = st.builds(
    File,
    st.binary(max_size=64),
    st.none() | names,
    st.sampled_from(["image/png", "image/jpeg"]),
    st.dictionaries(st.just("X-Taken"), st.integers().map(str), max_size=1),
)


@no_check
@given(
    pet=st.fixed_dictionaries(
        {"name": st.text(max_size=10)},
        optional={
            "age": st.integers(),
            "photo": photos,
            "scans": st.lists(files, min_size=1, max_size=3),
            "nicknames": st.lists(some, min_size=1, max_size=3),
        },
    )
)
def test_parts_arrive_as_they_were_passed(pets, pet):
    seen: list[Any] = []
    (model,) = (
        cls for cls in vars(pets.models).values() if "scans" in getattr(cls, "model_fields", {})
    )
    client = pets.client(handler(add_pet=keeper(seen)))
    client.add_pet(model(**pet))
    assert seen == [model(**pet)]


def _multipart(*parts: tuple[str, bytes]) -> dict[str, Any]:
    content = (
        b"".join(b"--b\r\n" + head.encode() + b"\r\n\r\n" + data + b"\r\n" for head, data in parts)
        + b"--b--\r\n"
    )
    return {"content": content, "headers": {"content-type": "multipart/form-data; boundary=b"}}


NAME = ('Content-Disposition: form-data; name="name"', b"Rex")
PHOTO = 'Content-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: '


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (_multipart(NAME), 204),
        (_multipart(NAME, NAME), 400),
        (_multipart(), 400),
        (_multipart(NAME, ('Content-Disposition: form-data; name="age"', b"1")), 204),
        (_multipart(NAME, ('Content-Disposition: form-data; name="age"', b"1.0")), 400),
        (_multipart(NAME, ('Content-Disposition: form-data; name="other"', b"1")), 400),
        (_multipart(NAME, (PHOTO + "image/png", b"\x89")), 204),
        (_multipart(NAME, (PHOTO + "image/gif", b"\x89")), 415),
        (_multipart(NAME, (PHOTO + "image/png\r\nX-Taken: soon", b"\x89")), 400),
        (_multipart(NAME, (PHOTO + "image/png", b"\x89" * 65)), 400),
        (
            _multipart(
                (
                    'Content-Disposition: form-data; name="name"\r\nContent-Type: text/plain; charset=latin1',
                    b"a",
                )
            ),
            415,
        ),
        (_multipart(("Content-Disposition: form-data", b"a")), 400),
        (_multipart(('Content-Disposition: form-data; name="name"', b"\xff")), 400),
        (
            {"content": b"--b\r\n", "headers": {"content-type": "multipart/form-data; boundary=b"}},
            400,
        ),
        (
            {"content": b"nothing", "headers": {"content-type": "multipart/form-data; boundary=b"}},
            400,
        ),
        ({"content": b"--b--", "headers": {"content-type": "multipart/form-data"}}, 415),
    ],
)
def test_parts_are_judged_as_the_contract_says(pets, request_, status):
    app = pets.app(handler(add_pet=lambda body: None))
    assert send(app, "POST", "/pets", **request_).status_code == status
