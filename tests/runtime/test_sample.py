"""Values made from schemas are valid, or there are none."""

import pytest

from bothends.runtime.contract import Contract
from bothends.runtime.operation import MISSING
from bothends.runtime.sample import sample


def made(schema, **components):
    return sample(Contract({"s": schema, "components": {"schemas": components}}), "/s")


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string"}, ""),
        ({"type": "string", "minLength": 3}, "xxx"),
        ({"type": "string", "format": "date"}, "2000-01-01"),
        ({"type": ["null", "integer"], "minimum": 2.5}, 3),
        ({"type": "integer", "exclusiveMaximum": -5}, -6),
        ({"type": "integer", "exclusiveMinimum": 4, "multipleOf": 4}, 8),
        ({"type": "number", "minimum": 0.25, "multipleOf": 0.25}, 0.25),
        ({"enum": ["b", "a"]}, "b"),
        ({"const": None}, None),
        ({"type": "string", "examples": ["no", 1], "maxLength": 1}, ""),
        ({"type": "array", "minItems": 2, "items": {"type": "boolean"}}, [False, False]),
        ({"type": "object", "required": ["a/b"], "properties": {"a/b": {"type": "null"}, "c": {}}}, {"a/b": None}),
        ({"oneOf": [{"type": "integer", "maximum": 3, "minimum": 4}, {"const": "x"}]}, "x"),
        ({"allOf": [{"required": ["a"], "properties": {"a": {"const": 1}}}, {"type": "object"}]}, {"a": 1}),
        ({"type": "string", "pattern": "^[A-Z]{9}$"}, MISSING),
        (False, MISSING),
    ],
)
def test_made(schema, value):
    assert made(schema) == value


def test_recursion_ends():
    node = {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Node"}}}
    assert made({"$ref": "#/components/schemas/Node"}, Node=node) is MISSING
    node = {
        "oneOf": [{"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Node"}}, {"type": "null"}]
    }
    assert made({"$ref": "#/components/schemas/Node"}, Node=node) is not MISSING
