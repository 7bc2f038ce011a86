"""Which keywords count as kept and broken, seen in exchanges that were written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothends.prove import Evidence, Package
from bothends.prove.evidence.record import Sides
from bothends.prove.oracle.keywords import KeywordCount
from bothends.prove.wire.message import Answer
from tests.growth import growth

from .packages import make_package

CONTRACT = """\
openapi: 3.1.0
info: {title: Pigeons, version: '1'}
servers: [{url: https://pigeons.example}]
paths:
  /pigeons/{id}/letters:
    post:
      operationId: sendLetter
      parameters:
      - {name: id, in: path, required: true, schema: {type: string, minLength: 1}}
      - {name: kinds, in: query, schema: {type: array, items: {$ref: '#/components/schemas/Kind'}}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              anyOf: [{required: [text]}, {required: [page]}]
              properties:
                name:
                  allOf: [{$ref: '#/components/schemas/Name'}, {minLength: 2}, {description: N.}]
      responses: {'204': {description: Sent.}}
  /flights:
    post:
      operationId: addFlight
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Flight'}}}}
      responses: {'204': {description: Kept.}}
  /pictures:
    post:
      operationId: addPicture
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                file: {type: string, format: binary, maxLength: 3}
                note: {type: string}
                flight: {type: object, properties: {next: {$ref: '#/components/schemas/Flight'}}}
                size: {type: integer}
      responses: {'204': {description: Kept.}}
components:
  schemas:
    Kind: {type: string, enum: [fast, slow]}
    Name: {type: string, format: pigeon, maxLength: 4}
    Flight:
      anyOf:
      - {$ref: '#/components/schemas/Day'}
      - {properties: {light: {const: moon}, next: {$ref: '#/components/schemas/Flight'}}}
      - {properties: {light: {const: star}, next: {$ref: '#/components/schemas/Flight'}}}
      - {properties: {light: {const: fire}, next: {$ref: '#/components/schemas/Flight'}}}
    Day: {properties: {light: {const: sun}, next: {$ref: '#/components/schemas/Flight'}}}
"""
FORM = {"content-type": "multipart/form-data; boundary=b"}
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def pigeons(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("counted")
    (folder / "openapi.yaml").write_text(CONTRACT, encoding="utf-8")
    return make_package(folder / "made", "counted_pigeons", Path(folder / "openapi.yaml"))


def gaps(package: Package, *sent: tuple[str, dict[str, str], bytes]) -> dict[str, str]:
    """What is missing of each keyword after these requests, by the keyword's place."""
    found = Evidence()
    count = KeywordCount(package.api, package.operations, "", found)
    operations = {operation.path: operation for operation in package.operations}
    for url, headers, body in sent:
        path = url if url in operations else "/pigeons/{id}/letters"
        count.take(operations[path], url, headers, body, Answer(204))

    return {place[2]: sides.gap(place) for place, sides in found.keywords.items()}


def letter(body: bytes) -> tuple[str, dict[str, str], bytes]:
    return "/pigeons/p1/letters?kinds=fast", JSON, body


def test_each_part_of_all_of_counts_by_itself(pigeons: Package) -> None:
    sent = [letter(b'{"text": "a", "name": "%s"}' % name) for name in (b"abc", b"abcde")]
    found = gaps(pigeons, *sent)
    assert found["/components/schemas/Name/maxLength"] == ""
    (place,) = [place for place in found if place.endswith("/name/allOf/0")]
    assert found[place] == ""
    assert found[place.replace("/allOf/0", "/allOf/1/minLength")] == "never broken"


def test_what_judges_nothing_is_no_gap(pigeons: Package) -> None:
    found = gaps(pigeons, letter(b'{"text": "a", "name": "abc"}'))
    assert "/components/schemas/Name/maxLength" in found
    assert "/components/schemas/Name/format" not in found
    assert not [place for place in found if place.endswith("/allOf/2")]


def test_alternatives_that_nothing_fits_are_broken(pigeons: Package) -> None:
    one = [letter(b'{"text": "a"}'), letter(b'{"page": "a"}')]
    nothing = letter(b"{}")
    place = next(key for key in gaps(pigeons) if key.endswith("/anyOf/0/required"))
    assert gaps(pigeons, *one)[place] == "never broken"
    assert gaps(pigeons, *one, nothing)[place] == ""


def test_deep_values_of_alternatives_take_time_that_grows_with_them(pigeons: Package) -> None:
    def count(depth: int) -> dict[str, str]:
        body = b'{"light":"lamp","next":' * depth + b'{"light":"sun"}' + b"}" * depth
        return gaps(pigeons, ("/flights", JSON, body))

    assert growth(count, 2, 8) < 10
    assert count(8)["/components/schemas/Day/properties/light/const"] == ""


def test_a_value_counts_once_wherever_it_comes_back(pigeons: Package) -> None:
    found = Evidence()
    count = KeywordCount(pigeons.api, pigeons.operations, "", found)
    (operation,) = (o for o in pigeons.operations if o.path == "/flights")
    same = b'{"light":"sun","next":{"light":"moon"}}'
    for body in (same, same, same.replace(b":", b": "), b'{"next":%s}' % same):
        count.take(operation, "/flights", JSON, body, Answer(204))

    place = (pigeons.api.name, "request", "/components/schemas/Day/properties/light/const")
    assert found.keywords[place] == Sides(kept=1)


def test_what_text_cannot_break_is_not_counted(pigeons: Package) -> None:
    counted = {place.rpartition("/schemas/")[2] for place in gaps(pigeons, letter(b"{}"))}
    assert "Kind/enum" in counted
    assert "Kind/type" not in counted
    assert not [place for place in counted if "/parameters/0/" in place]
    assert [place for place in counted if place.endswith("/size/type")]
    assert not [place for place in counted if place.endswith("/note/type")]


def test_size_of_a_file_is_counted(pigeons: Package) -> None:
    def picture(data: bytes) -> tuple[str, dict[str, str], bytes]:
        head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n'
        return (
            "/pictures",
            FORM,
            head + b"Content-Type: image/png\r\n\r\n" + data + b"\r\n--b--\r\n",
        )

    [place] = [key for key in gaps(pigeons) if key.endswith("/file/maxLength")]
    assert gaps(pigeons)[place] == "never met"
    assert gaps(pigeons, picture(b"123"))[place] == "never broken"
    assert gaps(pigeons, picture(b"123"), picture(b"1234"))[place] == ""


def test_file_beside_a_deep_value_is_counted(pigeons: Package) -> None:
    deep = b'{"light":"sun","next":' * 20 + b'{"light":"moon"}' + b"}" * 20
    head = b'--b\r\nContent-Disposition: form-data; name="%s"'
    body = b"\r\n".join(
        [
            head % b"flight" + b"\r\nContent-Type: application/json\r\n\r\n" + deep,
            head % b"file" + b'; filename="a"\r\nContent-Type: image/png\r\n\r\n\xff234',
            b"--b--\r\n",
        ]
    )
    found = gaps(pigeons, ("/pictures", FORM, body))
    [place] = [key for key in found if key.endswith("/file/maxLength")]
    assert found[place] == "never kept"
    assert found["/components/schemas/Day/properties/light/const"] == "never broken"
