"""What stands around schemas: operations, parameters, bodies, replies, security, servers, webhooks."""

from __future__ import annotations

from typing import Any

import pytest

from bothends.diff import Verdict, compare
from bothends.diff.schema.components import Components
from bothends.diff.schema.containment import Containment
from bothends.load import Document, parse_document
from bothends.normalise import normalise
from tests.packages import HEAD

BASE = """
servers: [{url: https://tides.example/v1}]
security: [{key: []}, {login: []}]
paths:
  /tides/{id}:
    get:
      operationId: tide
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: day, in: query, schema: {type: string}}
        - {name: ids, in: query, schema: {type: array, items: {type: string}}}
        - {name: X-Trace, in: header, schema: {type: string}}
      responses:
        '200':
          description: The tide.
          headers: {X-Left: {required: true, schema: {type: integer}}}
          content:
            application/json: {schema: {type: object, properties: {level: {type: number}}}}
        '404': {description: None.}
    post:
      operationId: tell
      requestBody:
        content:
          application/json: {schema: {type: string}}
          text/plain: {schema: {type: string}}
      responses: {'204': {description: Done.}}
webhooks:
  turned:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {type: integer, minimum: 0}}}
      responses: {'204': {description: Heard.}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    login: {type: http, scheme: basic}
"""


def contract(text: str) -> Document:
    return normalise(parse_document((HEAD + text).encode(), "tides.yaml"))


def changes(old: str, new: str, text: str = BASE) -> list[tuple[str, Verdict]]:
    """The codes and verdicts of the change that replaces a piece of the contract by another."""
    assert text.count(old) == 1
    found = compare(contract(text), contract(text.replace(old, new)))
    for change in found:
        assert (change.witness is not None) == (change.verdict is Verdict.BREAKING)
    return [(change.code, change.verdict) for change in found]


BREAKING, COMPATIBLE, NOTE = Verdict.BREAKING, Verdict.COMPATIBLE, Verdict.NOTE
DAY = "- {name: day, in: query, schema: {type: string}}"
TRACE = "- {name: X-Trace, in: header, schema: {type: string}}"
IDS = "name: ids, in: query, schema"
HOOK = "{type: integer, minimum: 0}"

