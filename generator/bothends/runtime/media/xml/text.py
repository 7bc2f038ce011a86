"""XML text to a JSON value and back, by the mapping of a schema.

`<Tide id="7"><tags>a</tags><tags>b</tags></Tide>` is `{"id": 7, "tags": ["a", "b"]}`: see
`mapping.py`. An element that no property has is a property of its name, as in forms: a text, or
an object or array of texts (beside attributes, the text is `#text`). `xsi:nil="true"` is null
(OpenAPI 3.2 §4.26.4).

The parser is expat, of Python's standard library, told to refuse what makes XML dangerous: a
document type declaration is refused where it begins, so there are no entities to expand or fetch.
A library around it, such as defusedxml, would add a dependency for these same few lines.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from typing import Any, NoReturn
from xml.parsers import expat

from bothends.runtime.json.text import MAX_DEPTH
from bothends.runtime.parameters.text_value import of_types

from .mapping import (
    ListShape,
    ObjectShape,
    ScalarShape,
    Shape,
    XmlField,
    XmlMapping,
)
from .name import XmlName

MAX_NODES = 100_000
"""So many elements, attributes and namespaces a text may have; one takes 5 to 10 µs."""

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NIL = {"true": True, "1": True, "false": False, "0": False}
# Where a schema for a validator may be found says nothing of the value (XML Schema Part 1 §2.6.3).
_HINTS = ("schemaLocation", "noNamespaceSchemaLocation")
_SPACE = " \t\r\n"
# Between namespace and name; no name has one.
_SEPARATOR = "\n"


class XmlTextError(ValueError):
    """A text is not XML, or not that of one value; or a value has no form. The message says why."""


def read_xml(mapping: XmlMapping, text: str, charset: str = "utf-8") -> Any:
    """The JSON value of an XML text, or XmlTextError. `charset` is the one that it came in."""
    parser = expat.ParserCreate("utf-8", _SEPARATOR)
    parser.ordered_attributes = True
    parser.buffer_text = True

    reader = _Reader(mapping, charset)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartNamespaceDeclHandler = reader.namespace
    parser.XmlDeclHandler = reader.declaration
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.ProcessingInstructionHandler = reader.instruction

    try:
        # In one call: a token that comes in pieces is scanned again with each piece.
        parser.Parse(text.removeprefix("\ufeff").encode(), True)
    except expat.ExpatError as error:
        place = f"line {error.lineno}, column {error.offset + 1}"
        raise XmlTextError(f"not XML at {place}: {expat.errors.messages[error.code]}") from None
    except UnicodeEncodeError:
        raise XmlTextError("holds half of a surrogate pair") from None
    return reader.root


@dataclass(slots=True)
class _Open:
    """An element that is being read. `shape` is None for what no property has."""

    tag: str
    shape: Shape | None
    own: XmlField | None = None
    is_nil: bool = False
    text: list[str] = field(default_factory=list[str])
    items: list[Any] = field(default_factory=list[Any])
    members: dict[str, Any] = field(default_factory=dict[str, Any])
    repeated: set[str] = field(default_factory=set[str])


class _Reader:
    """Builds the value of one document, event by event, without recursion."""

    def __init__(self, mapping: XmlMapping, charset: str) -> None:
        self.root: Any = None
        self._mapping = mapping
        self._charset = charset
        self._open: list[_Open] = []
        self._nodes = 0

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is None:
            return
        try:
            is_same = codecs.lookup(encoding).name == codecs.lookup(self._charset).name
        except LookupError:
            is_same = False
        # Another reader would believe the declaration, and read another text.
        if not is_same and encoding.lower() != "us-ascii":
            raise XmlTextError(f"says that it is in another charset than {self._charset}")

    def doctype(self, *_: object) -> NoReturn:
        raise XmlTextError("has a document type declaration")

    def instruction(self, *_: object) -> NoReturn:
        raise XmlTextError("has a processing instruction")

    def namespace(self, *_: object) -> None:
        self._count(1)

    def start(self, name: str, attributes: list[str]) -> None:
        self._count(1 + len(attributes) // 2)
        if len(self._open) >= MAX_DEPTH:
            raise XmlTextError("nested too deeply")

        namespace, _, local = name.rpartition(_SEPARATOR)
        opened = self._child(namespace, local) if self._open else self._start_root(namespace, local)
        for attribute, value in zip(attributes[::2], attributes[1::2], strict=True):
            own_namespace, _, own_local = attribute.rpartition(_SEPARATOR)
            _read_attribute(opened, own_namespace, own_local, value)
        self._open.append(opened)

    def characters(self, text: str) -> None:
        self._open[-1].text.append(text)

    def end(self, _name: str) -> None:
        closed = self._open.pop()
        value = _value(closed)
        if not self._open:
            self.root = value
            return

        parent = self._open[-1]
        if isinstance(parent.shape, ListShape):
            parent.items.append(value)
        elif closed.own is not None and closed.own.role == "items":
            parent.members.setdefault(closed.own.property, []).append(value)
        elif closed.own is not None:
            _put_once(parent, closed.own.property, value, f"the element <{closed.tag}>")
        else:
            _put_other(parent, closed.tag, value)

    def _count(self, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise XmlTextError(f"has more than {MAX_NODES} elements and attributes")

    def _start_root(self, namespace: str, local: str) -> _Open:
        expected = self._mapping.root
        if not _is(expected, namespace, local):
            raise XmlTextError(
                f"its root element is {_tag(namespace, local)}, not {_told(expected)}"
            )
        return _Open(local, self._mapping.shape)

    def _child(self, namespace: str, local: str) -> _Open:
        parent = self._open[-1]
        shape = parent.shape
        if isinstance(shape, ScalarShape):
            raise XmlTextError(f"the element <{parent.tag}> holds an element, and is one text")
        if isinstance(shape, ListShape):
            if not _is(shape.item_name, namespace, local):
                within = f"the element <{parent.tag}> holds {_tag(namespace, local)}"
                raise XmlTextError(f"{within}, and only {_told(shape.item_name)} may be there")
            return _Open(local, shape.item)
        if shape is None:
            return _Open(local, None)

        same = shape.elements.get(local, ())
        found = next((each for each in same if each.name.namespace == namespace), None)
        found = found or next((each for each in same if not each.name.namespace), None)
        if found is not None:
            return _Open(local, found.shape, found)
        # As a property it would be the one that is written in another way.
        if same or local in shape.fields:
            within = f"the element <{parent.tag}> holds {_tag(namespace, local)}"
            raise XmlTextError(f"{within}, which is the name of a property, and not its element")
        return _Open(local, shape.additional)


def _read_attribute(opened: _Open, namespace: str, local: str, text: str) -> None:
    if namespace == XSI and local == "nil":
        if text.strip(_SPACE) not in _NIL:
            raise XmlTextError(f"xsi:nil of the element <{opened.tag}> is neither true nor false")
        opened.is_nil = _NIL[text.strip(_SPACE)]
        return
    if namespace == XSI and local in _HINTS:
        return

    shape = opened.shape
    told = f"the element <{opened.tag}> has the attribute {local}"
    if isinstance(shape, ObjectShape):
        known = shape.attributes.get((namespace, local))
        if known is not None:
            _put_once(opened, known.property, _scalar(known.shape, text), told)
            return
        if not namespace and local not in shape.fields:
            value = text if shape.additional is None else _scalar(shape.additional, text)
            _put_once(opened, local, value, told)
            return
    elif shape is None and not namespace:
        _put_once(opened, local, text, told)
        return
    raise XmlTextError(f"{told}, which the contract does not describe")


def _put_once(parent: _Open, name: str, value: Any, told: str) -> None:
    if name in parent.members:
        raise XmlTextError(f"{told} twice" if "attribute" in told else f"{told} is there twice")
    parent.members[name] = value


def _put_other(parent: _Open, name: str, value: Any) -> None:
    """An element that no property has: of several with one name, an array."""
    if name not in parent.members:
        parent.members[name] = value
    elif name in parent.repeated:
        parent.members[name].append(value)
    else:
        parent.members[name] = [parent.members[name], value]
        parent.repeated.add(name)


def _value(closed: _Open) -> Any:
    text = "".join(closed.text)
    has_text = bool(text.strip(_SPACE))
    if closed.is_nil:
        if has_text or closed.items or closed.members:
            raise XmlTextError(f"the element <{closed.tag}> is nil and holds something")
        return None

    shape = closed.shape
    if isinstance(shape, ScalarShape):
        return of_types(text, shape.types)
    if shape is None and not closed.members:
        return text
    if isinstance(shape, ObjectShape) and shape.text is not None:
        if text or (shape.text.required and "string" in _types(shape.text.shape)):
            closed.members[shape.text.property] = _scalar(shape.text.shape, text)
        has_text = False
    if has_text and shape is None:
        # No name of an element or attribute has this sign, so it is written by nobody.
        closed.members["#text"] = text
    elif has_text:
        raise XmlTextError(f"the element <{closed.tag}> has text beside elements or attributes")

    if isinstance(shape, ListShape):
        return closed.items
    if isinstance(shape, ObjectShape):
        # An empty array without a wrapper has no trace; one that must be there is one.
        for name in shape.empty_lists:
            closed.members.setdefault(name, [])
    return closed.members


def _scalar(shape: Shape, text: str) -> Any:
    return of_types(text, _types(shape))


def _types(shape: Shape) -> tuple[str, ...]:
    return shape.types if isinstance(shape, ScalarShape) else ("string",)


def _is(name: XmlName, namespace: str, local: str) -> bool:
    return name.local == local and name.namespace in ("", namespace)


def _tag(namespace: str, local: str) -> str:
    return f"<{local}> of the namespace {namespace}" if namespace else f"<{local}>"


def _told(name: XmlName) -> str:
    return _tag(name.namespace, name.local)
