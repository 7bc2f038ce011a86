"""A JSON value as XML text, by the mapping of its schema: see `text.py`, which reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from bothends.runtime.json.text import MAX_DEPTH
from bothends.runtime.json.value import is_array, is_deeper, is_object
from bothends.runtime.parameters.text_value import text_of

from .mapping import ListShape, ObjectShape, Shape, XmlMapping
from .name import XmlName, is_name
from .text import XSI, XmlTextError

# What XML 1.0 §2.2 has no form for, not even a reference.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A carriage return that is not a reference is read as a line feed (§2.11), and an attribute's line
# feed as a space (§3.3.3).
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ESCAPED_IN_ATTRIBUTES = {**_ESCAPED, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write_xml(mapping: XmlMapping, value: Any) -> str:
    """The XML text of a JSON value.

    Raises:
        XmlTextError: XML has no form for the value.
    """
    if is_deeper(value, MAX_DEPTH):
        raise XmlTextError("nested too deeply")

    texts = [_HEAD]
    pending: list[_Element | str] = ["\n", _Element(mapping.root, mapping.shape, value, {})]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            texts.append(node)
            continue

        start, scope = _start(node)
        content = [part for part in _content(node, scope) if part]
        texts.append(f"<{start}>" if content else f"<{start}/>")
        if content:
            pending.append(f"</{node.name.written}>")
            pending.extend(reversed(content))

    return "".join(texts)


class _Element(NamedTuple):
    """A value that is to be one element; `scope` has the namespaces around it by prefix."""

    name: XmlName
    shape: Shape | None
    value: Any
    scope: dict[str, str]


def _start(element: _Element) -> tuple[str, dict[str, str]]:
    """The name and the attributes of an element, and the namespaces inside of it."""
    value, shape = element.value, element.shape
    attributes: list[str] = []
    scope = _declared(element.name, element.scope, attributes)

    if value is None:
        scope = _declared(XmlName("nil", XSI, "xsi"), scope, attributes)
        attributes.append(' xsi:nil="true"')
    elif isinstance(shape, ObjectShape) and is_object(value):
        for field in shape.attributes.values():
            if field.property in value:
                scope = _declared(field.name, scope, attributes)
                text = _text(value[field.property], _ESCAPED_IN_ATTRIBUTES)
                attributes.append(f' {field.name.written}="{text}"')

    return element.name.written + "".join(attributes), scope


def _content(element: _Element, scope: dict[str, str]) -> Iterator[_Element | str]:
    value, shape = element.value, element.shape
    if isinstance(shape, ListShape) and is_array(value):
        for item in value:
            yield _Element(shape.item_name, shape.item, item, scope)
    elif isinstance(shape, ObjectShape) and is_object(value):
        yield from _members(shape, value, scope)
    elif shape is None and is_object(value):
        for name, item in value.items():
            yield from _others(name, None, item, scope)
    elif value is not None:
        yield _text(value, _ESCAPED)


def _members(
    shape: ObjectShape, value: dict[str, Any], scope: dict[str, str]
) -> Iterator[_Element | str]:
    for name, item in value.items():
        field = shape.fields.get(name)
        if field is None:
            yield from _others(name, shape.additional, item, scope)
        elif field.role == "element":
            yield _Element(field.name, field.shape, item, scope)
        elif field.role == "items":
            if not is_array(item):
                raise XmlTextError(f"{name} is null, and XML has only the items of it")
            for each in item:
                yield _Element(field.name, field.shape, each, scope)
        elif field.role == "text":
            yield _text(item, _ESCAPED)
        elif field.role == "cdata":
            text = _text(item, {})
            # A reference is none inside of such a section, and `]]>` ends it.
            is_plain = "\r" not in text and "]]>" not in text
            yield f"<![CDATA[{text}]]>" if is_plain and text else _text(item, _ESCAPED)


def _others(
    name: str, shape: Shape | None, value: Any, scope: dict[str, str]
) -> Iterator[_Element]:
    """A property that the schema does not declare."""
    if not is_name(name):
        raise XmlTextError("has a property whose name is no name of an element")
    for item in value if is_array(value) else [value]:
        yield _Element(XmlName(name), shape, item, scope)


def _declared(name: XmlName, scope: dict[str, str], attributes: list[str]) -> dict[str, str]:
    """The namespaces inside of an element, with that of a name, which is declared if it is new."""
    if not name.namespace or scope.get(name.prefix) == name.namespace:
        return scope
    declaration = f" xmlns:{name.prefix}" if name.prefix else " xmlns"
    if any(each.startswith(f"{declaration}=") for each in attributes):
        raise XmlTextError(f"the prefix {name.prefix} has two meanings in one element")
    text = _text(name.namespace, _ESCAPED_IN_ATTRIBUTES)
    attributes.append(f'{declaration}="{text}"')
    return {**scope, name.prefix: name.namespace}


def _text(value: Any, escaped: dict[str, str]) -> str:
    if value is None or is_object(value) or is_array(value):
        raise XmlTextError("null, an array or an object stands where XML has one text")
    text = text_of(value)
    if found := _UNWRITABLE.search(text):
        raise XmlTextError(f"holds the character U+{ord(found[0]):04X}, which XML has not")
    for sign, reference in escaped.items():  # the ampersand comes first
        text = text.replace(sign, reference)
    return text
