"""A class is the same text in whichever group of schemas it is written."""

from __future__ import annotations

import ast
from typing import Any, Final

import pytest

from bothends.emit.models.groups import write_classes
from bothends.emit.models.order import groups_of_use

_BASE: Final = "bothends.runtime.Model"


def _to(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _class(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": ["at"]}


# Each way in which one refers to another: a field, a list, a map, an alias of an alias, one that may
# be null, a class that holds itself, and a circle of two.
_SCHEMAS: Final[dict[str, Any]] = {
    "Port": _class(at={"type": "string", "format": "date"}, tide=_to("Tide"), moons=_to("Moons")),
    "Tide": _class(at=_to("Height"), of={"anyOf": [_to("Moon"), {"type": "null"}]}),
    "Height": _to("Metres"),
    "Metres": {"anyOf": [{"type": "number"}, {"type": "null"}]},
    "Moons": {"type": "array", "items": _to("Moon")},
    "Moon": _class(
        at={"allOf": [_to("Height")], "description": "In metres."}, kind={"enum": ["a"]}
    ),
    "Chart": _class(at={"type": "object", "additionalProperties": _to("Tide")}, next=_to("Chart")),
    "Hen": _class(at=_to("Egg")),
    "Egg": {"type": "array", "items": _to("Hen")},
    "Farm": _class(at=_to("Hen"), on={"type": "string", "format": "uuid"}),
}


@pytest.mark.parametrize("size", [1, 2, 4])
def test_class_is_the_same_in_any_group(size: int) -> None:
    whole, _ = write_classes(_SCHEMAS, {"Port.at": "at_"}, _BASE)
    grouped, _ = write_classes(_SCHEMAS, {"Port.at": "at_"}, _BASE, size)

    assert _statements(grouped) == _statements(whole)
    assert _imported(grouped) == _imported(whole)


def test_class_that_is_added_changes_its_own_group_alone() -> None:
    schemas = {f"Class{number}": _class(at={"type": "string"}) for number in range(500)}
    before = {group.own for group in groups_of_use(schemas, 20)}
    assert len(before) > 10
    for place in (0, 250, 500):
        entries = list(schemas.items())
        entries.insert(place, ("Added", _class(at={"type": "integer"})))
        after = {group.own for group in groups_of_use(dict(entries), 20)}
        assert len(before - after) <= 2
        assert sum(map(len, after)) == 501


def _statements(source: str) -> list[str]:
    return [
        ast.unparse(node)
        for node in ast.parse(source).body
        if not isinstance(node, ast.Import | ast.ImportFrom)
    ]


def _imported(source: str) -> set[tuple[str | None, str]]:
    return {
        (node.module, alias.name)
        for node in ast.parse(source).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
