"""What both contracts say alike is left out before the comparison, and no verdict changes."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from bothends.diff import Change, compare, compare_surface, without_unchanged
from bothends.emit.types import annotation
from bothends.load import Document, parse_document
from bothends.name import Named
from bothends.normalise import normalise
from bothends.openapi.walk import operations
from bothends.pipeline import intermediate, intermediate_pair
from tests.diff.test_operations import BASE, CASES
from tests.packages import HEAD, write_contract

Interpreted: TypeAlias = tuple[Document, Named]

SHARED = """
paths:
  /boats: {get: {responses: {'200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/Boat'}}}}}}}
  /crews: {get: {responses: {'200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/Crew'}}}}}}}
  /ports: {get: {responses: {'200': {description: A., content: {application/json: {schema: {enum: [1]}}}}}}}
components:
  schemas:
    Boat:
      type: object
      required: [kind]
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind, mapping: {fast: Motor}}
    Sail: {allOf: [{$ref: '#/components/schemas/Boat'}, {properties: {mast: {type: integer}}}]}
    Motor: {type: object, properties: {power: {type: integer}}}
    Crew: {type: array, items: {$ref: '#/components/schemas/Sailor'}}
    Sailor: {type: object, properties: {name: {type: string, description: Given.}}}
"""


def read(text: str) -> Document:
    return parse_document((HEAD + text).encode(), "unchanged.yaml")


def kept(old: str, new: str) -> tuple[set[str], set[str]]:
    """The paths that are left of `SHARED`, and those of it with one piece replaced."""
    assert SHARED.count(old) == 1
    reduced = without_unchanged(read(SHARED), read(SHARED.replace(old, new)))
    assert reduced is not None
    first, second = ({path for _, path, *_ in operations(each.data)} for each in reduced)
    return first, second


@pytest.mark.parametrize(
    "reference",
    [
        "'#/definitions/Crew'",
        "'#/components/schema/Crew'",
        "'#/components/schemas/Crew '",
        "'“#/components/schemas/Crew”'",
        "'#components/schemas/Crew'",
        "'#Crew'",
        "/components/schemas/Crew",
        "Crew",
    ],
)
def test_reference_that_is_repaired_leads_to_what_it_is_read_as(reference: str) -> None:
    text = SHARED.replace("'#/components/schemas/Crew'", reference)
    reduced = without_unchanged(read(text), read(text.replace("type: array", "type: object")))
    assert reduced is not None
    assert [{path for _, path, *_ in operations(each.data)} for each in reduced] == [{"/crews"}] * 2


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (
            SHARED.replace("#/components/schemas/Crew", "#/x-crews/Crew")
            + "x-crews: {Crew: {$ref: '#/components/schemas/Sailor'}}\n",
            "type: object, properties: {name",
            "type: array, properties: {name",
        ),
        (
            SHARED.replace("#/components/schemas/Crew", "#/x-crews/Crew")
            + "x-crews: {Crew: {enum: [1]}}\n",
            "Crew: {enum: [1]}",
            "Crew: {enum: [2]}",
        ),
        (
            SHARED.replace("\ncomponents:\n", "\n  components:\n"),
            "type: array",
            "type: object",
        ),
        (
            SHARED.replace("components:\n  schemas:\n", "definitions:\n"),
            "type: array",
            "type: object",
        ),
    ],
)
def test_what_leads_to_another_place_than_a_part_is_kept(text: str, old: str, new: str) -> None:
    assert text.count(old) == 1
    reduced = without_unchanged(read(text), read(text.replace(old, new)))
    assert reduced is not None
    assert all("/crews" in {path for _, path, *_ in operations(each.data)} for each in reduced)


def test_reference_to_nothing_keeps_nothing_else() -> None:
    text = SHARED.replace("enum: [1]", "$ref: elsewhere.yaml")
    reduced = without_unchanged(read(text), read(text.replace("type: array", "type: object")))
    assert reduced is not None
    assert [{path for _, path, *_ in operations(each.data)} for each in reduced] == [{"/crews"}] * 2


@pytest.mark.parametrize(
    ("was", "added", "kept_paths"),
    [
        (
            SHARED.replace("/boats: {get: {", "/boats: {get: {operationId: getBoats, "),
            "paths:\n  /afloat: {get: {operationId: get_boats, responses: {'204': {description: N.}}}}",
            {"/boats"},
        ),
        (
            SHARED,
            "paths:\n  /ports/: {get: {responses: {'204': {description: N.}}}}",
            {"/ports"},
        ),
    ],
)
def test_operation_that_a_new_one_takes_the_name_from_is_kept(
    was: str, added: str, kept_paths: set[str]
) -> None:
    reduced = without_unchanged(read(was), read(was.replace("paths:", added, 1)))
    assert reduced is not None
    assert {path for _, path, *_ in operations(reduced[0].data)} == kept_paths


def test_class_that_a_new_one_takes_the_name_from_is_kept() -> None:
    added = "schemas:\n    crew: {type: object}\n"
    reduced = without_unchanged(read(SHARED), read(SHARED.replace("schemas:\n", added)))
    assert reduced is not None
    first, second = ({path for _, path, *_ in operations(each.data)} for each in reduced)
    # What uses the class is kept as well: it may have another name.
    assert first == second == {"/crews"}


def test_path_that_refers_to_a_changed_one_is_kept() -> None:
    text = SHARED.replace("paths:", "paths:\n  /fleet: {$ref: '#/paths/~1ports'}", 1)
    reduced = without_unchanged(read(text), read(text.replace("enum: [1]", "enum: [2]")))
    assert reduced is not None
    assert all(set(each.data["paths"]) == {"/fleet", "/ports"} for each in reduced)


@pytest.mark.parametrize("case", CASES)
def test_reduced_contracts_give_same_changes(case: str) -> None:
    old, new, _ = CASES[case]
    whole = read(BASE), read(BASE.replace(old, new))
    reduced = without_unchanged(*whole)
    changes = compare(*map(normalise, reduced)) if reduced else []
    assert changes == compare(*map(normalise, whole))


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        pytest.param("name: {type: string", "name: {type: integer", {"/crews"}, id="inside"),
        pytest.param("mast: {type: integer}", "mast: {}", {"/boats"}, id="heir"),
        pytest.param("power: {type: integer}", "power: {}", {"/boats"}, id="mapping-by-name"),
        pytest.param("enum: [1]", "enum: [true]", {"/ports"}, id="one-is-not-true"),
        pytest.param("enum: [1]", "enum: [1.0]", {"/ports"}, id="other-text"),
        pytest.param("enum: [1]", "enum: [1, 2]", {"/ports"}, id="longer-list"),
        pytest.param("enum: [1]", "const: 1", {"/ports"}, id="other-keyword"),
        pytest.param("{mast: {", "{example: {", {"/boats"}, id="property-called-example"),
        pytest.param(
            "kind: {type: string}", "note: {}, kind: {type: string}", {"/boats"}, id="before-others"
        ),
        pytest.param(
            "{type: object, properties: {power: {type: integer}}}",
            "{properties: {power: {type: integer}}, type: object}",
            {"/boats"},
            id="other-order",
        ),
    ],
)
def test_users_of_what_changed_stay(old: str, new: str, paths: set[str]) -> None:
    assert kept(old, new) == (paths, paths)


def test_new_path_is_left_alone() -> None:
    new = SHARED.replace(
        "components:", "  /piers: {get: {responses: {default: {description: A.}}}}\ncomponents:"
    )
    reduced = without_unchanged(read(SHARED), read(new))
    assert reduced is not None
    first, second = reduced
    assert [path for _, path, *_ in operations(first.data)] == []
    assert [path for _, path, *_ in operations(second.data)] == ["/piers"]
    assert second.location_of("/paths/~1piers").line == 8


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: f"security: [{{}}]\n{text}", id="security-of-all"),
        pytest.param(lambda text: text.replace("{enum: [1]}", "{$anchor: port}"), id="anchor"),
        pytest.param(
            lambda text: text.replace("{enum: [1]}", "{$id: 'urn:port'}"), id="identifier"
        ),
        pytest.param(lambda text: text.replace("{enum: [1]}", "{$ref: '#'}"), id="whole"),
    ],
)
def test_what_may_reach_everywhere_keeps_all(change: Callable[[str], str]) -> None:
    whole = read(SHARED), read(change(SHARED))
    assert without_unchanged(*whole) == whole


@pytest.mark.parametrize(
    "new",
    [
        f"x-copy: {{paths: 1}}\n{SHARED}",
        SHARED.replace("Given.", "The family name."),
        SHARED.replace("{type: integer}", "{x-since: 2, type: integer, example: 1}"),
        SHARED.replace("enum: [1]", "enum: [1], examples: [1]"),
    ],
)
def test_what_no_message_depends_on_is_no_change(new: str) -> None:
    assert without_unchanged(read(SHARED), read(new)) is None


HEIRS = """
paths:
  /a: {get: {operationId: a, responses: {'404': {$ref: '#/components/responses/Gone'}, '200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}}}}}
  /b: {get: {operationId: b, responses: {'404': {$ref: '#/components/responses/Gone'}, '200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}}}}}
  /pets: {get: {operationId: pets, responses: {'200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}}
components:
  schemas:
    Tide: {type: object, properties: {level: {type: number}}}
    Pet: {type: object, required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {mice: {type: integer}}}]}
    Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {bones: {type: integer}}}]}
  responses:
    Gone: {description: G., content: {application/json: {schema: {type: object, properties: {why: {type: string}}}}}}
"""


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        pytest.param(
            # The error of the method is gone, the class of its body is not.
            "  /a:",
            ["operation-gone", "python-method-gone", "python-class-gone"],
            id="path",
        ),
        pytest.param("    Dog:", ["python-class-gone", "python-result-type"], id="heir"),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True], ids=["removed", "added"])
def test_what_others_still_use_stays(
    tmp_path: Path, line: str, codes: list[str], is_turned: bool
) -> None:
    shorter = "\n".join(text for text in HEIRS.splitlines() if not text.startswith(line))
    old, new = (shorter, HEIRS) if is_turned else (HEIRS, shorter)
    specs = [
        write_contract(tmp_path / side, HEAD + text) for side, text in (("old", old), ("new", new))
    ]

    def all_changes(before: Interpreted, after: Interpreted) -> list[Change]:
        wire = compare(before[0], after[0])
        return wire + compare_surface(before[1].api, after[1].api, annotation)

    different = intermediate_pair(*specs)
    assert different is not None
    found = all_changes(*different)
    assert found == all_changes(*map(intermediate, specs))
    if not is_turned:
        assert [change.code for change in found] == codes


def test_changed_type_is_told_with_both(tmp_path: Path) -> None:
    specs = [
        write_contract(tmp_path / side, HEAD + HEIRS.replace("level: {type: number}", level))
        for side, level in (
            ("old", "level: {type: number}"),
            ("new", "level: {type: array, items: {type: string}}"),
        )
    ]
    different = intermediate_pair(*specs)
    assert different is not None
    old, new = different
    found = compare_surface(old[1].api, new[1].api, annotation)
    assert [change.message for change in found] == [
        "`Tide.level` has another type: `float` became `list[str]`"
    ]


def test_nothing_of_a_comparison_is_kept() -> None:
    old, new = read(SHARED), read(SHARED.replace("name: {type: string", "name: {type: integer"))
    documents: list[weakref.ref[Document]] = []
    for _ in range(3):
        reduced = without_unchanged(old, new)
        assert reduced is not None
        pair = list(map(normalise, reduced))
        assert compare(*pair)
        documents += [weakref.ref(document) for document in pair]
        del reduced, pair

    gc.collect()
    assert [document() for document in documents[:4]] == [None] * 4


def test_path_that_a_new_one_takes_requests_from_is_kept() -> None:
    text = """
paths:
  /boats/{name}:
    get:
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: A.}}
"""
    added = "  /boats/fast: {get: {responses: {'200': {description: A.}}}}\n"
    reduced = without_unchanged(read(text), read(text + added))
    assert reduced is not None
    changes = compare(*map(normalise, reduced))
    assert [change.code for change in changes] == ["operation-added", "operation-path-taken"]
