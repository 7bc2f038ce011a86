"""Schemas whose values are hard to find: there is one, so one is found, and the same each time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bothends.runtime.operation import MISSING
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.sample.pattern import _MOST_STEPS, texts_for
from bothends.runtime.schema.sample.value import sample

BASE = {
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": {"type": "string"}},
    "discriminator": {"propertyName": "kind", "mapping": {"tug": "#/components/schemas/Tug"}},
}
TUG = {
    "allOf": [
        {"$ref": "#/components/schemas/Base"},
        {"required": ["power"], "properties": {"power": {"type": "integer"}}},
    ]
}

HARD = """
{"type": "string", "format": "ipv4", "pattern": "^10[.]"}
{"type": "string", "format": "date", "pattern": "-02-29$"}
{"type": "string", "format": "date", "pattern": "^19"}
{"type": "string", "format": "date", "pattern": "^2024-"}
{"type": "string", "format": "email", "pattern": "@corp[.]example$"}
{"type": "string", "pattern": "\\\\bsea\\\\b", "minLength": 10}
{"type": "object", "required": ["a"], "dependentRequired": {"a": ["b"]}, "dependentSchemas": {"b": {"properties": {"b": {"type": "integer", "minimum": 3}}}}}
{"type": "string", "format": "date-time", "pattern": "[.][0-9]{3}Z$"}
{"type": "string", "format": "date-time", "pattern": "[+]02:00$"}
{"type": "string", "format": "duration", "minLength": 10}
{"type": "string", "format": "json-pointer", "minLength": 4}
{"type": "string", "format": "uri", "maxLength": 12}
{"type": "string", "format": "time", "minLength": 15}
{"type": "string", "format": "date-time", "minLength": 21}
{"type": "string", "format": "email", "minLength": 90}
{"type": "string", "format": "hostname", "minLength": 80}
{"type": "string", "format": "ipv6", "minLength": 39}
{"type": "string", "format": "ipv6", "maxLength": 2}
{"type": "string", "format": "relative-json-pointer", "minLength": 12}
{"type": "string", "format": "email", "maxLength": 7}
{"type": "string", "pattern": "^([a-c])(?<d>x|y)\\\\1{2}\\\\k<d>$"}
{"type": "string", "pattern": "^(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9])(?=.*[^A-Za-z0-9]).{10,20}$"}
{"type": "string", "pattern": "^(?!admin$)[a-z]{5}$"}
{"type": "string", "minLength": 4, "if": {"maxLength": 3}, "then": {"pattern": "^a"}, "else": {"pattern": "z$"}}
{"type": "string", "allOf": [{"pattern": "^a"}, {"pattern": "z$"}, {"pattern": "[0-9]{3}"}]}
{"type": "string", "pattern": "^[A-Z]", "maxLength": 4, "minLength": 4, "allOf": [{"pattern": "[0-9]$"}]}
{"type": "string", "minLength": 1, "not": {"pattern": "[a-y]"}}
{"not": {"type": ["string", "null", "boolean", "number", "array"]}}
{"type": "integer", "multipleOf": 3, "not": {"multipleOf": 2}, "minimum": 4}
{"type": "object", "required": ["card"], "properties": {"card": {"type": "string"}}, "dependentSchemas": {"card": {"required": ["zip"], "properties": {"zip": {"type": "string", "pattern": "^[0-9]{5}$"}}}}}
{"type": "object", "anyOf": [{"properties": {"x": {"type": "integer"}}, "required": ["x"]}, {"properties": {"y": {"type": "integer"}}, "required": ["y"]}], "unevaluatedProperties": false, "minProperties": 2}
{"type": "object", "patternProperties": {"^S_": {"type": "string"}, "^I_": {"type": "integer"}}, "additionalProperties": false, "minProperties": 5}
{"type": "object", "minProperties": 2, "propertyNames": {"not": {"pattern": "^property"}}}
{"type": "array", "prefixItems": [{"type": "string"}], "unevaluatedItems": {"type": "integer"}, "minItems": 3}
{"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "contains": {"type": "boolean"}, "minItems": 3}
{"type": "array", "contains": {"type": "integer", "minimum": 10}, "minContains": 3, "maxContains": 3, "items": {"type": "integer"}, "minItems": 5}
""".strip().splitlines()


def found(schema: Any, *, full: bool) -> Any:
    """The value that a new contract gives, which remembers none."""
    document = {"components": {"schemas": {"Base": BASE, "Tug": TUG}}, "s": schema}
    contract = Contract(json.loads(json.dumps(document)))
    value = sample(contract, "/s", full=full)
    assert value is not MISSING
    assert contract.accepts("/s", value)
    return value


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("text", HARD)
def test_hard_schema_has_a_value(text: str, full: bool) -> None:
    schema = json.loads(text)
    assert found(schema, full=full) == found(schema, full=full)


def test_base_is_one_that_its_discriminator_names() -> None:
    reference = {"$ref": "#/components/schemas/Base"}
    assert found(reference, full=False) == {"kind": "tug", "power": 0}
    assert found({"type": "array", "items": reference}, full=True) == [{"kind": "tug", "power": 0}]


def test_heir_without_a_mapping_is_named_by_its_key() -> None:
    base = BASE | {"discriminator": {"propertyName": "kind"}}
    described = {"property": "kind", "members": ["Base", "Tug"], "values": {"Tug": "Tug"}}
    document = {
        "components": {"schemas": {"Base": base, "Tug": TUG}},
        "x-discriminators": [described | {"otherwise": "Base"}],
    }
    made = sample(Contract(document), "/components/schemas/Base", full=False)
    assert made == {"kind": "Tug", "power": 0}


def test_integer_names_an_alternative_as_an_integer() -> None:
    low = {"type": "object", "required": ["t"], "properties": {"t": {"type": "integer"}}}
    union = {
        "anyOf": [{"$ref": "#/components/schemas/Low"}],
        "discriminator": {"propertyName": "t", "mapping": {"7": "#/components/schemas/Low"}},
    }
    document = {"components": {"schemas": {"Low": low, "Tide": union}}}
    assert sample(Contract(document), "/components/schemas/Tide", full=False) == {"t": 7}


DOUBLING = "(?<a0>x)" + "".join(rf"(?<a{n}>\k<a{n - 1}>\k<a{n - 1}>)" for n in range(1, 60))


@pytest.mark.parametrize(
    "pattern",
    [
        DOUBLING,
        DOUBLING.replace("x", "^"),
        f"(?={DOUBLING})x",
        "(a{4000}){2000}",
        "((a{4000}){4000}){4000}",
        "(?:(?:^{4000}){4000}){4000}",
    ],
)
def test_patterns_that_multiply_write_little(pattern: str) -> None:
    assert sum(map(len, texts_for(pattern))) <= 16 * _MOST_STEPS


def test_long_pattern_is_read_in_steps() -> None:
    sliced = list[int]()

    class Counted(str):
        __slots__ = ()

        def __getitem__(self, key: Any) -> str:
            part = super().__getitem__(key)
            sliced.append(len(part))
            return part

    pattern = Counted("ab" * 1000)
    assert next(texts_for(pattern)) == pattern
    assert sum(sliced) <= 4 * len(pattern)
