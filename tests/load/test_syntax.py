"""What is no YAML or JSON, and what is another format, is said in the words of who wrote it."""

from __future__ import annotations

import gzip
import json

import pytest

from bothends.diagnostics import ContractError, Finding
from bothends.load import format_of_fields, parse_document


def fault(content: str | bytes, path: str = "openapi.yaml") -> Finding:
    """The one fault of a file."""
    with pytest.raises(ContractError) as caught:
        parse_document(content.encode() if isinstance(content, str) else content, path)
    (found,) = caught.value.findings
    return found


def place(found: Finding) -> tuple[int, int]:
    assert found.location is not None
    return found.location.line, found.location.column


@pytest.mark.parametrize(
    ("text", "message", "where"),
    [
        ('{"a": 1,\n}', "a comma stands before }", (1, 8)),
        ('{"a": [1,\n  2, ]}', "a comma stands before ]", (2, 4)),
        ('{"a": 1\n "b": 2}', "a comma is missing", (1, 7)),
        ('{"a": 1, // one\n "b": 2}', "a comment", (1, 10)),
        ('{\n # one\n "b": 2}', "a comment", (2, 2)),
        ('{"a": [1,,2]}', "a comma too many", (1, 10)),
        ("{'a': 1}", "a text in single quotes", (1, 2)),
        ("{\"a\": 'b'}", "a text in single quotes", (1, 7)),
        ("{a: 1}", "a name without double quotes", (1, 2)),
        ('{"a": None}', "None is no value", (1, 7)),
        ('{"a": "b', "the file ends in the middle", (1, 7)),
        ('{"a": {"b": 1', "the file ends in the middle", (1, 14)),
        ('{"a": "b\nc"}', "a line end or a tab stands in a text", (1, 9)),
        ('{"a": "\\d"}', "no such escape", (1, 8)),
        ('{"a": 1}\n{"b": 2}', "something follows the end of the document", (2, 1)),
        ("openapi: 3.1.0\n", "it begins with no value of JSON", (1, 1)),
    ],
)
def test_json_fault_says_what_and_where(text: str, message: str, where: tuple[int, int]) -> None:
    found = fault(text, "openapi.json")
    assert found.message == f"This is not JSON: {message}."
    assert place(found) == where
    assert found.hint


@pytest.mark.parametrize(
    ("text", "message", "where"),
    [
        ("a: x\n  b: y\n", "a key stands below line 1, which has a value already", (2, 3)),
        ("a: x: y\n", '": " stands in a value that is not quoted', (1, 5)),
        ("a: 'x\nb: 'y'\n", "this quote is closed on line 2 only", (1, 4)),
        ('a: "x" y\n', "text follows the closing quote", (1, 8)),
        ("a:\n  b: 1\n\u00a0 c: 2\nd\n", "this line is indented by the character U+00A0", (3, 1)),
    ],
)
def test_yaml_fault_is_at_its_cause(text: str, message: str, where: tuple[int, int]) -> None:
    found = fault(text)
    assert found.message == f"This is not YAML: {message}."
    assert place(found) == where
    assert found.hint


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<!doctype html><p>a: b", "a web page (HTML)"),
        (b"\n<html>", "a web page (HTML)"),
        (b'<?xml version="1.0"?><application/>', "an XML document"),
        (b"#%RAML 1.0\ntitle: T\n", "a RAML document"),
        (b"FORMAT: 1A\nHOST: https://a.example\n", "an API Blueprint"),
        (b"type Query {\n  tides: [Tide!]!\n}\n", "a GraphQL schema"),
        (b'syntax = "proto3";\n', "a Protocol Buffers definition"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "a pointer of Git LFS"),
        (gzip.compress(b"openapi: 3.1.0"), "a gzip archive"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"%PDF-1.7\n%\xe2", "a PDF document"),
    ],
)
def test_file_of_another_format_is_named(content: bytes, name: str) -> None:
    for path in ("openapi.yaml", "openapi.json"):
        found = fault(content, path)
        assert found.message.startswith(f"This is {name}")
        assert place(found) == (1, 1)
        assert found.hint


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"asyncapi": "3.0.0"}', "an AsyncAPI document"),
        ('{"swaggerVersion": "1.2", "apis": []}', "a Swagger 1.x document"),
        ('{"info": {"_postman_id": "1"}, "item": []}', "a Postman collection"),
        ('{"_type": "export", "resources": []}', "an Insomnia export"),
        ('{"log": {"entries": []}}', "a HAR recording"),
        ('{"overlay": "1.0.0", "actions": []}', "an overlay, not the contract that it corrects"),
        ('{"arazzo": "1.0.0"}', "an Arazzo document"),
        ('{"apiVersion": "v1", "kind": "ConfigMap"}', "a Kubernetes manifest"),
        ('{"$schema": "https://json-schema.org/draft/2020-12/schema"}', "a JSON Schema"),
        ('{"data": {"__schema": {}}}', "a GraphQL schema"),
    ],
)
def test_document_of_another_format_is_named(text: str, name: str) -> None:
    found = format_of_fields(json.loads(text))
    assert found is not None
    assert found[0] == name


@pytest.mark.parametrize("text", ["{}", '{"info": {}, "paths": {}}', '{"log": "tides"}'])
def test_document_without_a_sign_is_no_other_format(text: str) -> None:
    assert format_of_fields(json.loads(text)) is None


def test_conflict_of_git_is_told_first() -> None:
    text = "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n"
    found = fault(text)
    assert (found.code, place(found)) == ("merge-conflict", (2, 1))


def test_utf_16_without_a_mark_is_named() -> None:
    assert fault("openapi: 3.1.0".encode("utf-16-le")).code == "not-utf8"
    assert fault("openapi: 3.1.0".encode("utf-16-be")).code == "not-utf8"


def test_alias_inside_of_its_anchor_is_told_apart() -> None:
    document = parse_document(b"x: 1\n", "a.yaml")
    assert document.notes == ()
    found = fault("a: &tide {next: *tide}\n")
    assert "stands inside of the value that &tide names" in found.message
    assert "$ref" in found.hint
