"""A schema that no value satisfies: every request with it is refused, and no reply with it can be given.

Why: mostly a slip: bounds in the wrong order, or `additionalProperties: false` in two parts of an
`allOf`, each of which then refuses what the other requires (JSON Schema 2020-12 §10.3.2.3). That no
value fits is proved by set algebra, not guessed.

Bad:

    allOf:
      - {type: object, required: [a], properties: {a: {}}, additionalProperties: false}
      - {type: object, required: [b], properties: {b: {}}, additionalProperties: false}

Better:

    allOf:
      - {type: object, required: [a], properties: {a: {}}}
      - {type: object, required: [b], properties: {b: {}}}
    unevaluatedProperties: false
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import jsonschema_rs as rs

from bothends.check.endless import endless
from bothends.diagnostics import Severity
from bothends.nearest import in_a_row
from bothends.openapi.circles import circles
from bothends.openapi.contract import Contract, Node
from bothends.openapi.explain import shorten
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import below
from bothends.openapi.problem import Problem
from bothends.openapi.reference import SCHEMAS, component_key, references_in
from bothends.openapi.schema_cost import MOST, SchemaCost

SEVERITY = Severity.WARNING

_CONFLICTING: Final = (
    {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    {"minLength", "maxLength", "pattern"},
    {"minItems", "maxItems", "contains", "prefixItems"},
    {"minProperties", "maxProperties", "required", "propertyNames", "additionalProperties"},
    {"enum", "const", "type", "not"},
)
"""Keywords that can contradict each other.

A schema without two of one group, and without `allOf`, cannot contradict itself.
"""

_MOST_COMPONENTS: Final = 60
"""A schema that reaches more components is not judged: the algebra would take seconds."""

_MOST_CHARACTERS: Final = 5_000_000
"""Components that are judged with the schemas of a contract, as JSON: each has all that it reaches
beside it, and five thousand schemas may reach the same half a megabyte."""


def check(contract: Contract) -> Iterator[Problem]:
    """Schemas that are proved to be empty; of nested ones the innermost."""
    components = as_object(as_object(contract.document.data.get("components")).get("schemas"))
    # The innermost first: what is around an impossible schema is impossible because of it.
    nodes = sorted(contract.nodes("schema"), key=lambda node: -node.pointer.count("/"))
    keys = components.keys()
    uses = {key: sorted(keys & {*_keys(schema)}) for key, schema in components.items()}
    cost = SchemaCost(contract.document)
    sizes = {key: len(json.dumps(schema)) for key, schema in components.items()}
    judged = 0
    empty, around = set[str](), set[str]()

    for node in nodes:
        if not _may_contradict(node) or _holds_one(node, empty, around):
            continue
        if cost.count(node.pointer) > MOST:
            continue

        reached = _reached(node.value, uses)
        judged += sum(sizes[key] for key in reached)
        if judged > _MOST_CHARACTERS:
            break
        draft = 4 if contract.is_v3_0 else 20
        if _is_empty(node.value, components, reached, draft):
            empty.add(node.pointer)
            parts = node.pointer.split("/")
            around.update("/".join(parts[:count]) for count in range(1, len(parts)))
            core = _core(node.value, components, reached, draft)
            hint = _CLOSING if "allOf" in core else "Change or remove one of them."
            yield Problem(node.pointer, f"No value satisfies this schema: {_reason(core)}.", hint)

    # Where several hold each other without end, each is shown; what else holds them is not.
    users: dict[str, list[str]] = {}
    for key, used in uses.items():
        for each in used:
            users.setdefault(each, []).append(key)
    in_circles, without_end = circles(uses), endless(components, users)
    for key in components:
        if key in in_circles and key in without_end:
            yield Problem(below(SCHEMAS, key), _ENDLESS, "Let it end: nothing, null or [] inside.")


_ENDLESS: Final = "No value satisfies this schema: each would hold another of it, without end."
_CLOSING: Final = (
    "Remove one of them; close an `allOf` by `unevaluatedProperties: false` beside it."
)


def _core(
    schema: dict[str, Any], components: dict[str, Any], reached: list[str], draft: int
) -> dict[str, Any]:
    """The keywords that contradict each other: without one more of them, values are left."""
    core = schema
    for keyword in schema:
        remainder = {key: value for key, value in core.items() if key != keyword}
        if _is_empty(remainder, components, reached, draft):
            core = remainder
    return core


def _reason(core: dict[str, Any]) -> str:
    if "allOf" in core and len(core) == 1:
        return "the parts of its `allOf` contradict each other"

    # `type` only says that the others apply.
    telling = {keyword: value for keyword, value in core.items() if keyword != "type"}
    telling = telling if len(telling) > 1 else core
    listed = in_a_row([f"{keyword} {shorten(value)}" for keyword, value in telling.items()])
    return f"{listed} contradict each other" if len(core) > 1 else f"{listed} allows none"


def _may_contradict(node: Node) -> bool:
    keywords = set(node.value)
    if node.value.get("nullable") is True:
        keywords.discard("type")  # it is wider than it says: `{enum: [null]}` is null in 3.0
    if "allOf" in keywords:
        return True
    properties = as_object(node.value.get("properties"))
    if any(properties.get(name) is False for name in as_array(node.value.get("required"))):
        return True
    return any(len(group & keywords) > 1 for group in _CONFLICTING)


def _holds_one(node: Node, empty: set[str], around: set[str]) -> bool:
    """Whether a schema that no value fits is inside this one, or is referred to.

    Then it has a finding of its own, and this schema needs none.
    """
    return node.pointer in around or any(f"{SCHEMAS}/{key}" in empty for key in _keys(node.value))


def _is_empty(
    schema: dict[str, Any], components: dict[str, Any], reached: list[str], draft: int
) -> bool:
    if len(reached) > _MOST_COMPONENTS:
        return False

    document = {**schema, "components": {"schemas": {key: components[key] for key in reached}}}
    try:
        answer = rs.canonicalize(document, draft=draft, offline=True).satisfiability()
    except (rs.ValidationError, rs.ReferencingError, rs.canonical.CanonicalizationError):
        return False
    return answer == rs.canonical.Satisfiability.NO


def _reached(schema: Any, uses: dict[str, list[str]]) -> list[str]:
    """The component schemas that a schema leads to, which are `uses` of each other."""
    found = dict.fromkeys(key for key in _keys(schema) if key in uses)
    waiting = list(found)
    while waiting and len(found) <= _MOST_COMPONENTS:
        for key in uses[waiting.pop()]:
            if key in uses and key not in found:
                found[key] = None
                waiting.append(key)

    return list(found)


def _keys(schema: Any) -> Iterator[str]:
    """The component schemas that a schema refers to."""
    for pointer in references_in(schema):
        key = component_key(pointer)
        if key is not None:
            yield key
