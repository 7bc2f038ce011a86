"""Parameters of every style beside each other in one operation."""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bothends.runtime import RequestError
from bothends.runtime.json.value import same
from bothends.runtime.models.encoding import encode
from bothends.runtime.operation import method_of
from tests.packages import Package, handler, import_files, make

TEXT, STRING = st.text("aB,|= &[]%+é", max_size=4), {"type": "string"}
KEYS = st.sampled_from(
    ["x1", "y1", "x2", "y2", "one", "two", "one[x1]", "two[y2]", "n-1", "n-2", "key", "else"]
)


def _object(number: int, **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {f"x{number}": STRING, f"y{number}": {"type": "integer"}},
        **more,
    }


def _fields(number: int) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional={f"x{number}": TEXT, f"y{number}": st.integers()})


def _any_fields(number: int) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda one, other: {**other, **one},
        _fields(number),
        st.dictionaries(KEYS, TEXT, max_size=3),
    )


CLOSED = {"additionalProperties": False}
KINDS: dict[str, Any] = {
    "text": (lambda n: {"schema": STRING}, lambda n: TEXT),
    "list": (
        lambda n: {"schema": {"type": "array", "items": STRING}},
        lambda n: st.lists(TEXT, max_size=3),
    ),
    "joined": (
        lambda n: {"schema": {"type": "array", "items": STRING}, "explode": False},
        lambda n: st.lists(TEXT, max_size=3),
    ),
    "json": (lambda n: {"content": {"application/json": {"schema": _object(n)}}}, _any_fields),
    "joined object": (lambda n: {"schema": _object(n), "explode": False}, _any_fields),
    "closed": (lambda n: {"schema": _object(n, **CLOSED)}, _fields),
    "open": (lambda n: {"schema": _object(n, additionalProperties=STRING)}, _any_fields),
    "patterned": (
        lambda n: {"schema": _object(n, patternProperties={"^n-": STRING}, **CLOSED)},
        _any_fields,
    ),
    "deep": (
        lambda n: {"schema": _object(n, **CLOSED), "style": "deepObject", "explode": True},
        _fields,
    ),
    "open deep": (
        lambda n: {
            "schema": _object(n, additionalProperties=STRING),
            "style": "deepObject",
            "explode": True,
        },
        _any_fields,
    ),
    "either": (
        lambda n: {"schema": {"oneOf": [STRING, _object(n, **CLOSED)]}},
        lambda n: TEXT | _fields(n),
    ),
}
PAIRS = list(combinations([*KINDS, *KINDS], 2))
IDS = [f"get{index}" for index in range(len(PAIRS))]


def _operation(index: int) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "query", **KINDS[kind][0](number)}
        for number, (name, kind) in enumerate(zip(("one", "two"), PAIRS[index], strict=True), 1)
    ]
    return {
        "operationId": IDS[index],
        "parameters": [
            *parameters,
            {"name": "plain", "in": "query", "schema": {"type": "integer"}},
        ],
        "responses": {"204": {"description": "Nothing."}},
    }


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Package:
    folder = tmp_path_factory.mktemp("pairs")
    contract = {
        "openapi": "3.1.0",
        "info": {"title": "Made", "version": "1"},
        "security": [{"key": []}],
        "paths": {f"/{id_}": {"get": _operation(index)} for index, id_ in enumerate(IDS)},
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "key"}}
        },
    }
    made = make(folder / "specs", json.dumps(contract))

    return Package(import_files(folder, made.files), made)


def _call_of_pair(index: int) -> st.SearchStrategy[tuple[int, dict[str, Any]]]:
    strategies = {
        name: KINDS[kind][1](number)
        for number, (name, kind) in enumerate(zip(("one", "two"), PAIRS[index], strict=True), 1)
    }
    arguments = st.fixed_dictionaries({}, optional={**strategies, "plain": st.integers(0, 9)})
    return st.tuples(st.just(index), arguments)


class TestStylesBesideEachOther:
    """What arrives is what was passed, parameter by parameter, or the client refuses the call."""

    def test_two_that_take_any_name_are_a_loss(self, pairs):
        assert {loss.code for loss in pairs.made.api.losses} == {"parameter-overlap"}
        assert {loss.pointer for loss in pairs.made.api.losses} == {
            f"/paths/~1get{index}/get/parameters/1"
            for index, pair in enumerate(PAIRS)
            if pair == ("open", "open")
        }

    @settings(max_examples=600, deadline=None)
    @given(st.sampled_from(range(len(PAIRS))).flatmap(_call_of_pair))
    def test_all_pairs(self, pairs, call):
        index, arguments = call
        operations = {one.id: one for one in pairs.part("operations").OPERATIONS}
        heard: list[dict[str, Any]] = []

        client = pairs.client(handler(**{IDS[index]: lambda **kw: heard.append(kw)}), key="secret")
        try:
            # So many operations are in groups, one for each first part of a path.
            method_of(client, operations[IDS[index]])(**arguments)
        except RequestError:
            assert not heard
            return

        arrived = {name: encode(value) for name, value in heard[0].items() if value is not None}
        assert same(arrived, arguments)
