"""`contract.json`: the normalised contract as both ends read it, with the names that differ."""

from __future__ import annotations

from collections.abc import Container, Iterable
from itertools import chain
from typing import Any

from bothends import ir
from bothends.emit.contract_text import contract_texts
from bothends.load import Document
from bothends.openapi.discriminator import find_discriminators
from bothends.openapi.json_value import copied, is_array, is_object
from bothends.openapi.pointer import split
from bothends.openapi.reference import VARIANTS, schema_key


def emit_contract(api: ir.Api, document: Document) -> dict[str, str]:
    """Return the contract as JSON text by file name, in the contract's own order.

    `x-names` maps the wire names of components to their Python names, where the two differ.
    `x-discriminators` lists which class each value of a discriminator names.
    """
    data = _as_generated(api, document)
    renamed: dict[str, str] = {}
    for component in api.components:
        if component.wire_name != component.name:
            renamed[component.wire_name] = str(component.name)

    if renamed:
        data["x-names"] = renamed
    if discriminators := _discriminators(api, document):
        data["x-discriminators"] = discriminators

    return contract_texts(data, is_indexed=api.layout == "tags")


def _discriminators(api: ir.Api, document: Document) -> list[dict[str, Any]]:
    """The discriminators by the names of classes: those whose members all have one."""
    names = {component.wire_name: str(component.name) for component in api.components}
    variants: dict[str, str] = document.data["components"].get(VARIANTS, {})
    found: list[dict[str, Any]] = []
    classes = {model.wire_name for model in api.models}
    for discriminator in find_discriminators(document.data, variants):
        members = set(discriminator.members)
        if discriminator.base:  # its heirs are classes, unless they are other names of one
            members &= classes
        if len(members) < 2 or not members <= names.keys():
            continue

        # A mapping may name a member that has no class of its own, such as a nested alternative,
        # or another name of a class.
        targets = discriminator.values.items()
        class_keys = {value: _class_key(document, key, names) for value, key in targets}
        named = {value: key for value, key in class_keys.items() if key in names}
        values = {value: names[key] for value, key in named.items()}
        described: dict[str, Any] = {
            "property": discriminator.property,
            "members": sorted(names[key] for key in members),
            "values": values,
        }
        default = discriminator.default or discriminator.base
        if default in names:
            described["otherwise"] = names[default]
        if described not in found:
            found.append(described)

    return found


def _class_key(document: Document, key: str, names: Container[str]) -> str:
    """The component that has a name: this one, or the one that it is another name of."""
    components, seen = document.data["components"]["schemas"], set[str]()
    while key not in names and key not in seen:
        seen.add(key)
        key = schema_key(components.get(key)) or key
    return key


def _as_generated(api: ir.Api, document: Document) -> dict[str, Any]:
    """The contract as the package has it, where that is not as it was written.

    Media types that were left out are not in it, nor the schemas of those whose content is carried
    as it is. A stream that is passed as a list has the schema of the list, and a form of anything
    that of an object. Both ends and the proofs hold each other to this file.
    """
    contents: list[tuple[ir.Content, ...]] = []
    for operation in api.every_operation:
        if isinstance(operation.body, ir.Body):
            contents.append(operation.body.contents)
        for reply in operation.replies:
            if not isinstance(reply.contents, ir.NoBody):
                contents.append(reply.contents)

    every_content = list(chain.from_iterable(contents))
    is_changed = any(map(_is_listed, every_content)) or any(map(_is_any_form, every_content))
    if not is_changed and not api.losses:
        return dict(document.data)

    # Most contracts are unchanged here, and a copy of one of several megabytes takes its time.
    data = copied(document.data)
    for group in contents:
        _keep(data, group)
    return data


def _is_listed(content: ir.Content) -> bool:
    is_stream = content.kind in (ir.MediaKind.JSON_LINES, ir.MediaKind.EVENTS)
    return is_stream and isinstance(content.type, ir.Array)


def _is_any_form(content: ir.Content) -> bool:
    is_form = content.kind in (ir.MediaKind.FORM, ir.MediaKind.MULTIPART)
    return is_form and content.type == ir.Map(ir.Scalar(ir.Kind.ANY))


def _keep(data: dict[str, Any], contents: tuple[ir.Content, ...]) -> None:
    """Make the Content map of these media types be about them alone, as they were built."""
    *parts, _ = split(contents[0].pointer)
    described = _value_at(data, parts)
    built = {content.wire_name: content for content in contents}

    for media_type in [name for name in described if name not in built]:
        del described[media_type]

    for media_type, content in built.items():
        node = described[media_type]
        if content.note:
            node.pop("schema", None)
        elif _is_any_form(content) and node.get("schema", True) in (True, {}):
            node["schema"] = {"type": "object"}
        elif _is_listed(content) and not _is_array(data, node.get("schema", True)):
            node["schema"] = {"type": "array", "items": node.get("schema", True)}


def _is_array(data: dict[str, Any], schema: Any) -> bool:
    seen = set[str]()
    while is_object(schema) and (reference := str(schema.get("$ref", ""))) not in {"", *seen}:
        seen.add(reference)
        schema = _value_at(data, split(reference.removeprefix("#")))
    return is_object(schema) and schema.get("type") == "array" and "items" in schema


def _value_at(data: dict[str, Any], parts: Iterable[str]) -> Any:
    node: Any = data
    for part in parts:
        node = node[int(part)] if is_array(node) else node[part]
    return node