CASES = {
    "parameter gone": (DAY, "", [("request-parameter-gone", BREAKING)]),
    "header gone": (TRACE, "", [("request-parameter-gone", BREAKING)]),
    "header in other case": (TRACE, TRACE.replace("X-Trace", "x-trace"), []),
    "parameter required": (
        DAY,
        DAY.replace("query,", "query, required: true,"),
        [("request-required", BREAKING)],
    ),
    "parameter added": (
        DAY,
        f"{DAY}\n        {DAY.replace('day', 'hour')}",
        [("request-parameter-added", COMPATIBLE)],
    ),
    "parameter added and required": (
        DAY,
        f"{DAY}\n        {DAY.replace('day, in: query', 'hour, in: query, required: true')}",
        [("request-parameter-required", BREAKING)],
    ),
    "parameter moved": (
        DAY,
        DAY.replace("query", "header"),
        [("request-parameter-gone", BREAKING), ("request-parameter-added", COMPATIBLE)],
    ),
    "list written otherwise": (
        IDS,
        IDS.replace("query,", "query, explode: false,"),
        [("request-parameter-style", BREAKING)],
    ),
    "explode said as it was": (IDS, IDS.replace("query,", "query, explode: true,"), []),
    "path parameter renamed": ("/tides/{id}", "/tides/{id}", []),
    "parameter schema narrowed": (
        DAY,
        DAY.replace("string", "string, minLength: 1"),
        [("request-narrowed", BREAKING)],
    ),
    "default changed": (
        DAY,
        DAY.replace("string", "string, default: a"),
        [("default-changed", NOTE)],
    ),
    "media type gone": (
        "          text/plain: {schema: {type: string}}\n",
        "",
        [("request-media-type-gone", BREAKING)],
    ),
    "body required": (
        "      requestBody:\n        content:\n",
        "      requestBody:\n        required: true\n        content:\n",
        [("request-required", BREAKING)],
    ),
    "success added": (
        "'204': {description: Done.}",
        "'204': {description: Done.}, '202': {description: Later.}",
        [("reply-success-added", BREAKING)],
    ),
    "error added": (
        "'204': {description: Done.}",
        "'204': {description: Done.}, '409': {description: Twice.}",
        [("reply-error-added", NOTE)],
    ),
    "status gone": (
        "        '404': {description: None.}\n",
        "",
        [("reply-status-gone", COMPATIBLE)],
    ),
    "reply header optional": (
        "X-Left: {required: true, ",
        "X-Left: {",
        [("reply-header-optional", BREAKING)],
    ),
    "reply property added": (
        "level: {type: number}",
        "level: {type: number}, at: {type: string}",
        [("reply-same-values", COMPATIBLE)],
    ),
    "reply widened": (
        "level: {type: number}",
        "level: {type: [number, 'null']}",
        [("reply-widened", BREAKING)],
    ),
    "alternative of security gone": (
        "[{key: []}, {login: []}]",
        "[{key: []}]",
        [("security-narrowed", BREAKING)],
    ),
    "alternative of security added": (
        "[{key: []}, {login: []}]",
        "[{key: []}, {login: []}, {}]",
        [("security-widened", COMPATIBLE)],
    ),
    "key moved": (
        "in: header, name: X-Key",
        "in: query, name: key",
        [("security-scheme-changed", BREAKING)],
    ),
    "server gone": (
        "https://tides.example/v1",
        "https://tides.example/v2",
        [("server-gone", BREAKING), ("server-added", COMPATIBLE)],
    ),
    "operation gone": (
        "    post:\n      operationId: tell",
        "    put:\n      operationId: tell",
        [("operation-gone", BREAKING), ("operation-added", COMPATIBLE)],
    ),
    "deprecated": (
        "operationId: tell",
        "operationId: tell\n      deprecated: true",
        [("deprecated", NOTE)],
    ),
    "webhook body narrowed": (
        HOOK,
        "{type: integer, minimum: 5}",
        [("reply-narrowed", COMPATIBLE)],
    ),
    "webhook body widened": (HOOK, "{type: number, minimum: 0}", [("reply-widened", BREAKING)]),
}


@pytest.mark.parametrize("case", CASES)
def test_each_change_has_its_verdict(case: str) -> None:
    old, new, wanted = CASES[case]
    assert changes(old, new) == wanted


def test_path_parameter_may_be_renamed() -> None:
    new = BASE.replace("/tides/{id}", "/tides/{tide}").replace("name: id,", "name: tide,")
    assert compare(contract(BASE), contract(new)) == []


def test_shared_schema_is_one_change() -> None:
    shared = """
paths:
  /a: {get: {operationId: a, responses: {'200': &reply {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}
  /b: {get: {operationId: b, responses: {'200': *reply}}}
components: {schemas: {A: {type: object, properties: {n: {type: integer, maximum: 3}}}}}
"""
    (change,) = compare(contract(shared), contract(shared.replace("maximum: 3", "maximum: 4")))
    assert change.subjects == ("GET /a", "GET /b")
    assert change.witness is not None
    assert change.witness.text == 'GET /a, reply 200: {"n": 4}'


def test_renamed_property_is_one_change() -> None:
    old = BASE.replace("level: {type: number}", "curency: {type: number}")
    found = compare(contract(old), contract(old.replace("curency", "currency")))
    assert ["property `curency` became `currency`" in change.message for change in found] == [True]


def test_open_world_counts_undeclared_properties() -> None:
    body = "{type: object, properties: {a: {type: string}}}"
    old = BASE.replace(
        "application/json: {schema: {type: string}}", f"application/json: {{schema: {body}}}"
    )
    new = old.replace("a: {type: string}", "a: {type: string}, b: {type: integer}")
    (closed,) = compare(contract(old), contract(new))
    (opened,) = compare(contract(old), contract(new), open_world=True)
    assert (closed.verdict, opened.verdict) == (COMPATIBLE, BREAKING)


