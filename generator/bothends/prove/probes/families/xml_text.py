"""XML that is dangerous, and XML that is no value of the schema."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from itertools import islice
from xml.etree import ElementTree as ET

from bothends.prove.oracle.refusal import BODY
from bothends.prove.oracle.requests import judge_body
from bothends.prove.probes.probe import Expect, Probe, ProbeContext
from bothends.runtime.media import body_media
from bothends.runtime.media.xml.codec import XmlCodec
from bothends.runtime.media_type import parse_content_type

_MOST_ELEMENTS = 12
_HEADS = {
    "a document type": b"<!DOCTYPE a>",
    "an entity": b'<!DOCTYPE a [<!ENTITY b "c">]>',
    "entities that multiply": b'<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;&b;&b;">]>',
    "an entity of a file": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
    "a document type elsewhere": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
    "an instruction": b'<?xml-stylesheet href="http://127.0.0.1:9/a.xsl"?>',
    "another root before it": b"<a/>",
    "text before it": b"a",
}
_REFUSED = {
    "no element": b"<!-- nothing -->",
    "no end": b"<a>",
    "invalid UTF-8": b"<a>\xff</a>",
    "a character that XML has not": b"<a>&#1;</a>",
    "deep nesting": b"<a>" * 5_000 + b"</a>" * 5_000,
    "a prefix without a namespace": b"<b:a/>",
}
_TEXTS = ("", " ", "x", "1", "01", "1.5", "1e2", "true", "TRUE", "null", "\u00e9")


def probes(context: ProbeContext) -> Iterator[Probe]:
    """For bodies in XML."""
    codecs = {item.media_type: item for item in body_media(context.operation)}
    if not isinstance(codecs.get(context.valid.media_type), XmlCodec):
        return

    request = context.valid.request
    content_type = request.header("content-type") or ""
    media = parse_content_type(content_type)
    charset = media.charset if media is not None else "utf-8"
    text = request.body.decode(charset).partition("?>")[2].strip().encode()
    refused = {name: head + text for name, head in _HEADS.items()} | _REFUSED
    refused["an entity in its place"] = b'<!DOCTYPE a [<!ENTITY b "">]>' + text.replace(
        b">", b">&b;", 1
    )
    for name, data in refused.items():
        yield Probe(f"XML with {name}", request.with_body(_in(charset, data)), Expect.refused(BODY))

    root = ET.fromstring(text)  # noqa: S314 - the client wrote it
    for name, changed in _changed(root):
        data = _in(charset, changed)
        allowed = judge_body(context.operation, content_type, data)
        yield Probe(name, request.with_body(data), Expect.judged(allowed, BODY))


def _in(charset: str, data: bytes) -> bytes:
    """A text of UTF-8 in another charset; what is no text stays as it is."""
    try:
        return data.decode().encode(charset, "xmlcharrefreplace")
    except UnicodeDecodeError:
        return data


def _changed(root: ET.Element) -> Iterator[tuple[str, bytes]]:
    """The text with one change in each of its first elements."""
    for index, element in enumerate(islice(root.iter(), _MOST_ELEMENTS)):
        local = element.tag.rpartition("}")[2]
        place = f"in <{local}> ({index})"
        for change, edit in _EDITS.items():
            copied = copy.deepcopy(root)
            edit(next(islice(copied.iter(), index, None)))
            yield f"XML with {change} {place}", ET.tostring(copied)
        for text in _TEXTS:
            copied = copy.deepcopy(root)
            next(islice(copied.iter(), index, None)).text = text
            yield f"XML with the text {text!r} {place}", ET.tostring(copied)


def _with_unknown(element: ET.Element) -> None:
    ET.SubElement(element, "bothends-unknown").text = "x"


def _twice(element: ET.Element) -> None:
    for child in list(element)[:1]:
        element.append(copy.deepcopy(child))


def _renamed(element: ET.Element) -> None:
    element.tag = f"{element.tag}-x"


def _without_first(element: ET.Element) -> None:
    for child in list(element)[:1]:
        element.remove(child)


def _in_namespace(element: ET.Element) -> None:
    element.tag = "{urn:example:other}" + element.tag.rpartition("}")[2]


_EDITS: dict[str, Callable[[ET.Element], None]] = {
    "an element that is not described": _with_unknown,
    "an attribute that is not described": lambda element: element.set("bothends-unknown", "x"),
    "an attribute of XML": lambda element: element.set(
        "{http://www.w3.org/XML/1998/namespace}lang", "en"
    ),
    "its first element twice": _twice,
    "no first element": _without_first,
    "another name": _renamed,
    "another namespace": _in_namespace,
    "nil": lambda element: element.set("{http://www.w3.org/2001/XMLSchema-instance}nil", "true"),
}
