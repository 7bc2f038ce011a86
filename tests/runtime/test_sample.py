"""Values made from schemas are valid, or there are none."""

import pytest

from bothends.runtime.operation import MISSING
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.sample.value import sample
from tests.growth import growth


def made(schema, **components):
    return sample(Contract({"s": schema, "components": {"schemas": components}}), "/s")


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "minLength": 6}, "textxx"),
        ({"type": "string", "format": "date"}, "2000-01-01"),
        ({"type": ["null", "integer"], "minimum": 2.5}, 3),
        ({"type": "integer", "exclusiveMaximum": -5}, -6),
        ({"type": "integer", "exclusiveMinimum": 4, "multipleOf": 4}, 8),
        ({"type": "number", "minimum": 0.25, "multipleOf": 0.25}, 0.25),
        ({"enum": ["b", "a"]}, "b"),
        ({"const": None}, None),
        ({"type": "string", "examples": ["no", 1], "maxLength": 1}, "t"),
        ({"type": "array", "minItems": 2, "items": {"type": "boolean"}}, [False, False]),
        (
            {
                "type": "object",
                "required": ["a/b"],
                "properties": {"a/b": {"type": "null"}, "c": {}},
            },
            {"a/b": None},
        ),
        ({"oneOf": [{"type": "integer", "maximum": 3, "minimum": 4}, {"const": "x"}]}, "x"),
        (
            {"allOf": [{"required": ["a"], "properties": {"a": {"const": 1}}}, {"type": "object"}]},
            {"a": 1},
        ),
        ({"type": "string", "pattern": "^[A-Z]{9}$"}, "ABCDEFGHI"),
        ({"type": "string", "pattern": r"^(?:ab|c)-\d{2,4}\.\w+$", "minLength": 9}, "ab-012.ab"),
        ({"type": "string", "pattern": r"^[^\s/]+(?!x)$", "maxLength": 2}, "0"),
        ({"type": "string", "pattern": "^(?=b)a$"}, MISSING),
        (
            {"type": "array", "minItems": 3, "uniqueItems": True, "items": {"type": "integer"}},
            [0, 1, 2],
        ),
        (
            {"type": "array", "minItems": 3, "uniqueItems": True, "items": {"type": "boolean"}},
            MISSING,
        ),
        (
            {
                "type": "array",
                "contains": {"const": 7},
                "minItems": 2,
                "items": {"type": "integer"},
            },
            [7, 0],
        ),
        (
            {
                "type": "array",
                "minItems": 2,
                "prefixItems": [{"type": "boolean"}],
                "items": {"type": "null"},
            },
            [False, None],
        ),
        (
            {
                "type": "array",
                "minItems": 2,
                "uniqueItems": True,
                "items": {"format": "ipv4", "type": "string"},
            },
            ["192.0.2.1", "192.0.2.2"],
        ),
        (
            {"type": "object", "minProperties": 2},
            {"property1": "property 1", "property2": "property 2"},
        ),
        (
            {"type": "object", "required": ["a"], "dependentRequired": {"a": ["b"]}},
            {"a": "a", "b": "b"},
        ),
        ({"type": "number", "exclusiveMinimum": 0.3, "multipleOf": 0.1}, 0.4),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, 0.5),
        ({"type": "integer", "allOf": [{"multipleOf": 4}, {"multipleOf": 6}, {"minimum": 1}]}, 12),
        (
            {
                "type": "object",
                "required": ["k"],
                "properties": {"k": {"enum": ["x"]}, "n": {"type": "integer"}},
                "if": {"properties": {"k": {"const": "x"}}},
                "then": {"required": ["n"]},
            },
            {"k": "x", "n": 0},
        ),
        (
            {
                "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
                "type": "object",
                "additionalProperties": False,
                "properties": {"b": {"type": "integer"}},
            },
            {"b": 0},
        ),
        (False, MISSING),
        ({"type": "string", "format": "email", "maxLength": 12}, "a@b.example"),
        ({"type": "string", "format": "date-time", "minLength": 25}, "2000-01-01T00:00:00+00:00"),
        ({"type": "string", "pattern": r"^(?=.*\d)(?=.*[a-z]).{8,}$"}, "0acdefgh"),
        (
            {"type": "object", "minProperties": 2, "propertyNames": {"pattern": r"^k\d$"}},
            {"k0": "k 0", "k1": "k 1"},
        ),
        (
            {
                "type": "object",
                "minProperties": 3,
                "propertyNames": {"pattern": "^n_"},
                "additionalProperties": {"type": "integer"},
            },
            {"n_": 0, "n_1": 0, "n_2": 0},
        ),
        (
            {
                "type": "object",
                "minProperties": 1,
                "patternProperties": {"^S_": {"type": "integer"}},
                "additionalProperties": False,
            },
            {"S_": 0},
        ),
    ],
)
def test_made(schema, value):
    assert made(schema) == value