LEVELS = """
paths:
  /a: {get: {operationId: a, responses: {'200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}}}}}
components:
  schemas:
    Tide: {type: object, properties: {low: {$ref: '#/components/schemas/Level'}, high: {$ref: '#/components/schemas/Level'}}}
    Level: {type: number}
"""


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        pytest.param(
            "high: {$ref: '#/components/schemas/Level'}",
            "high: {$ref: '#/components/schemas/Level', readOnly: true, deprecated: true}",
            [
                "reply 200 at `high`: is read-only now",
                "reply 200 at `high`: is deprecated",
            ],
            id="beside",
        ),
        pytest.param(
            "Level: {type: number}",
            "Level: {type: number, default: 1}",
            ["reply 200 at `low`: the default was none, is 1"],
            id="component",
        ),
        pytest.param(
            "high: {$ref: '#/components/schemas/Level'}",
            "high: {type: number, deprecated: true}",
            ["reply 200 at `high`: is deprecated"],
            id="written-out",
        ),
    ],
)
def test_annotations_beside_references_are_compared(
    old: str, new: str, messages: list[str]
) -> None:
    assert LEVELS.count(old) == 1
    found = compare(contract(LEVELS), contract(LEVELS.replace(old, new)))
    told = [change for change in found if change.verdict is NOTE]
    assert [change.message for change in told] == messages


def test_annotations_move_between_reference_and_schema() -> None:
    beside = LEVELS.replace("Level'}, high", "Level', deprecated: true}, high")
    written = beside.replace("$ref: '#/components/schemas/Level', dep", "type: number, dep")
    assert beside not in (LEVELS, written)
    assert compare(contract(beside), contract(written)) == []


def test_long_chain_of_components_is_compared() -> None:
    links = "".join(
        f"    L{index}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/L{index + 1}'}}}}}}\n"
        for index in range(1_200)
    )
    chain = LEVELS.replace("schemas/Tide", "schemas/L0") + links + "    L1200: {type: number}\n"
    longest = chain.replace("L1200: {type", "L1200: {deprecated: true, type")
    (change,) = compare(contract(chain), contract(longest))
    assert (change.code, change.subjects) == ("deprecated-changed", ("GET /a",))
    assert change.message.count("next") == 1_200


def test_very_long_chains_are_decided_or_unknown() -> None:
    """The library recurses along references: 1,500 components ended the program."""

    def chain(length: int, least: int) -> dict[str, Any]:
        ends = {f"L{length}": {"type": "integer", "minimum": least}}
        return ends | {
            f"L{index}": {"properties": {"next": {"$ref": f"#/components/schemas/L{index + 1}"}}}
            for index in range(length)
        }

    for length, wanted in ((1_600, True), (4_100, None)):
        sets = Containment(Components(chain(length, 0), chain(length, 1)))
        whole = {"$ref": "#/$defs/old:L0"}, {"$ref": "#/$defs/new:L0"}
        assert sets.contains(*whole) is wanted


@pytest.mark.parametrize(
    ("schema", "verdicts"),
    [
        ("{type: string, minLength: 1}", [COMPATIBLE]),
        ("{type: string, minLength: 2}", [BREAKING]),
        ("{type: array, items: {type: integer}}", [BREAKING]),
        ("{type: integer}", [BREAKING]),
    ],
)
def test_empty_value_of_a_path_is_none(schema: str, verdicts: list[Verdict]) -> None:
    new = BASE.replace(
        "required: true, schema: {type: string}", f"required: true, schema: {schema}"
    )
    assert new != BASE
    found = compare(contract(BASE), contract(new))
    assert [change.verdict for change in found] == verdicts
    assert not any(str(change.witness).endswith('""') for change in found)


def test_reference_that_leads_nowhere_is_skipped() -> None:
    old = contract(BASE.replace(TRACE, "- {$ref: '#/components/parameters/None'}"))
    new = contract(
        BASE.replace(TRACE, f"{TRACE}\n        - {{$ref: '#/components/parameters/No'}}")
    )
    assert [change.code for change in compare(old, new)] == ["request-parameter-added"]


def test_annotation_of_shared_schema_names_all_users() -> None:
    shared = """
paths:
  /a: {get: {operationId: a, responses: {'200': &reply {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}
  /b: {get: {operationId: b, responses: {'200': *reply}}}
components: {schemas: {A: {type: object, properties: {n: {type: integer}}}}}
"""
    new = shared.replace("type: integer", "type: integer, deprecated: true")
    (change,) = compare(contract(shared), contract(new))
    assert (change.code, change.subjects) == ("deprecated-changed", ("GET /a", "GET /b"))
