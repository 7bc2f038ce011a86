"""Inline members of a union are named by what tells them apart."""

from __future__ import annotations

from typing import Any

from bothends.normalise.members import member_label


def labels(*members: Any) -> list[str]:
    return [member_label(members, index) for index in range(len(members))]


def test_a_constant_of_its_own_comes_first() -> None:
    cat = {"properties": {"kind": {"const": "cat"}, "lives": {}}, "required": ["lives"]}
    dog = {"properties": {"kind": {"enum": ["dog"]}, "bark": {}}, "required": ["bark"]}
    assert labels(cat, dog) == ["cat", "dog"]


def test_else_a_property_that_only_it_has() -> None:
    by_code = {"properties": {"code": {}, "state": {}}, "required": ["code"]}
    by_token: Any = {"properties": {"refresh_token": {}, "state": {}}}
    assert labels(by_code, by_token) == ["code", "refresh_token"]


def test_members_that_are_alike_have_no_word() -> None:
    assert labels({"properties": {"a": {}}}, {"properties": {"a": {}}}) == ["", ""]


def test_properties_in_another_order_give_the_same_word() -> None:
    other: Any = {"properties": {"z": {}}}
    assert labels({"properties": {"b": {}, "a": {}}}, other) == ["a", "z"]
    assert labels({"properties": {"a": {}, "b": {}}}, other) == ["a", "z"]
