"""The oracle reads requests and answers by the document alone, with no reader of the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothends.prove import Package
from bothends.prove.oracle.answers import faults
from bothends.prove.oracle.requests import judge_body
from bothends.prove.wire.message import Answer
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
