"""Parts that are written one level too high or too low, or as a list where names are needed.

Each is read at its place:

servers: https://tides.example                    [{url: https://tides.example}]
parameters: {day: {in: query}}                    [{name: day, in: query}]
paths: {components: {schemas: …}}                 components: {schemas: …}
content: {schema: {type: string}}                 {application/json: {schema: {type: string}}}
content: {json: {schema: {type: string}}}         {application/json: {schema: {type: string}}}
examples: {low: {value: 1}}   in a schema         [1]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from bothends.normalise.repairs.edit import Edit
from bothends.normalise.v2_0.components import COMPONENTS
from bothends.normalise.v2_0.security import security_scheme
from bothends.openapi.contract import Contract, Node
from bothends.openapi.explain import shorten
from bothends.openapi.grammar import GRAMMAR, METHODS
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.pointer import below, split

_JSON: Final = "application/json"
_MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "form": "application/x-www-form-urlencoded",
    "html": "text/html",
    "json": _JSON,
    "multipart": "multipart/form-data",
    "pdf": "application/pdf",
    "plain/text": "text/plain",
    "text": "text/plain",
    "xml": "application/xml",
}
"""What people write in short, or the wrong way round."""

_ONE: Final = r"\s*[\w.+*-]+/[\w.+*-]+\s*(?:;\s*[\w-]+=[\w.-]+\s*)*"
_SEVERAL: Final = re.compile(f"{_ONE}(?:,{_ONE})+")

_MEDIA_TYPE_FIELDS: Final = frozenset({"schema", "example", "examples", "encoding"})


def repair_misplaced(contract: Contract) -> Iterator[Edit]:
    """Find an edit for each part that has one plain place."""
    yield from _sections(contract)
    yield from _of_root(contract)
    for node in contract.nodes("root", "path item", "operation"):
        yield from _servers(node)
        yield from _parameters(node)
    for node in contract.nodes("response", "request body", "parameter", "header"):
        yield from _media_types(node)
    for node in contract.nodes("schema"):
        yield from _examples(node)


def _sections(contract: Contract) -> Iterator[Edit]:
    """Components where Swagger 2.0 has them; references are repaired after it."""
    data = contract.document.data
    found = {name: target for name, target in COMPONENTS.items() if as_object(data.get(name))}
    components: Any = data.get("components")
    if found and not is_object(components):
        components = {}
        yield Edit("definitions", "/components", "", {}, source=below("", next(iter(found))))

    for section, target in found.items():
        source, kind = below("", section), split(target)[-1]
        existing = as_object(components.get(kind))
        if not existing:
            yield Edit("definitions", target, "", {}, source=source)
        for name, item in as_object(data[section]).items():
            is_scheme = section == "securityDefinitions" and is_object(item)
            value = security_scheme(item) if is_scheme else item
            if name not in existing:
                pointer = below(target, name)
                yield Edit("definitions", pointer, "", value, source=below(source, name))
        message = f'"{section}" is read as the {kind} of components.'
        yield Edit("definitions", source, message, hint=f"Write them below `components: {kind}:`.")


def _of_root(contract: Contract) -> Iterator[Edit]:
    """Fields of the root, or of the components, that are indented as if they were paths."""
    data = contract.document.data
    has_components = is_object(data.get("components"))
    for field, value in as_object(data.get("paths")).items():
        if field in GRAMMAR["root"] or field == "security":
            target = below("", field)
        elif field in GRAMMAR["components"]:
            target = below("/components", field)
        else:
            continue
        # `tags: {get: …}` is the path /tags.
        if is_object(value) and not value.keys().isdisjoint(METHODS):
            continue

        source = below("/paths", field)
        reading = "it says nothing there"
        written = as_object(data.get("components")) if target.count("/") > 1 else data
        if value and not written.get(field):
            reading = f"it is read as {target}"
            if target.startswith("/components/") and not has_components:
                yield Edit("root-field", "/components", "", {}, source=source)
            has_components = has_components or target.startswith("/components")
            yield Edit("root-field", target, "", value, source=source)
        hint = "Correct its indentation: " + (
            "it stands below `components:`."
            if target.startswith("/components/")
            else "it begins the line, as `paths:` does."
        )
        message = f'"{field}" stands below paths and is no path; {reading}.'
        yield Edit("root-field", source, message, hint=hint, at_key=True)


def _servers(node: Node) -> Iterator[Edit]:
    pointer, servers = below(node.pointer, "servers"), node.value.get("servers")
    if isinstance(servers, str):
        message = f"{shorten(servers)} is read as a list of one server."
        yield Edit("servers", pointer, message, [{"url": servers}])
    elif is_object(servers) and "url" in servers:
        yield Edit("servers", pointer, "One server is read as a list of one.", [servers])
    for index, server in enumerate(as_array(servers)):
        if isinstance(server, str):
            message = f"{shorten(server)} is read as the URL of a server."
            yield Edit("servers", below(pointer, index), message, {"url": server})


def _parameters(node: Node) -> Iterator[Edit]:
    parameters = node.value.get("parameters")
    if node.kind == "root" or not is_object(parameters) or not parameters:
        return
    if not all(is_object(each) and "$ref" not in each for each in parameters.values()):
        return

    listed: list[dict[str, Any]] = [{"name": name, **each} for name, each in parameters.items()]
    message = "Parameters are a list here; the keys are read as their names."
    yield Edit("parameters", below(node.pointer, "parameters"), message, listed)


def _media_types(node: Node) -> Iterator[Edit]:
    content = as_object(node.value.get("content"))
    pointer = below(node.pointer, "content")
    # `schema` is no media type: the level between the two was forgotten.
    if "schema" in content and content.keys() <= _MEDIA_TYPE_FIELDS:
        message = "The media type is missing between content and schema; it is read as JSON."
        source = below(pointer, "schema")
        yield Edit("media-type", pointer, message, {_JSON: content}, source=source, at_key=True)
        return

    for name in content:
        if _SEVERAL.fullmatch(name):
            yield from _several_media_types(pointer, name, content)
            continue
        intended = _MEDIA_TYPES.get(name.strip().lower(), "")
        # Forms of documentation leave the name empty; what is no text or file is JSON there.
        schema = as_object(as_object(content[name]).get("schema"))
        if not name.strip() and schema and schema.get("type") != "string":
            intended = _JSON
        if intended and intended not in content:
            message = f"{shorten(name)} is no media type; it is read as {intended}."
            yield Edit("media-type", below(pointer, name), message, new_key=intended, at_key=True)


def _several_media_types(pointer: str, name: str, content: dict[str, Any]) -> Iterator[Edit]:
    """`application/json, text/plain` as one key: frameworks join what an annotation lists."""
    names = [each.strip() for each in name.split(",")]
    message = f"{shorten(name)} is no media type; it is read as several: {' and '.join(names)}."
    source = below(pointer, name)
    for each in dict.fromkeys(names):
        if each not in content:
            value = content[name]
            yield Edit(
                "media-type", below(pointer, each), message, value, source=source, at_key=True
            )
            message = ""
    yield Edit("media-type", source, message)


def _examples(node: Node) -> Iterator[Edit]:
    """Examples of a schema are a list of values (JSON Schema 2020-12 §9.5); elsewhere a map."""
    examples = node.value.get("examples")
    if not is_object(examples) or not examples:
        return
    if not all(is_object(each) and "value" in each for each in examples.values()):
        return

    values = [each["value"] for each in examples.values()]
    message = "Examples of a schema are a list of values; these are read without their names."
    yield Edit("examples", below(node.pointer, "examples"), message, values)
