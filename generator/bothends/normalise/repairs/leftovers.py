"""Parts that Swagger 2.0 has at other places: schemas of parameters and responses, bodies.

    parameters: [{name: day, in: query, type: string}]
    responses: {'200': {schema: {$ref: '#/components/schemas/Tide'}}}

are read as `schema: {type: string}` and `content: {application/json: {schema: …}}`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, Final

from bothends.normalise.repairs.collection_format import repair_collection_format
from bothends.normalise.repairs.edit import Edit
from bothends.openapi.contract import Contract, Node
from bothends.openapi.explain import shorten
from bothends.openapi.grammar import GRAMMAR, NEWER_WEBHOOKS
from bothends.openapi.header_names import is_header_name
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import below, split
from bothends.runtime.article import with_article
from bothends.runtime.media_type import essence_of, is_json

_IN_SCHEMA: Final = (
    "type",
    "format",
    "items",
    "enum",
    "default",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "multipleOf",
    "exclusiveMinimum",
    "exclusiveMaximum",
)
_IN_EXAMPLE: Final = frozenset(
    {"$ref", "summary", "description", "value", "externalValue", "dataValue", "serializedValue"}
)
_LOCATIONS: Final = ("path", "query", "header", "cookie")


def repair_leftovers(contract: Contract) -> Iterator[Edit]:
    """Find schemas beside their place, and parameters that say too little to be sent."""
    for node in contract.nodes("parameter", "header"):
        yield from _described(contract, node)
    for node in contract.nodes("response"):
        if "schema" in node.value and "content" not in node.value:
            yield from _content(node)
    for node in contract.nodes("request body"):
        if "schema" in node.value and "content" not in node.value:
            yield from _content(node)
        elif not is_object(node.value.get("content")):
            message = "No media type is described; the body is read as bytes of any type."
            target = below(node.pointer, "content")
            yield Edit("body", target, message, {"*/*": {}}, source=node.pointer)
    # Tools that convert 2.0 leave examples as a list.
    for node in contract.nodes("media type", "parameter", "header"):
        yield from _examples(node)
    for node in contract.nodes("operation", "path item"):
        yield from _listed_parameters(contract, node)
    for node in contract.nodes("callback"):
        yield from _nested(node)
    for node in contract.nodes(*GRAMMAR):
        if isinstance(docs := node.value.get("externalDocs"), str):
            target = below(node.pointer, "externalDocs")
            yield Edit("external-docs", target, f"{shorten(docs)} is read as a URL.", {"url": docs})


def _nested(node: Node) -> Iterator[Edit]:
    """A callback of what the vendor sends: a call in the other direction that nobody makes."""
    steps = split(node.pointer)
    if steps[0] in ("webhooks", NEWER_WEBHOOKS) or "callbacks" in steps[:-2]:
        message = "A callback of a webhook or of another callback is left out."
        hint = "If the vendor has it at a path of its own, describe it below `paths`."
        yield Edit("callback", node.pointer, message, is_loss=True, hint=hint)


def _described(contract: Contract, node: Node) -> Iterator[Edit]:
    existing = {"schema", "content"} & node.value.keys()
    if not existing:
        yield from _schema(node)
    elif len(existing) > 1:
        message = "A parameter has `schema` or `content`; `content` is ignored beside `schema`."
        yield Edit("content", below(node.pointer, "content"), message)
    elif "content" in existing:
        yield from _beyond_one_content(node)
    yield from repair_collection_format(contract, node)


def _beyond_one_content(node: Node) -> Iterator[Edit]:
    """Find the media types of a parameter beyond one.

    Its text does not say of which media type it is, so there can be one only.
    """
    content = as_object(node.value["content"])
    if len(content) < 2:
        return

    json = (name for name in content if is_json(essence_of(name)))
    chosen = next(json, next(iter(content)))
    for media_type in content:
        if media_type != chosen:
            message = f"A parameter has one media type; it is read as {chosen}."
            yield Edit("content", below(node.pointer, "content", media_type), message)


def _schema(node: Node) -> Iterator[Edit]:
    found: dict[str, Any] = {key: node.value[key] for key in _IN_SCHEMA if key in node.value}
    for key in found:
        yield Edit("schema", below(node.pointer, key), "")

    read = shorten(found or {"type": "string"})
    message = f"There is no schema; it is read as {read}."
    target = below(node.pointer, "schema")
    yield Edit("schema", target, message, found or {"type": "string"}, source=node.pointer)


def _content(node: Node) -> Iterator[Edit]:
    target, pointer = below(node.pointer, "content"), below(node.pointer, "schema")
    value = {"application/json": {"schema": node.value["schema"]}}
    kind = with_article(node.kind)
    message = f"The schema of {kind} belongs to a media type; it is read as that of JSON."
    hint = "In OpenAPI 3: `content: {application/json: {schema: …}}`."
    yield Edit("content", target, message, value, source=pointer, hint=hint)
    yield Edit("content", pointer, "")


def _examples(node: Node) -> Iterator[Edit]:
    examples = node.value.get("examples")
    if is_array(examples):
        by_name = {
            str(number): example
            if is_object(example) and "value" in example
            else {"value": example}
            for number, example in enumerate(examples, start=1)
        }
        target = below(node.pointer, "examples")
        yield Edit("examples", target, "Examples have names here; these are numbered.", by_name)

    for name, example in as_object(examples).items():
        if not (is_object(example) and example.keys() & _IN_EXAMPLE):
            target = below(node.pointer, "examples", name)
            message = f"{shorten(example)} is read as the value of this example."
            yield Edit("examples", target, message, {"value": example})


def _listed_parameters(contract: Contract, node: Node) -> Iterator[Edit]:
    for index, listed in enumerate(as_array(node.value.get("parameters"))):
        target = below(node.pointer, "parameters", index)
        parameter, _ = contract.resolve(listed, target)
        if not parameter and (listed is None or is_object(listed)):
            continue

        location = parameter.get("in")
        if location == "body" and node.kind == "operation" and "requestBody" not in node.value:
            yield from _body(node, parameter, target)
        elif not isinstance(parameter.get("name"), str) or _is_nowhere(contract, location):
            yield _unusable(parameter, target)
        elif location == "header":
            yield from _misnamed(parameter, target)


def _misnamed(parameter: dict[str, Any], target: str) -> Iterator[Edit]:
    """A header with blanks or a colon around its name; another that is illegal is never sent."""
    name: str = parameter["name"]
    intended = name.strip(" \t:")
    if intended != name and is_header_name(intended):
        message = f'The header "{name}" is read as "{intended}".'
        yield Edit("header-name", target, message, {**parameter, "name": intended})


def _unusable(parameter: dict[str, Any], target: str) -> Edit:
    name, location = parameter.get("name"), parameter.get("in")
    if not isinstance(name, str):
        message = "A parameter without `name` is left out."
        return Edit("parameter", target, message, is_loss=True, hint="Give it a name.")

    if location is None:
        message = f'Parameter "{name}" is left out: it has no `in`.'
        hint = "Say where it is: `in: query`, path, header or cookie."
        return Edit("parameter", target, message, is_loss=True, hint=hint)

    near = difflib.get_close_matches(str(location), sorted(_LOCATIONS), n=1)
    hint = f"Did you mean `in: {near[0]}`?" if near else "`in` is path, query, header or cookie."
    if location == "formData":
        media_type = "application/x-www-form-urlencoded"
        hint = f"In OpenAPI 3 a form is a body: `requestBody: {{content: {{{media_type}: …}}}}`."
    message = f'Parameter "{name}" is left out: `in: {location}` is no place of a request.'
    return Edit("parameter", target, message, is_loss=True, hint=hint)


def _is_nowhere(contract: Contract, location: Any) -> bool:
    if location == "querystring":
        return not contract.is_v3_2
    return not isinstance(location, str) or location.strip().lower() not in _LOCATIONS


def _body(node: Node, parameter: dict[str, Any], target: str) -> Iterator[Edit]:
    body = {
        "required": parameter.get("required") is True,
        "content": {"application/json": {"schema": as_object(parameter.get("schema"))}},
    }
    message = "A parameter `in: body` is read as the request body."
    hint = "In OpenAPI 3: `requestBody: {content: {application/json: {schema: …}}}`."
    yield Edit("body", below(node.pointer, "requestBody"), message, body, source=target, hint=hint)
    yield Edit("body", target, "")
