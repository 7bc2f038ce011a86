"""The oracle reads requests and answers by the document alone, with no reader of the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothends.prove import Package
from bothends.prove.oracle.answers import faults
from bothends.prove.oracle.parameter import judge_parameter
from bothends.prove.oracle.reader import Sent
from bothends.prove.oracle.requests import judge_body
from bothends.prove.wire.message import Answer
from bothends.runtime.schema.contract import load_contract
from tests.packages import HEAD

from .packages import make_package

_VERSIONS = """
paths:
  /tides:
    post:
      operationId: add
      requestBody:
        required: true
        content: &versions
          application/vnd.tide+json;version=1: {schema: {type: object, required: [level]}}
          application/vnd.tide+json;version=2: {schema: {type: object, required: [height]}}
      responses: {'200': {description: The same., content: *versions}}
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("versions")
    contract = folder / "contract.yaml"
    contract.write_text(HEAD + _VERSIONS, "utf-8")
    return make_package(folder, "versions", contract)


@pytest.mark.parametrize(
    ("version", "body", "is_allowed"),
    [
        ("1", b'{"level": 1}', True),
        ("1", b'{"height": 1}', False),
        ("2", b'{"height": 1}', True),
        ("2", b'{"level": 1}', False),
    ],
)
def test_version_of_a_media_type_chooses_the_schema(
    package: Package, version: str, body: bytes, is_allowed: bool
) -> None:
    [operation] = package.operations
    content_type = f"application/vnd.tide+json; version={version}"
    answer = Answer(200, (("content-type", content_type),), body)

    assert judge_body(operation, content_type, body) is is_allowed
    assert (list(faults(operation, answer)) == []) is is_allowed


_ANYTHING = """
paths:
  /files:
    put:
      operationId: keep
      requestBody: {required: true, content: {'*/*': {schema: {type: string, format: binary}}}}
      responses: {'204': {description: Kept.}}
"""


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "image/png"])
def test_bytes_of_any_media_type_are_bytes(tmp_path: Path, content_type: str) -> None:
    contract = tmp_path / "contract.yaml"
    contract.write_text(HEAD + _ANYTHING, "utf-8")
    [operation] = make_package(tmp_path, "any_media_type", contract).operations
    assert judge_body(operation, content_type, b"{") is True


_PARTS = """
paths:
  /tides:
    post:
      operationId: add
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              oneOf:
              - {type: object, required: [size], additionalProperties: false, properties: {size: {type: integer}}}
              - type: object
                required: [size, days]
                properties: {size: {type: string}, days: {type: array, minItems: 2, items: {type: string}}}
            encoding: {days: {style: pipeDelimited, explode: false}}
      responses: {'204': {description: Added.}}
"""


@pytest.mark.parametrize(
    ("parts", "is_allowed"),
    [
        ({"size": "5"}, True),
        ({"size": "a"}, False),
        ({"size": "5", "days": "1|2"}, True),
        ({"size": "5", "days": "1"}, False),
        ({"size": "5", "days": "1,2"}, False),
    ],
)
def test_parts_are_read_by_style_and_by_each_alternative(
    tmp_path: Path, parts: dict[str, str], is_allowed: bool
) -> None:
    contract = tmp_path / "contract.yaml"
    contract.write_text(HEAD + _PARTS, "utf-8")
    [operation] = make_package(tmp_path, "parts_of_alternatives", contract).operations

    lines = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in parts.items()
    ]
    body = ("".join(lines) + "--x--\r\n").encode()
    assert judge_body(operation, "multipart/form-data; boundary=x", body) is is_allowed


_COMMAS = """
paths:
  /tides:
    get:
      operationId: list
      parameters:
      - {name: no, in: query, explode: false, schema: {type: array, items: {type: integer}}}
      - {name: two, in: query, explode: false, schema: {type: array, minItems: 2, items: {type: string}}}
      - {name: kind, in: query, explode: false, schema: {type: array, items: {enum: [a, b]}}}
      responses: {'204': {description: Added.}}
"""


@pytest.mark.parametrize(
    ("name", "text", "verdict"),
    [
        ("no", "1,2", True),
        ("no", "1%2C2", None),
        ("no", "1%2Ca", False),
        ("kind", "a%2Cb", None),
        ("kind", "a%2Cc", False),
        ("two", "a%2Cb", False),
        ("two", "a,b%2Cc", True),
    ],
)
def test_encoded_comma_is_undecided_where_no_item_has_one(
    tmp_path: Path, name: str, text: str, verdict: bool | None
) -> None:
    contract = tmp_path / "contract.yaml"
    contract.write_text(HEAD + _COMMAS, "utf-8")
    [operation] = make_package(tmp_path, f"commas_{name}_{abs(hash(text))}", contract).operations
    index = ["no", "two", "kind"].index(name)
    sent = Sent(query=[(name, text)])
    read = load_contract(operation.api)
    assert judge_parameter(read, operation.pointer, index, sent) is verdict


_FIELDS = """
paths:
  /tides:
    post:
      operationId: add
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              additionalProperties: false
              properties:
                words: {type: array, items: {type: string}}
                note: {type: string}
                days: {type: array, items: {type: object}}
            encoding: {words: {contentType: application/json}, note: {contentType: application/json}}
      responses: {'204': {description: Added.}}
"""


@pytest.mark.parametrize(
    ("body", "is_allowed"),
    [
        ("words=%5B%22a%22%5D", True),
        ("words=%22a%22&words=%22b%22", True),
        ("words=a", False),
        ("words%5B%5D=a", False),
        ("note=%22a%22", True),
        ("note=a", False),
        ("note=%22a%22&note=%22a%22", False),
        ("days=%5B%7B%7D%5D", True),
        ("days=%7B%7D&days=%7B%7D", True),
        ("days=1", False),
    ],
)
def test_fields_are_json_by_their_encoding(tmp_path: Path, body: str, is_allowed: bool) -> None:
    contract = tmp_path / "contract.yaml"
    contract.write_text(HEAD + _FIELDS, "utf-8")
    [operation] = make_package(tmp_path, "json_fields", contract).operations
    content_type = "application/x-www-form-urlencoded"
    assert judge_body(operation, content_type, body.encode()) is is_allowed
