"""Large bodies that break a bound of their outermost array or object are refused by their beginning."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest

from bothends.runtime.json.budget import MAX_BODY, NAMES, excess, reading
from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.outermost import Outermost

from .served import app_of, post

CONTRACT = """\
paths:
  /sheds:
    post:
      operationId: putSheds
      requestBody: {content: {application/json: {schema: SCHEMA}}}
      responses: {'204': {description: Put.}, '400': {description: Wrong.}}
components:
  schemas:
    Few: {type: array, maxItems: 20, items: {type: object}}
    Closed: {type: object, properties: {a: {}}, additionalProperties: false}
"""
FEW = "{$ref: '#/components/schemas/Few'}"
OBJECTS = b"[" + b'{"a": "a text that is long"},' * 250_000 + b"{}]"
MEMBERS = b"{" + b",".join(b'"%d":1' % number for number in range(250_000)) + b"}"
REFUSED = {
    "items": (FEW, OBJECTS),
    "items of allOf": ("{allOf: [{type: array}, " + FEW + "]}", OBJECTS),
    "another type": ("{type: object}", OBJECTS),
    "no array": (FEW, MEMBERS),
    "members": ("{type: object, maxProperties: 20}", MEMBERS),
    "undeclared": ("{$ref: '#/components/schemas/Closed'}", MEMBERS),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_too_large_is_not_read_whole(tmp_path: Any, name: str) -> None:
    schema, body = REFUSED[name]
    app = app_of(tmp_path, CONTRACT.replace("SCHEMA", schema))
    assert post(app, "application/json", b"[{}]") in (204, 400)
    tracemalloc.start()
    try:
        assert post(app, "application/json", body) == 400
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # The body in the pieces that it is sent in, joined, and a beginning of it.
    assert peak < 3 * len(body)


def test_large_bodies_that_keep_the_bounds_are_taken(tmp_path: Any) -> None:
    app = app_of(tmp_path, CONTRACT.replace("SCHEMA", FEW))
    nested = b'[{"a": [' + b"1," * 100_000 + b"1]},{}]"
    assert post(app, "application/json", nested) == 204
    assert post(app, "application/json", nested[:-1]) == 400
    assert post(app, "application/json", b" " * 100_000 + b"[{}]") == 204
    assert post(app, "application/json", nested[:-1] + b",{}" * 18 + b"]") == 204
    assert post(app, "application/json", nested[:-1] + b",{}" * 19 + b"]") == 400


VALUES = {
    "{type: array}": {"a": 1},
    "{maxItems: 1}": [1, 2],
    "{maxItems: 0}": [1],
    "{allOf: [{maxItems: 3}, {maxItems: 2}]}": [1, 2, 3],
    "{maxProperties: 1}": {"a": 1, "b": 2},
    "{required: [b]}": {"a": 1},
    "{uniqueItems: true}": [1, 1],
    "{type: [string, object]}": [1],
}


@pytest.mark.parametrize("schema", VALUES)
def test_the_fault_is_that_of_the_validator(schema: str) -> None:
    from yaml import safe_load

    contract, value = Contract({"a": safe_load(schema)}), VALUES[schema]
    fault = Outermost(contract.find, "/a").fault_of_value(value)
    assert fault is not None
    assert fault == contract.fault("/a", value)


@pytest.mark.parametrize(
    "schema",
    ["true", "{}", "{anyOf: [{maxItems: 1}, {}]}", "{$ref: '#/a'}", "{items: {maxItems: 1}}"],
)
def test_what_is_not_asserted_of_the_value_is_no_fault(schema: str) -> None:
    from yaml import safe_load

    outermost = Outermost(Contract({"a": safe_load(schema)}).find, "/a")
    for value in ([1, 2], {"a": 1}, "text", None):
        assert outermost.fault_of_value(value) is None
    assert outermost.fault_of_text(b"[" + b"1," * 100_000 + b"1]") is None


def members(count: int) -> bytes:
    return b",".join(b'"%d":1' % number for number in range(count))


def test_names_have_a_budget() -> None:
    records = b"[" + b",".join([b"{" + members(30) + b"}"] * 30_000) + b"]"
    with reading(records, None, MAX_BODY):
        assert excess(records) is None
    with reading(records, 0, MAX_BODY), pytest.raises(JsonTextError, match="names"):
        read_json(records)

    many = b"{" + members(NAMES - 1) + b"}"
    with reading(many, 0, MAX_BODY):
        assert excess(many) is None
        assert excess(b'{"a": "' + b":" * NAMES + b'"}') is None
        assert excess(b'["' + b"{" * 50_000 + b'",{' + members(10) + b"}]") is not None
