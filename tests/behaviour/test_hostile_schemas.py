"""Schemas and bodies that multiply: each request is judged in time, and judged right."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.growth import growth
from tests.packages import handler, send

from bothends.runtime.schema.contract import Contract

TREES = """
paths:
  /trees:
    post:
      operationId: plant
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}}
      responses: {'204': {description: Planted.}, '400': {description: Refused.}}
    get:
      operationId: look
      parameters: [{name: levels, in: query, schema: {type: array, items: {$ref: '#/components/schemas/Level'}}}]
      responses: {'204': {description: Planted.}, '400': {description: Refused.}}
  /levels:
    post:
      operationId: level
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Level'}}}}}
      responses: {'204': {description: Planted.}, '400': {description: Refused.}}
components:
  schemas:
    Tree:
      oneOf:
        - {type: object, required: [left], properties: {left: {$ref: '#/components/schemas/Tree'}, kind: {const: a}}}
        - {type: object, required: [left], properties: {left: {$ref: '#/components/schemas/Tree'}, kind: {const: b}}}
        - {type: object, required: [right], properties: {right: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
        - {type: integer}
    Level: {enum: [LEVELS]}
""".replace("LEVELS", ", ".join(f"level{number}" for number in range(5000)))

"""Seconds. Judged without bounds, each of these takes a minute or does not end; on a busy machine they take some tenths."""


def _chain(length: int, end: object) -> object:
    value = end
    for number in range(length):
        value = {"left": value, "kind": "ab"[number % 2]}
    return value


@pytest.fixture(scope="module")
def trees(made_once):
    return made_once(TREES)


@pytest.mark.parametrize("end", ["leaf", 1])
def test_alternatives_that_overlap_at_every_level_of_a_body(trees, end):
    app = trees.app(handler(plant=lambda body: None))

    def plant(depth):
        return send(app, "POST", "/trees", json=_chain(depth, end))

    assert growth(plant, 10, 20) < 8
    answer = plant(60)
    assert answer.status_code == (204 if end == 1 else 400)


LONG = {
    "text": "x" * 300_000,
    "numbers": list(range(50_000)),
    "arrays": [[] for _ in range(15_000)],
    "objects": [{"a": number} for number in range(15_000)],
}


@pytest.mark.parametrize("end", ["leaf", 1])
@pytest.mark.parametrize("beside", LONG.values(), ids=LONG)
def test_a_long_value_beside_alternatives_that_overlap(trees, beside, end):
    app = trees.app(handler(plant=lambda body: None))

    def plant(depth):
        body = _chain(depth, {"left": end, "kind": "a", "beside": beside})
        return send(app, "POST", "/trees", json=body)

    assert growth(plant, 2, 100) < 12
    answer = plant(100)
    assert answer.status_code == (204 if end == 1 else 400)


def test_an_example_that_is_deep_is_judged_in_time(package):
    def make(depth):
        wrong = f"example: {json.dumps(_chain(depth, 'leaf'))}"
        return package(TREES.replace("    Tree:\n", f"    Tree:\n      {wrong}\n"))

    assert growth(make, 10, 20) < 8
    made = make(60)
    assert any("not what its schema allows" in finding.message for finding in made.made.findings)


def test_thousands_of_wrong_items_of_a_long_enumeration(trees):
    app = trees.app(handler(level=lambda body: None, look=lambda levels: None))

    def post(count):
        assert send(app, "POST", "/levels", json=["none"] * count).status_code == 400

    def get(count):
        query = "&".join(["levels=none"] * count)
        assert send(app, "GET", f"/trees?{query}").status_code == 400

    assert growth(post, 5_000, 20_000) < 10
    assert growth(get, 125, 500) < 10


def test_doubling_alternatives_of_a_parameter_are_refused(package):
    def make(levels):
        steps = "".join(
            f"    S{n}: {{anyOf: [{{$ref: '#/components/schemas/S{n + 1}'}}, {{$ref: '#/components/schemas/S{n + 1}'}}]}}\n"
            for n in range(levels)
        )
        return package(
            "paths:\n"
            "  /a: {get: {operationId: a, parameters: [{name: q, in: query, schema: {$ref: '#/components/schemas/S0'}}],"
            " responses: {'204': {description: Nothing.}}}}\n"
            "  /b: {get: {operationId: b, responses: {'204': {description: Nothing.}}}}\n"
            f"components:\n  schemas:\n{steps}    S{levels}: {{type: integer, example: 1}}\n"
        )

    assert growth(make, 20, 25) < 8
    made = make(25)
    assert [one.wire_name for one in made.made.api.operations] == ["b"]
    assert "alternatives-multiply" in {finding.code for finding in made.made.findings}


SCHEMAS = {
    "Open": {"anyOf": [{"$ref": "#/components/schemas/Pair"}, {"type": ["integer", "string"]}]},
    "Pair": {
        "type": "object",
        "properties": {"a": {"$ref": "#/components/schemas/Open"}, "b": {"type": "integer"}},
        "patternProperties": {
            "^c": {"anyOf": [{"$ref": "#/components/schemas/Open"}, {"type": "null"}]}
        },
        "dependentSchemas": {
            "b": {"required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/List"}}}
        },
        "unevaluatedProperties": False,
    },
    "List": {
        "type": "array",
        "prefixItems": [{"$ref": "#/components/schemas/Open"}],
        "items": {
            "oneOf": [
                {"$ref": "#/components/schemas/Pair"},
                {"$ref": "#/components/schemas/Closed"},
            ]
        },
        "contains": {"not": {"$ref": "#/components/schemas/Pair"}},
        "maxItems": 2,
    },
    "Closed": {
        "allOf": [{"$ref": "#/components/schemas/Base"}],
        "properties": {"a": {"$ref": "#/components/schemas/Closed"}},
        "if": {"required": ["b"]},
        "then": {"properties": {"b": {"$ref": "#/components/schemas/Open"}}},
        "unevaluatedProperties": {"$ref": "#/components/schemas/List"},
    },
    "Stated": {
        "type": "array",
        "uniqueItems": True,
        "items": {
            "anyOf": [
                {"enum": [[[1], 2], {"a": {"b": [1]}}, 1]},
                {"const": {"a": [[1]]}},
                {"minProperties": 2},
            ]
        },
    },
    "Base": {
        "type": "object",
        "properties": {"c": {"$ref": "#/components/schemas/Closed"}, "d": True},
    },
}
VALUES = st.recursive(
    st.sampled_from([1, 1.0, "x", None, True]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), inner, max_size=3)
    ),
    max_leaves=8,
)


class TestDeepValues:
    """A value that is judged part by part gets the verdict that it gets as a whole."""

    @settings(max_examples=400, deadline=None)
    @given(st.sampled_from(sorted(SCHEMAS)), VALUES)
    def test_verdicts(self, name, value):
        pointer = f"/components/schemas/{name}"
        whole = Contract({"components": {"schemas": SCHEMAS}})
        limits = {f"/components/schemas/{key}": 0 for key in SCHEMAS}
        parts = Contract({"components": {"schemas": SCHEMAS, "x-costly": limits}})
        assert parts.accepts(pointer, value) == whole.accepts(pointer, value)
        assert (parts.fault(pointer, value) is None) == (whole.fault(pointer, value) is None)
        assert "x-bothends" not in str(parts.fault(pointer, value))


BACKTRACKING = """
paths:
  /doors:
    post:
      operationId: open
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties: {secret: {type: string, pattern: '^((?=a)a|a)*c$'}}
      responses: {'204': {description: Open.}}
"""


def test_pattern_beyond_its_steps_is_a_refusal(package, caplog):
    app = package(BACKTRACKING).app(handler(open=lambda body: None))
    reply = send(app, "POST", "/doors", json={"secret": "a" * 60 + "!"})
    assert (reply.status_code, "pattern" in reply.text) == (400, True)
    assert "aaaa" not in caplog.text + reply.text
