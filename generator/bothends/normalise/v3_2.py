"""What is new in OpenAPI 3.2, written in the words of 3.1 where it has them (OpenAPI 3.2 §4).

    /tides: {query: …, additionalOperations: {COPY: …}}   /tides: {query: …, copy: …}
    application/jsonl: {itemSchema: {$ref: Tide}}         {schema: {type: array, items: …}}
    {dataValue: {level: 1}}                               {value: {level: 1}}
    Tide: {type: object}, where there is XML              Tide: {type: object, xml: {name: Tide}}
    …form…: {encoding: {days: {contentType: …json}}}      {days: {…, x-encodes-items: true}}

`x-methods` at the root lists the methods that only `additionalOperations` names. The style
`cookie`, `defaultMapping` of discriminators and named servers keep their words: later rooms know
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from bothends.load import Document
from bothends.normalise.repairs.edit import Edit, apply_edits
from bothends.openapi.contract import Contract, Node
from bothends.openapi.json_value import as_object, is_object
from bothends.openapi.pointer import below
from bothends.openapi.reference import component_key
from bothends.openapi.walk import MORE_METHODS

_XML: Final = re.compile(r"(~1|\+)xml[^/]*$")
_FORM: Final = "application/x-www-form-urlencoded"


def convert(document: Document) -> Document:
    """Write the contract as OpenAPI 3.1, as far as 3.1 has words for it."""
    contract = Contract(document)
    edits = [Edit("", "/openapi", "", "3.1.1")]
    methods: list[str] = []

    for node in contract.nodes("path item"):
        additional = as_object(node.value.get("additionalOperations"))
        methods += [method.lower() for method in additional]
        edits += _additional_operations(node, additional)
    for node in contract.nodes("media type"):
        edits += _item_schema(node)
        edits += _encoded_items(node)
    for node in contract.nodes("example"):
        edits += _example(node)

    media_types = [node.pointer for node in contract.nodes("media type")]
    for node in contract.nodes("encoding"):
        content_types = str(node.value.get("contentType")).split(",")
        media_types += [entry.replace("/", "~1") for entry in content_types]
    if any(map(_XML.search, media_types)):
        edits += chain.from_iterable(map(_xml_name, contract.nodes("schema")))
    if methods:
        edits.append(Edit("", f"/{MORE_METHODS}", "", sorted(set(methods))))
    return apply_edits(document, edits)


def _xml_name(node: Node) -> Iterator[Edit]:
    """In XML a component has its own name wherever it is used (§4.26.2).

    In 3.1 it has the name of the property. A schema that refers to it is no node, so that its name
    says nothing.
    """
    words, key = as_object(node.value.get("xml")), component_key(node.pointer)
    if "$ref" in node.value:
        if "name" in words and "nodeType" not in words:
            yield Edit("", below(node.pointer, "xml", "name"), "")
    elif key is not None and "name" not in words:
        yield Edit("", below(node.pointer, "xml"), "", {**words, "name": key})


def _additional_operations(node: Node, operations: dict[str, Any]) -> Iterator[Edit]:
    """Each method stands in the path item, as those that have a field of their own (§4.9)."""
    source = below(node.pointer, "additionalOperations")
    for method, operation in operations.items():
        pointer = below(node.pointer, method.lower())
        yield Edit("", pointer, "", operation, source=below(source, method))
    if operations:
        yield Edit("", source, "")


def _item_schema(node: Node) -> Iterator[Edit]:
    """A stream is described by its items, which 3.1 says by an array of them (§4.14.3)."""
    if "itemSchema" not in node.value:
        return

    item, source = node.value["itemSchema"], below(node.pointer, "itemSchema")
    if node.pointer.endswith("/text~1event-stream"):
        item = _event(item)
    schema_pointer = below(node.pointer, "schema")
    declared = node.value.get("schema")
    # A schema of the whole stream that says more than its items is read for what it says of them.
    around = declared if is_object(declared) and "$ref" not in declared else {}
    yield Edit(
        "", schema_pointer, "", {**around, "type": "array", "items": item}, source=schema_pointer
    )
    yield Edit("", below(schema_pointer, "items"), "", item, source=source)
    yield Edit("", source, "")


def _encoded_items(node: Node) -> Iterator[Edit]:
    """`contentType` is that of each item of a list (Encoding By Name), in 3.1 that of the list."""
    # Parts of a multipart body are items in 3.1 too.
    if not node.pointer.partition(";")[0].endswith(f"/{_FORM.replace('/', '~1')}"):
        return

    encodings = as_object(node.value.get("encoding"))
    for name, encoding in encodings.items():
        if "contentType" in as_object(encoding):
            yield Edit("", below(node.pointer, "encoding", name, "x-encodes-items"), "", True)


def _event(item: Any) -> Any:
    """An event whose data is JSON, described by `contentSchema`, has that schema for its data."""
    # An event's `data` is text on the wire, so its JSON is described inside a string.
    properties = as_object(as_object(item).get("properties"))
    data = as_object(properties.get("data"))
    if "contentSchema" not in data or data.get("contentMediaType") != "application/json":
        return item
    return {**item, "properties": {**properties, "data": data["contentSchema"]}}


def _example(node: Node) -> Iterator[Edit]:
    """`dataValue` is the value as data; `serializedValue` is its text on the wire (§4.19)."""
    value_pointer = below(node.pointer, "value")
    if "dataValue" in node.value:
        source = below(node.pointer, "dataValue")
        yield Edit("", value_pointer, "", node.value["dataValue"], source=source)
    elif "serializedValue" in node.value and "/content/text~1" in node.pointer:
        # Of text both forms are the same; elsewhere the serialized one is not yet the value.
        source = below(node.pointer, "serializedValue")
        yield Edit("", value_pointer, "", node.value["serializedValue"], source=source)
