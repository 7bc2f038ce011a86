"""XML read by ElementTree, so that the proofs share no reader with the server."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from bothends.prove.oracle.scalars import scalars
from bothends.prove.oracle.schemas import (
    item_schemas,
    property_names,
    property_schemas,
    schemas_at,
    types_at,
)
from bothends.runtime.json.value import is_object, json_type
from bothends.runtime.media.xml.codec import XmlCodec
from bothends.runtime.schema.contract import Contract

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_HINTS = (f"{_XSI}nil", f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation")
_NIL = {None: False, "false": False, "0": False, "true": True, "1": True}
_DECLARATION = re.compile(r"<\?xml\s[^?]*\?>")
_ENCODING = re.compile(r"""encoding\s*=\s*["']([^"']*)""")
_CHARACTERS = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->", re.DOTALL)
_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MOST_DEEP, _MOST = 200, 100_000


def judge_xml(codec: XmlCodec, data: bytes, charset: str) -> bool:
    """Whether the contract allows an XML text that came in a charset."""
    try:
        value = read_xml_value(codec.contract, codec.schema, codec.root, data, charset)
        return codec.fault(value) is None
    except ValueError:
        return False


def read_xml_value(contract: Contract, schema: str, name: str, data: bytes, charset: str) -> Any:
    """The value of an XML text in a charset, whose root without `xml.name` has this name.

    Raises:
        ValueError: The text is no XML of a value that the schema describes.
    """
    root = _parsed(data, charset.lower())
    reader = _Reader(contract)
    words = reader.words([schema])
    is_named = _local(root) == (words.get("name") or name)
    if not is_named or words.get("namespace", _space(root)) != _space(root):
        raise ValueError("another element")
    # A wrapped array with a name gives it to its items (OpenAPI 3.1 §4.8.26.2).
    inferred = words.get("name", "") if "nodeType" not in words else ""
    return reader.value(root, [schema], inferred)


def _parsed(data: bytes, charset: str) -> ET.Element:
    """The root of a text with elements, comments and texts alone. ValueError."""
    # A byte order mark is stronger than what Content-Type says (RFC 7303 §3.3).
    charset = "utf-16" if data.startswith(_MARKS) else charset
    text = data.decode(charset).removeprefix("\ufeff")
    declaration = _DECLARATION.match(text)
    rest = text[declaration.end() :] if declaration else text
    plain = _CHARACTERS.sub("", rest)
    if "<!" in plain or "<?" in plain:
        raise ValueError("a document type or an instruction")
    encoding = _ENCODING.search(declaration[0]) if declaration else None
    names = ("utf-8", "utf8") if charset in ("utf-8", "utf8", "us-ascii") else (charset,)
    if encoding and encoding[1].lower() not in (*names, "us-ascii"):
        raise ValueError("another charset")

    try:
        root = ET.fromstring(rest.encode())  # noqa: S314 - what is dangerous was refused above
    except ET.ParseError as error:
        raise ValueError(str(error)) from None
    level: list[ET.Element] = [root]
    depth, count = 0, 0
    while level:
        depth += 1
        count += sum(1 + len(element.attrib) for element in level)
        level = [child for element in level for child in element]
    if depth > _MOST_DEEP or count > _MOST:
        raise ValueError("too deep or too large")
    return root


@dataclass(slots=True)
class _Known:
    """A property as it stands in an object."""

    name: str
    places: list[str]
    namespace: str | None
    is_repeated: bool
    inferred: str


class _Reader:
    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def words(self, places: Sequence[str]) -> dict[str, Any]:
        """What `xml` says of a value, the nearest first."""
        found: dict[str, Any] = {}
        for place in places:
            for _, schema in schemas_at(self.contract, place):
                found = {**schema.get("xml", {}), **found}
        return found

    def value(self, element: ET.Element, places: Sequence[str], inferred: str) -> Any:
        """The value of an element. ValueError."""
        nil = element.get(f"{_XSI}nil")
        if nil not in _NIL:
            raise ValueError("nil is true or false")
        own = [name for name in element.attrib if name not in _HINTS]
        if _NIL[nil]:
            if own or len(element) or _text(element).strip(" \t\r\n"):
                raise ValueError("nil is empty")
            return None

        types = self.types(places)
        if "object" in types:
            return self.object(element, places)
        if own:
            raise ValueError("an attribute of no object")
        if "array" in types:
            return self.array(element, places, inferred)
        if len(element):
            raise ValueError("elements inside of a text")
        return self.scalar(places, _text(element))

    def types(self, places: Sequence[str]) -> AbstractSet[str]:
        types = types_at(self.contract, *places) - {"null"}
        if types:
            return types
        for place in places:
            for _, schema in schemas_at(self.contract, place):
                types |= {json_type(item) for item in schema.get("enum", ())}
                types |= {json_type(schema["const"])} if "const" in schema else set()
        return types - {"null"}

    def scalar(self, places: Sequence[str], text: str) -> Any:
        return next(scalars(self.types(places), text), text)

    def array(self, element: ET.Element, places: Sequence[str], inferred: str) -> list[Any]:
        items = item_schemas(self.contract, places, 0)
        words = self.words(items)
        if _text(element).strip(" \t\r\n"):
            raise ValueError("text between items")
        found: list[Any] = []
        for child in element:
            is_named = _local(child) == words.get("name", inferred)
            if not is_named or words.get("namespace", _space(child)) != _space(child):
                raise ValueError("another element than an item")
            found.append(self.value(child, items, _local(child)))
        return found

    def object(self, element: ET.Element, places: Sequence[str]) -> dict[str, Any]:
        elements, attributes, text = self.known(places)
        names = {name for place in places for name in property_names(self.contract, place)}
        others = [at for place in places for at in property_schemas(self.contract, place, "\0")]
        others = [at for at in others if is_object(found := self.contract.find(at)) and found]
        value: dict[str, Any] = {}

        for key, content in element.attrib.items():
            if key in _HINTS:
                continue
            name = attributes.get(key)
            if name is None and (key.startswith("{") or key in names):
                raise ValueError("an attribute that is not described")
            declared = self.properties(places, name) if name is not None else others
            value[name or key] = self.scalar(declared, content) if declared else content

        listed: set[str] = set()
        for child in element:
            same = [each for key, each in elements if key == _local(child)]
            known = [each for each in same if each.namespace == _space(child)]
            known = known or [each for each in same if each.namespace is None]
            if not known and (same or _local(child) in names):
                raise ValueError("the name of a property that is another element")
            name = known[0].name if known else _local(child)
            if known:
                item = self.value(child, known[0].places, known[0].inferred)
            else:
                item = self.value(child, others, "") if others else _any(child)

            if known and known[0].is_repeated:
                value.setdefault(name, []).append(item)
            elif known or others:
                if name in value:
                    raise ValueError("an element twice")
                value[name] = item
            else:
                _collect(value, listed, name, item)

        return self.completed(element, places, value, text)

    def completed(
        self, element: ET.Element, places: Sequence[str], value: dict[str, Any], text: str
    ) -> dict[str, Any]:
        """The object with its text, and the empty arrays that nothing stands for."""
        required = self.required(places)
        content = _text(element)
        if text:
            declared = self.properties(places, text)
            if content or (text in required and "string" in self.types(declared)):
                value[text] = self.scalar(declared, content)
        elif content.strip(" \t\r\n"):
            raise ValueError("text beside elements")

        for _, each in self.known(places)[0]:
            if each.is_repeated and each.name in required:
                value.setdefault(each.name, [])
        return value

    def known(self, places: Sequence[str]) -> tuple[list[tuple[str, _Known]], dict[str, str], str]:
        """The properties that are elements and attributes by their names, and the text."""
        elements: list[tuple[str, _Known]] = []
        attributes: dict[str, str] = {}
        text = ""
        names = dict.fromkeys(n for place in places for n in property_names(self.contract, place))
        for name in names:
            at = self.properties(places, name)
            words = self.words(at)
            is_list = "array" in self.types(at)
            kind = words.get("nodeType", "attribute" if words.get("attribute") is True else "")
            local, namespace = words.get("name", name), words.get("namespace")
            if kind == "attribute":
                attributes[f"{{{namespace}}}{local}" if namespace else local] = name
            elif kind in ("text", "cdata"):
                text = name
            elif is_list and kind != "element" and words.get("wrapped") is not True:
                items = item_schemas(self.contract, at, 0)
                own = self.words(items)
                known = _Known(name, items, own.get("namespace"), True, name)
                elements.append((own.get("name", name), known))
            else:
                inferred = local if kind != "element" else name
                elements.append((local, _Known(name, at, namespace, False, inferred)))
        return elements, attributes, text

    def properties(self, places: Sequence[str], name: str) -> list[str]:
        return [at for place in places for at in property_schemas(self.contract, place, name)]

    def required(self, places: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for place in places:
            for at, schema in schemas_at(self.contract, place):
                if "/anyOf/" not in at and "/oneOf/" not in at:
                    found.update(schema.get("required", ()))
        return found


def _any(element: ET.Element) -> Any:
    """The value of an element that nothing describes."""
    if element.get(f"{_XSI}nil") in ("true", "1"):
        return None
    value: dict[str, Any] = {name: text for name, text in element.items() if name not in _HINTS}
    if any(name.startswith("{") for name in value):
        raise ValueError("an attribute of a namespace")
    listed: set[str] = set()
    for child in element:
        _collect(value, listed, _local(child), _any(child))
    text = _text(element)
    if not value:
        return text
    return {**value, "#text": text} if text.strip(" \t\r\n") else value


def _collect(value: dict[str, Any], listed: set[str], name: str, item: Any) -> None:
    if name in listed:
        value[name].append(item)
    elif name in value:
        value[name] = [value[name], item]
        listed.add(name)
    else:
        value[name] = item


def _text(element: ET.Element) -> str:
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _space(element: ET.Element) -> str:
    return element.tag[1:].rpartition("}")[0] if element.tag.startswith("{") else ""