def test_recursion_ends():
    node = {
        "type": "object",
        "required": ["next"],
        "properties": {"next": {"$ref": "#/components/schemas/Node"}},
    }
    assert made({"$ref": "#/components/schemas/Node"}, Node=node) is MISSING
    node = {
        "oneOf": [
            {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Node"}},
            {"type": "null"},
        ]
    }
    assert made({"$ref": "#/components/schemas/Node"}, Node=node) is not MISSING


def test_a_full_value_has_what_is_optional_and_ends():
    node = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "minLength": 1},
            "tags": {"type": "array", "items": {"type": "boolean"}},
            "next": {"$ref": "#/components/schemas/Node"},
        },
    }
    contract = Contract(
        {"s": {"$ref": "#/components/schemas/Node"}, "components": {"schemas": {"Node": node}}}
    )
    value = sample(contract, "/s", full=True)
    assert (value["name"], value["tags"]) == ("name", [False])
    assert "next" in value
    assert contract.accepts("/s", value)
    assert sample(contract, "/s") == {}


def test_a_schema_that_nothing_keeps_costs_a_bounded_time():
    branch = {"anyOf": [{"$ref": "#/components/schemas/Node"}] * 8, "type": "object", "not": {}}
    assert made({"$ref": "#/components/schemas/Node"}, Node=branch) is MISSING


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "id-1"),
        ("customerId", "customer-1"),
        ("first_name", "first name"),
        ("homepageURL", "https://example.com/"),
        ("Email", "someone@example.com"),
    ],
)
def test_texts_come_from_the_name(name, value):
    schema = {"type": "object", "required": [name], "properties": {name: {"type": "string"}}}
    assert made(schema) == {name: value}


def test_ids_are_numbers_from_one():
    schema = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
    assert made(schema) == {"id": 1}


def test_objects_that_must_differ_do():
    item = {"type": "object", "properties": {"id": {"type": "string"}}}
    value = made({"type": "array", "uniqueItems": True, "minItems": 3, "items": item})
    assert len(value) == 3


def alternatives(**discriminator):
    kinds = {
        "Pet": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}},
        "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"lives": {"type": "integer"}}}]},
        "Dog": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"bark": {"type": "string"}}}]},
    }  # fmt: skip
    one_of = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
    return made({"oneOf": one_of, **discriminator}, **kinds)


def test_alternatives_that_overlap_are_set_apart():
    value = alternatives()
    assert value["kind"] == "kind"
    assert value["bark"] is None


def test_a_discriminator_names_the_alternative():
    schema = {
        "anyOf": [{"$ref": "#/components/schemas/Buoy"}],
        "discriminator": {"propertyName": "kind", "mapping": {"buoy": "#/components/schemas/Buoy"}},
    }
    buoy = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    assert made(schema, Buoy=buoy) == {"kind": "buoy"}


def test_one_property_that_fits_nothing_leaves_the_others():
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "integer"}},
        "not": {"required": ["b"]},
    }
    assert sample(Contract({"s": schema}), "/s", full=True) == {"a": "a"}


def alike_objects(count):
    items = {"oneOf": [{"const": value} for value in range(9)]}
    return [
        {
            "type": "object",
            "required": ["type", "parts"],
            "properties": {
                "type": {"type": "integer", "enum": [number]},
                "parts": {"type": "array", "items": items},
            },
        }
        for number in range(count)
    ]


def test_alike_objects_cost_no_more_than_their_number():
    assert made({"oneOf": alike_objects(30)})["type"] == 0
    # Linear work gives 4 here. Discord's replies took 5.7 s each when it was exponential.
    assert growth(lambda count: made({"oneOf": alike_objects(count)}), 20, 80) < 24
