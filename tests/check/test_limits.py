"""Checks end, fetch nothing, and raise nothing, whatever the contract says."""

from __future__ import annotations

import json
import socket
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.growth import growth

from bothends.diagnostics import Finding
from bothends.load import parse_document
from bothends.pipeline import check_and_normalise

TIDES: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Tides", "version": "1"},
    "paths": {
        "/tides/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
            ],
            "post": {
                "operationId": "addTide",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Tide"}}
                    }
                },
                "responses": {
                    "201": {
                        "description": "Added.",
                        "headers": {"X": {"schema": {"type": "integer"}}},
                    }
                },
            },
        }
    },
    "components": {
        "schemas": {
            "Tide": {
                "type": "object",
                "properties": {"next": {"$ref": "#/components/schemas/Tide"}},
            }
        }
    },
}
JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", "x", "#/components", "#/x", "a.yaml", "x-claims", "("]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["$ref", "schema", "type", "items", "allOf", "x-claims", "200"]),
            inner,
            max_size=2,
        )
    ),
    max_leaves=4,
)


def places(value: Any, pointer: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [
        pointer,
        *(location for key, item in inner for location in places(item, (*pointer, key))),
    ]


@settings(max_examples=200)
@given(st.sampled_from(places(TIDES)[1:]), JUNK, st.sampled_from(["3.0.3", "3.1.0"]))
def test_no_nonsense_anywhere_raises(location: tuple[Any, ...], junk: Any, version: str) -> None:
    data = json.loads(json.dumps({**TIDES, "openapi": version}))
    holder = data
    for key in location[:-1]:
        holder = holder[key]

    holder[location[-1]] = junk
    for finding in check_and_normalise(
        parse_document(json.dumps(data).encode(), "tides.json")
    ).findings:
        assert finding.location is not None


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    data = {**TIDES, "components": {"schemas": {"Tide": {"$ref": "http://127.0.0.1:9/x.json"}}}}
    codes = [
        finding.code
        for finding in check_and_normalise(
            parse_document(json.dumps(data).encode(), "t.json")
        ).findings
    ]
    assert "dangling-reference" in codes


def test_a_pattern_cannot_hang_the_check() -> None:
    def check(length: int) -> tuple[Finding, ...]:
        schema = {"type": "string", "pattern": "^(a+)+$", "examples": ["a" * length + "b"]}
        data = {**TIDES, "components": {"schemas": {"Tide": schema}}}
        return check_and_normalise(parse_document(json.dumps(data).encode(), "t.json")).findings

    assert growth(check, 500, 5_000) < 30
    findings = check(5_000)
    assert "example-invalid" in [finding.code for finding in findings]


def test_schemas_that_contain_themselves_by_every_way_end() -> None:
    tide = {"$ref": "#/components/schemas/Tide"}
    schema = {
        "allOf": [{"items": tide}],
        "anyOf": [{"not": tide}],
        "items": tide,
        "required": ["x"],
    }
    data = {**TIDES, "components": {"schemas": {"Tide": schema}}}
    assert (
        check_and_normalise(parse_document(json.dumps(data).encode(), "t.json")).findings
        is not None
    )


def test_a_long_chain_of_references_does_not_exhaust_the_stack() -> None:
    chain = {
        f"S{i}": {"properties": {"next": {"$ref": f"#/components/schemas/S{i + 1}"}}}
        for i in range(2000)
    }
    data = {**TIDES, "components": {"schemas": {"Tide": {}, **chain, "S2000": {"type": "string"}}}}
    codes = {
        finding.code
        for finding in check_and_normalise(
            parse_document(json.dumps(data).encode(), "t.json")
        ).findings
    }
    assert "chain-too-long" in codes
    others = {"invalid-request-undocumented", "component-unused", "id-unbounded"}
    assert codes - {"chain-too-long"} <= others
