"""A verdict of the comparison is true of every value that can be drawn."""

from __future__ import annotations

from typing import Any

import jsonschema_rs as rs
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.diff.test_schema_pairs import verdict

SCALARS = st.sampled_from(
    [
        {"type": "string", "maxLength": 2},
        {"type": "string", "minLength": 1},
        {"type": "integer", "minimum": 0},
        {"type": "integer", "maximum": 3},
        {"type": "number"},
        {"type": ["string", "null"]},
        {"enum": ["a", "b", 1]},
        {"const": "a"},
        {"type": "boolean"},
        {},
    ]
)
NAMES = st.sampled_from(["a", "b"])


def composed(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Schemas made of others. Objects are closed, so that the open world and the closed one are the same."""
    objects = st.builds(
        lambda properties, required: {
            "type": "object",
            "properties": properties,
            "required": [name for name in required if name in properties],
            "additionalProperties": False,
        },
        st.dictionaries(NAMES, inner, max_size=2),
        st.lists(NAMES, unique=True),
    )
    arrays = st.builds(
        lambda items, most: {"type": "array", "items": items, "maxItems": most},
        inner,
        st.integers(0, 2),
    )
    words = st.sampled_from(["anyOf", "oneOf", "allOf"])
    unions = st.builds(
        lambda word, members: {word: members}, words, st.lists(inner, min_size=1, max_size=2)
    )
    return objects | arrays | unions


schemas = st.recursive(SCALARS, composed, max_leaves=4)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 4) | st.sampled_from([0.5, "", "a", "b", "abc"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=4,
)


class TestVerdicts:
    """Compatible for requests: each value that the old schema allows, the new one allows. Replies the other way."""

    @settings(max_examples=60)
    @given(schemas, schemas, st.lists(values, min_size=20, max_size=40))
    def test_compatible_request_refuses_nothing(self, old: Any, new: Any, drawn: list[Any]) -> None:
        if verdict(old, new, "request") == "compatible":
            before, after = rs.Draft202012Validator(old), rs.Draft202012Validator(new)
            assert all(after.is_valid(value) for value in drawn if before.is_valid(value))

    @settings(max_examples=60)
    @given(schemas, schemas, st.lists(values, min_size=20, max_size=40))
    def test_compatible_reply_brings_nothing_new(
        self, old: Any, new: Any, drawn: list[Any]
    ) -> None:
        if verdict(old, new, "reply") == "compatible":
            before, after = rs.Draft202012Validator(old), rs.Draft202012Validator(new)
            assert all(before.is_valid(value) for value in drawn if after.is_valid(value))

    @settings(max_examples=30)
    @given(schemas)
    def test_schema_is_compatible_with_itself(self, schema: Any) -> None:
        assert verdict(schema, schema, "request") == "compatible"
        assert verdict({"allOf": [schema]}, {"anyOf": [schema]}, "reply") != "breaking"
