"""What a contract costs grows with its size, and what it makes is never too deep for Python and its tools."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bothends.diagnostics import Finding, Severity, render
from bothends.load import parse_document
from bothends.pipeline import check_and_normalise
from tests.growth import growth
from tests.packages import make

Schemas = dict[str, Any]


def to(number: int) -> Schemas:
    return {"$ref": f"#/components/schemas/S{number}"}


def contract(schemas: Schemas, **components: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": to(0)}}
    operation = {"operationId": "a", "responses": {"200": {"description": "x", "content": content}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Made", "version": "1"},
        "paths": {"/a": {"get": operation}},
        "components": {"schemas": schemas, **components},
    }


def references(size: int) -> dict[str, Any]:
    links = {f"S{number}": to(number + 1) for number in range(size)}
    return contract({**links, f"S{size}": {"type": "string"}})


def compositions(size: int) -> dict[str, Any]:
    links = {f"S{number}": {"allOf": [to(number + 1)]} for number in range(size)}
    return contract({**links, f"S{size}": {"type": "object"}})


def broken_references(size: int) -> dict[str, Any]:
    links = {f"S{number}": {"properties": {"n": to(number + 1)}} for number in range(size)}
    return contract({**links, f"S{size}": {"type": "text"}})


def parameters(size: int) -> dict[str, Any]:
    links = {
        f"P{number}": {"$ref": f"#/components/parameters/P{number + 1}"} for number in range(size)
    }
    last = {"name": "q", "in": "query", "schema": {"type": "string"}}
    result = contract({"S0": {}}, parameters={**links, f"P{size}": last})
    result["paths"]["/a"]["get"]["parameters"] = [{"$ref": "#/components/parameters/P0"}]
    return result


def properties(size: int) -> dict[str, Any]:
    return contract({"S0": {"properties": {f"p{number}": {} for number in range(size)}}})


def keys(size: int) -> dict[str, Any]:
    return {**contract({"S0": {}}), "x-keys": {f"k{number}": number for number in range(size)}}


def alternatives(size: int) -> dict[str, Any]:
    return contract({"S0": {"oneOf": [{"const": number} for number in range(size)]}})


@pytest.mark.parametrize(
    "build",
    [references, compositions, broken_references, parameters, properties, keys, alternatives],
)
def test_checking_grows_with_the_contract(build: Callable[[int], dict[str, Any]]) -> None:
    texts = {size: json.dumps(build(size)).encode() for size in (200, 800)}

    def check(size: int) -> None:
        check_and_normalise(parse_document(texts[size], "openapi.json"))

    # Four times the size: linear work costs 4 times as much, quadratic work 16 times.
    assert growth(check, 200, 800) < 10


def test_a_union_of_thousands_is_flat(tmp_path: Path) -> None:
    required = [{"type": "object", "required": [f"p{number}"]} for number in range(1_200)]
    made = make(tmp_path, json.dumps(contract({"S0": {"oneOf": required}})))
    for name, text in made.files.items():
        if name.endswith(".py"):
            compile(text, name, "exec")
            depth = max(_depth(node) for node in ast.walk(ast.parse(text)))
            assert depth < 200, name


def _depth(node: ast.AST) -> int:
    depth = 0
    while isinstance(node, ast.BinOp):
        node, depth = node.left, depth + 1
    return depth


def test_a_message_has_a_bounded_length() -> None:
    finding = Finding("code", Severity.ERROR, "{" * 100_000, None, "}" * 100_000)
    for format_ in ("text", "json", "github", "sarif", "junit"):
        assert len(render([finding], format_, {})) < 10_000
