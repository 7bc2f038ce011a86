"""Schemas in older dialects of JSON Schema are written in 2020-12 (OpenAPI 3.1 §4.8.24.5).

    $schema: http://json-schema.org/draft-04/schema#
    items: [{type: string}]
    additionalItems: false
    minimum: 0
    exclusiveMinimum: true

becomes

    prefixItems: [{type: string}]
    items: false
    exclusiveMinimum: 0

`$schema` of the nearest schema around, else `jsonSchemaDialect` of the document, says which dialect
a schema is in. Each edit below is one difference; what a dialect does not know says nothing in it,
and is removed. All of it is legal, so nothing of it is a repair.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Any, Final

from bothends.diagnostics import Finding, Severity
from bothends.load import Document
from bothends.normalise.identifiers import RECURSIVE
from bothends.normalise.repairs.edit import Edit, apply_edits
from bothends.openapi.contract import Contract, Node
from bothends.openapi.json_value import as_object, is_array
from bothends.openapi.pointer import below, parent
from bothends.openapi.reference import reference_of


class Dialect(IntEnum):
    """The dialects that are read, the oldest first."""

    DRAFT_4 = 4
    DRAFT_6 = 6
    DRAFT_7 = 7
    DRAFT_2019_09 = 2019
    DRAFT_2020_12 = 2020


_BY_ADDRESS: Final = {
    "http://json-schema.org/draft-04/schema": Dialect.DRAFT_4,
    "http://json-schema.org/draft-06/schema": Dialect.DRAFT_6,
    "http://json-schema.org/draft-07/schema": Dialect.DRAFT_7,
    "http://json-schema.org/schema": Dialect.DRAFT_7,
    "https://json-schema.org/draft/2019-09/schema": Dialect.DRAFT_2019_09,
    "https://json-schema.org/draft/2020-12/schema": Dialect.DRAFT_2020_12,
}
_OF_OPENAPI: Final = "https://spec.openapis.org/oas/3."

_SINCE: Final = {
    "const": Dialect.DRAFT_6,
    "contains": Dialect.DRAFT_6,
    "propertyNames": Dialect.DRAFT_6,
    "if": Dialect.DRAFT_7,
    "then": Dialect.DRAFT_7,
    "else": Dialect.DRAFT_7,
    "minContains": Dialect.DRAFT_2019_09,
    "maxContains": Dialect.DRAFT_2019_09,
    "dependentRequired": Dialect.DRAFT_2019_09,
    "dependentSchemas": Dialect.DRAFT_2019_09,
    "unevaluatedItems": Dialect.DRAFT_2019_09,
    "unevaluatedProperties": Dialect.DRAFT_2019_09,
    "prefixItems": Dialect.DRAFT_2020_12,
}
"""The dialect that each keyword came with; in an older one it says nothing."""

_ROUNDS: Final = 60
"""A schema in `items` or `dependencies` is seen once these have their new names."""


def convert(document: Document) -> tuple[Document, tuple[Finding, ...]]:
    """Write all schemas in 2020-12; the findings say which dialects are not known."""
    contract = Contract(document)
    if contract.is_v3_0:
        return document, ()

    with_dialect = [node for node in contract.nodes("schema") if "$schema" in node.value]
    if not with_dialect and "jsonSchemaDialect" not in document.data:
        return document, ()

    findings = tuple(_unknown(document, with_dialect))
    written = set[str]()
    for _ in range(_ROUNDS):
        edits: list[Edit] = []
        for node, dialect in _in_dialects(contract):
            if dialect is not Dialect.DRAFT_2020_12 and node.pointer not in written:
                written.add(node.pointer)
                edits += _differences(node, dialect)
        if not edits:
            break
        document = apply_edits(document, edits)
        contract = Contract(document)

    marked = [node.pointer for node in contract.nodes("schema") if "$schema" in node.value]
    removed = [Edit("", below(pointer, "$schema"), "") for pointer in marked]
    return apply_edits(document, removed), findings


def _unknown(document: Document, nodes: list[Node]) -> Iterator[Finding]:
    places = {below(node.pointer, "$schema"): node.value["$schema"] for node in nodes}
    if "jsonSchemaDialect" in document.data:
        places["/jsonSchemaDialect"] = document.data["jsonSchemaDialect"]

    for pointer, address in places.items():
        if _dialect(address) is None:
            message = f"The dialect {address} is not known; it is read as JSON Schema 2020-12."
            hint = f"Known: {', '.join(_BY_ADDRESS)}."
            location = document.location_of(pointer)
            yield Finding("dialect-unknown", Severity.WARNING, message, location, hint)


def _dialect(address: Any) -> Dialect | None:
    # Drafts 4 to 7 state their addresses with an empty fragment, which people leave out.
    text = str(address).removesuffix("#")
    # OpenAPI's own dialect is 2020-12 with a vocabulary more (OpenAPI 3.1 §4.8.24).
    if text.startswith(_OF_OPENAPI):
        return Dialect.DRAFT_2020_12
    # The addresses of old drafts begin with http:, and https: is a habit.
    return _BY_ADDRESS.get(text) or _BY_ADDRESS.get(text.replace("https://", "http://", 1))


def _in_dialects(contract: Contract) -> Iterator[tuple[Node, Dialect]]:
    """Each schema with its dialect; the schemas around it come first."""
    newest = Dialect.DRAFT_2020_12
    usual = _dialect(contract.document.data.get("jsonSchemaDialect")) or newest
    dialects: dict[str, Dialect] = {}
    for node in contract.nodes("schema"):
        outer = parent(node.pointer)
        while outer and outer not in dialects:
            outer = parent(outer)

        dialect = dialects.get(outer, usual)
        if "$schema" in node.value:
            dialect = _dialect(node.value["$schema"]) or newest
        dialects[node.pointer] = dialect
        yield node, dialect


def _differences(node: Node, dialect: Dialect) -> Iterator[Edit]:
    schema, pointer = node.value, node.pointer
    if dialect < Dialect.DRAFT_2019_09 and reference_of(schema) is not None:
        # Up to draft 7 what stands beside a reference says nothing; it may still be referred to.
        kept_words = ("$ref", "$schema", "definitions", "$defs")
        yield from (Edit("", below(pointer, word), "") for word in schema if word not in kept_words)
        return

    for word in schema:
        if word in _SINCE and dialect < _SINCE[word]:
            yield Edit("", below(pointer, word), "")

    if dialect is Dialect.DRAFT_4:
        if isinstance(schema.get("id"), str):  # `$id` since draft 6
            yield Edit("", below(pointer, "$id"), "", schema["id"], source=below(pointer, "id"))
            yield Edit("", below(pointer, "id"), "")
        yield from _exclusive_bound(schema, pointer, "exclusiveMinimum", "minimum")
        yield from _exclusive_bound(schema, pointer, "exclusiveMaximum", "maximum")
    yield from _items(schema, pointer)
    if dialect < Dialect.DRAFT_2019_09:
        yield from _dependencies(schema, pointer)
    if dialect is Dialect.DRAFT_2019_09:
        yield from _recursion(schema, pointer)


def _exclusive_bound(schema: dict[str, Any], pointer: str, flag: str, bound: str) -> Iterator[Edit]:
    """A boolean beside the bound, in draft 4, is a bound of its own since draft 6."""
    if not isinstance(schema.get(flag), bool):
        return

    flag_pointer, source = below(pointer, flag), below(pointer, bound)
    # Draft 4 asks for the bound beside its flag; a flag alone says nothing.
    if schema[flag] and bound in schema:
        yield Edit("", flag_pointer, "", schema[bound], source=source)
        yield Edit("", source, "")
    else:
        yield Edit("", flag_pointer, "")


def _items(schema: dict[str, Any], pointer: str) -> Iterator[Edit]:
    """A list in `items` is `prefixItems` since 2020-12, and `additionalItems` is `items`."""
    items, remainder = below(pointer, "items"), below(pointer, "additionalItems")
    if is_array(schema.get("items")):
        yield Edit("", below(pointer, "prefixItems"), "", schema["items"], source=items)
        if "additionalItems" in schema:
            yield Edit("", items, "", schema["additionalItems"], source=remainder)
        else:
            yield Edit("", items, "")
    if "additionalItems" in schema:
        yield Edit("", remainder, "")


def _dependencies(schema: dict[str, Any], pointer: str) -> Iterator[Edit]:
    """`dependencies` are two keywords since 2019-09: one of names, one of schemas."""
    source = below(pointer, "dependencies")
    names: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for name, dependency in as_object(schema.get("dependencies")).items():
        (names if is_array(dependency) else schemas)[name] = dependency

    if names:
        yield Edit("", below(pointer, "dependentRequired"), "", names, source=source)
    if schemas:
        yield Edit("", below(pointer, "dependentSchemas"), "", schemas, source=source)
    if "dependencies" in schema:
        yield Edit("", source, "")


def _recursion(schema: dict[str, Any], pointer: str) -> Iterator[Edit]:
    """`$recursiveRef` of 2019-09 is a dynamic reference without a name."""
    for old, new, value in (
        ("$recursiveAnchor", "$dynamicAnchor", RECURSIVE),
        ("$recursiveRef", "$dynamicRef", f"#{RECURSIVE}"),
    ):
        if old in schema:
            old_pointer = below(pointer, old)
            if schema[old] in (True, "#"):
                yield Edit("", below(pointer, new), "", value, source=old_pointer)
            yield Edit("", old_pointer, "")
