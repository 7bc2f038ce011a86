"""Labelled pairs of schemas: the verdict of each, and the labels checked by sampling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema_rs as rs
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bothends.diff import Verdict, compare
from bothends.diff.schema.formats import ASSERTED, FIT_EMPTY_TEXT
from bothends.load import Document, parse_document
from bothends.normalise import normalise
from bothends.runtime.schema.contract import Contract

PAIRS: dict[str, dict[str, list[Any]]] = yaml.safe_load(
    (Path(__file__).parent / "schema_pairs.yaml").read_text("utf-8")
)
TREE = {"type": "object", "required": ["value"], "additionalProperties": False}
COMPONENTS = {
    "Small": {"type": "object", "properties": {"a": {"type": "integer"}}},
    "Large": {"type": "object", "properties": {"a": {"type": "number"}}},
    "SmallTree": {
        **TREE,
        "properties": {
            "value": {"type": "integer"},
            "next": {"$ref": "#/components/schemas/SmallTree"},
        },
    },
    "LargeTree": {
        **TREE,
        "properties": {
            "value": {"type": "number"},
            "next": {"$ref": "#/components/schemas/LargeTree"},
        },
    },
}


def contract(schema: Any, side: str) -> Document:
    """A contract whose one operation has the schema in its request or its reply."""
    content = {"content": {"application/json": {"schema": schema}}}
    response: dict[str, Any] = {"description": "Done."}
    operation: dict[str, Any] = {"operationId": "tell", "responses": {"200": response}}
    if side == "request":
        operation["requestBody"] = {"required": True, **content}
    else:
        response |= content

    document = {
        "openapi": "3.1.0",
        "info": {"title": "Pairs", "version": "1"},
        "paths": {"/x": {"post": operation}},
        "components": {"schemas": COMPONENTS},
    }
    return normalise(parse_document(yaml.safe_dump(document).encode(), "pairs.yaml"))


def verdict(old: Any, new: Any, side: str) -> str:
    """The worst verdict of all changes; compatible where there is none."""
    changes = compare(contract(old, side), contract(new, side))
    for change in changes:
        assert (change.witness is not None) == (change.verdict is Verdict.BREAKING)

    verdicts = {change.verdict for change in changes} - {Verdict.NOTE}
    return next((one for one in Verdict if one in verdicts), Verdict.COMPATIBLE)


def cases() -> list[Any]:
    found = []
    for relation, pairs in PAIRS.items():
        for name, (first, second) in pairs.items():
            for side in ("request", "reply"):
                for order, (old, new) in {"": (first, second), "-turned": (second, first)}.items():
                    grows = relation == "larger" and not order
                    shrinks = relation == "larger" and bool(order)
                    breaks = relation == "apart" or (shrinks if side == "request" else grows)
                    wanted = Verdict.BREAKING if breaks else Verdict.COMPATIBLE
                    case_id = f"{name}{order}-{side}"
                    found.append(pytest.param(old, new, side, wanted, id=case_id))

    return found


def test_there_are_enough_pairs() -> None:
    assert len(cases()) >= 300


@pytest.mark.parametrize(("old", "new", "side", "wanted"), cases())
def test_verdict_is_the_true_one(old: Any, new: Any, side: str, wanted: Verdict) -> None:
    assert verdict(old, new, side) == wanted


@pytest.mark.parametrize("name", ASSERTED)
def test_empty_text_fits_some_formats(name: str) -> None:
    text = {"type": "string"}
    fits = Contract({"components": {"schemas": {"Text": {**text, "format": name}}}})
    assert fits.accepts("/components/schemas/Text", "") == (name in FIT_EMPTY_TEXT)

    wanted = Verdict.BREAKING if name in FIT_EMPTY_TEXT else Verdict.COMPATIBLE
    assert verdict({**text, "format": name}, {**text, "minLength": 1}, "request") == wanted


def relations() -> list[Any]:
    return [
        pytest.param(relation, *pair, id=name)
        for relation, pairs in PAIRS.items()
        for name, pair in pairs.items()
    ]


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 12)
    | st.sampled_from([0.5, 5.5, "", "a", "b", "x", "abc", "abcdefg"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["a", "b", "k", "value", "next", "abc"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)


@pytest.mark.parametrize(("relation", "first", "second"), relations())
def test_labels_hold_for_sampled_values(relation: str, first: Any, second: Any) -> None:
    def validator(schema: Any) -> Any:
        whole = (
            schema
            if isinstance(schema, bool)
            else {**schema, "components": {"schemas": COMPONENTS}}
        )
        return rs.Draft202012Validator(whole)

    of_first, of_second = validator(first), validator(second)

    @settings(max_examples=150, suppress_health_check=list(HealthCheck), database=None)
    @given(values)
    def hold(value: Any) -> None:
        if relation in ("larger", "same") and of_first.is_valid(value):
            assert of_second.is_valid(value)
        if relation == "same" and of_second.is_valid(value):
            assert of_first.is_valid(value)

    hold()
