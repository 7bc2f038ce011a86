"""Every node and key knows its line and column, in YAML and in JSON, also after its data was rewritten."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.growth import growth

from bothends.load import Document, parse_document
from bothends.load.json_places import JsonPlaces
from bothends.load.read_json import find_positions
from bothends.openapi.pointer import join, split

YAML = """\
openapi: 3.1.0
info: {title: "Ébb", version: '1'}
paths:
  /tides/{id}:
    get:
      tags: [a, b]
      responses:
        200: &ok
          description: fine
        404: *ok
"""


def position(document: Document, pointer: str, *, key: bool = False) -> tuple[int, int]:
    location = document.location_of(pointer, key=key)
    return location.line, location.column


@pytest.fixture
def document() -> Document:
    return parse_document(YAML.encode(), "tides.yaml")


def test_values_and_keys_have_places(document: Document) -> None:
    assert position(document, "") == (1, 1)
    assert position(document, "/openapi") == (1, 10)
    assert position(document, "/openapi", key=True) == (1, 1)
    assert position(document, "/info/version") == (2, 31)
    assert position(document, join("paths", "/tides/{id}", "get", "tags", 1)) == (6, 17)
    assert position(document, "/paths/~1tides~1{id}/get/responses/404", key=True) == (10, 9)


def test_alias_and_anchor_have_their_own_locations(
    document: Document,
) -> None:
    assert position(document, "/paths/~1tides~1{id}/get/responses/404") == (10, 14)
    assert position(document, "/paths/~1tides~1{id}/get/responses/404/description") == (9, 24)


def test_an_unknown_pointer_is_placed_at_its_nearest_ancestor(document: Document) -> None:
    assert position(document, "/info/title/no/such") == position(document, "/info/title")
    assert position(document, "/paths/~1tides~1{id}/get/tags/7") == position(
        document, "/paths/~1tides~1{id}/get/tags"
    )
    assert position(document, "not a pointer") == (1, 1)


def test_at_gives_the_value_or_a_key_error(document: Document) -> None:
    assert document.value_at("/paths/~1tides~1{id}/get/tags/1") == "b"
    for pointer in (
        "/x",
        "/openapi/0",
        "/paths/~1tides~1{id}/get/tags/-1",
        "/paths/~1tides~1{id}/get/tags/²",
    ):
        with pytest.raises(KeyError):
            document.value_at(pointer)


def test_windows_line_breaks_and_unicode_keep_locations() -> None:
    document = parse_document("é: '😀😀'\r\nb: {c: d}\r\n".encode(), "tides.yaml")
    assert position(document, "/b/c") == (2, 8)
    assert position(document, "/é") == (1, 4)


def test_rewritten_data_still_points_at_the_text(document: Document) -> None:
    moved = document.with_data(
        {"components": {"x": {"description": "fine"}}}, {"/components/x": "/info"}
    )
    again = moved.with_data({"y": 1}, {"/y": "/components/x/title"})
    assert moved.original("/components/x/title") == "/info/title"
    assert moved.original("/paths") == "/paths"
    assert position(again, "/y") == position(document, "/info/title")
    assert again.location_of("/y").pointer == "/info/title"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


def pointers(value: Any, pointer: str = "") -> list[str]:
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [pointer] + [
        found for key, item in inner for found in pointers(item, pointer + join(key))
    ]


@given(st.dictionaries(st.text(max_size=5), JSON_VALUES, max_size=4), st.sampled_from([None, 1]))
def test_the_text_at_a_place_is_the_value(data: dict[str, Any], indent: int | None) -> None:
    """Of any JSON text: decoding from the offset of a place gives back the value of its pointer."""
    text = json.dumps(data, indent=indent)
    document = parse_document(text.encode(), "tides.json")
    lines = text.split("\n")

    for pointer in pointers(data):
        line, column = position(document, pointer)
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        assert json.JSONDecoder().raw_decode(rest)[0] == document.value_at(pointer)


@given(st.lists(st.text(max_size=4), max_size=4))
def test_a_pointer_splits_into_what_it_was_joined_from(parts: list[str]) -> None:
    assert split(join(*parts)) == parts


@given(JSON_VALUES, st.sampled_from([None, 0, 3]), st.randoms())
def test_places_found_one_by_one_are_those_of_all(
    data: Any, indent: int | None, random: Random
) -> None:
    source = " \n" + json.dumps(data, indent=indent)
    asked = pointers(data)
    random.shuffle(asked)
    places, all_places = JsonPlaces(source, find_positions), find_positions(source)
    for pointer in asked:
        assert places.place(data, pointer) == all_places.place(data, pointer)


def test_places_in_many_objects_are_found_in_linear_time() -> None:
    def locate(size: int) -> None:
        data: Any = [{"a": number} for number in range(size)]
        places = JsonPlaces(json.dumps(data), find_positions)
        for number in range(size):
            places.place(data, f"/{number}/a")

    assert growth(locate, 1_000, 4_000) < 10


def test_places_at_every_depth_are_found_in_linear_time() -> None:
    def locate(size: int) -> None:
        data: Any = ["x" * 9] * size
        for _ in range(150):
            data = {"a": data, "z": 1}
        source = json.dumps(data)
        places = JsonPlaces(source, find_positions)
        for depth in range(150):
            _, key = places.place(data, "/a" * depth + "/z")
            assert source[key] == '"'

    assert growth(locate, 20_000, 80_000) < 10
