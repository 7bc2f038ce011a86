"""Every reader of what comes from outside: bytes in, a value or its own error out, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import product

from bothends.check.handler import Interface, check_handler
from bothends.check.stand_in import StandIn
from bothends.diagnostics import ContractError
from bothends.load import parse_document
from bothends.load.json_path import JsonPath, JsonPathError
from bothends.record import HarError, read_har
from bothends.runtime.client.pagination import next_link
from bothends.runtime.client.retry import seconds_until
from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.media.accept import parse_accept
from bothends.runtime.media.error import MediaError
from bothends.runtime.media.events import EventReader
from bothends.runtime.media.json_lines import LineReader
from bothends.runtime.media.multipart.parts import read_parts
from bothends.runtime.media.xml.mapping import XmlMappings
from bothends.runtime.media.xml.text import XmlTextError, read_xml
from bothends.runtime.media.yaml_text import YamlTextError, read_yaml
from bothends.runtime.media_type import parse_content_type
from bothends.runtime.parameters.style import (
    Shape,
    Style,
    StyleError,
    percent_decode,
    read_pairs,
    read_text,
)
from bothends.runtime.schema.contract import Contract
from bothends.runtime.stand_in.prefer import read_preference
from tests.runtime.waiting import FakeClock

Reader = Callable[[bytes], object]
ERRORS = (
    *(ContractError, HarError, JsonPathError, JsonTextError, MediaError, StyleError),
    *(XmlTextError, YamlTextError),
)
"""What a reader may raise."""


def _events(data: bytes) -> object:
    reader = EventReader(is_event=True, is_plain=False)
    whole = [*reader.feed(data), *reader.end()]
    # The same bytes in pieces are the same events.
    pieces = EventReader(is_event=True, is_plain=False)
    found = [item for start in range(len(data)) for item in pieces.feed(data[start : start + 1])]
    assert found == whole
    return whole


def _lines(data: bytes) -> object:
    reader = LineReader(b"")
    return [*reader.feed(data), *reader.end()]


def _styles(data: bytes) -> object:
    raw = data.decode("latin-1")
    found: list[object] = []
    for name, shape, explode in product(STYLES, SHAPES, (False, True)):
        with suppress(StyleError):
            found.append(read_text(Style.of("a", "path", name, explode), raw, shape))
        with suppress(StyleError):
            pairs = [(key, text) for key, _, text in (p.partition("=") for p in raw.split("&"))]
            found.append(
                read_pairs(Style.of("a", "query", "form", explode), pairs, shape, str.isdigit)
            )
    return found


def _recording(data: bytes) -> object:
    return list(read_har(data.decode("utf-8", "replace")))


PROPERTIES = {
    "a": {"$ref": "#/a"},
    "b": {"type": "array", "items": {"type": "number"}},
    "c": {"type": "array", "items": {"type": "string"}, "xml": {"wrapped": True}},
    "d": {"type": "integer", "xml": {"attribute": True}},
}
XML = XmlMappings(Contract({"a": {"type": "object", "properties": PROPERTIES}})).mapping_of(
    "/a", "a"
)


def _stand_in(data: bytes) -> object:
    interface = Interface("made", {"": ("Tide",), "models": ("Tide",)}, {"get_tide": ("id",)})
    return check_handler(StandIn.parse(data.decode("utf-8", "replace"), "stand_in.py"), interface)


STYLES = ("simple", "label", "matrix", "spaceDelimited", "pipeDelimited")
SHAPES: tuple[Shape, ...] = ("text", "list", "pairs")

READERS: Mapping[str, Reader] = {
    "yaml": lambda data: parse_document(data, "openapi.yaml"),
    "json": lambda data: parse_document(data, "openapi.json"),
    "strict_json": read_json,
    "yaml_body": lambda data: read_yaml(data.decode("latin-1")),
    "xml_body": lambda data: read_xml(XML, data.decode("latin-1")),
    "percent": lambda data: percent_decode(data.decode("latin-1"), plus=True),
    "accept": lambda data: parse_accept(data.decode("latin-1")),
    "content_type": lambda data: parse_content_type(data.decode("latin-1")),
    "events": _events,
    "lines": _lines,
    "styles": _styles,
    "parts": lambda data: read_parts(data, "x"),
    "prefer": lambda data: read_preference([data.decode("latin-1")]),
    "link": lambda data: next_link(data.decode("latin-1")),
    "retry_after": lambda data: seconds_until(data.decode("latin-1"), FakeClock()),
    "recording": _recording,
    "stand_in": _stand_in,
    "json_path": lambda data: JsonPath(data.decode("latin-1")).find({"a": [{"b": "c"}]}),
}

SEEDS: Mapping[str, tuple[bytes, ...]] = {
    "yaml": (b"a: &x [1, '2', \"\\u00e9\"]\nb: *x\n? c\n: |-\n  d\n", b"{a: 0x1F, b: .5e3, c: ~}"),
    "json": (b'{"a": [1, -2.5e3, "\\ud83d\\ude00", null, true]}', b'{"a": {"a": {}}}'),
    "strict_json": (b'{"a": [1, 1.0, 0.1, "\\ud800", 123456789012345678901]}', b"[[[[]]]]"),
    "yaml_body": (b"a: [1, '2']\nb: |-\n  d\n", b"{a: 0x1F, b: .5e3, c: ~}"),
    "xml_body": (
        b'<?xml version="1.0"?><a d="1"><b>1.5</b><!-- x --><c><c>&#65;</c></c></a>',
        b"<a xmlns='u' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><a i:nil='1'/></a>",
        b"<a><c><c><![CDATA[<]]></c></c><e f='g'>h</e><e/></a>",
    ),
    "percent": (b"%41+%C3%A9%", b"a=b&c[d]=%zz"),
    "accept": (b'text/*;q=0.5, application/json;v="a,b", */*', b"a/b;c"),
    "content_type": (b'text/plain; charset="utf-8"; a=b', b"multipart/form-data;boundary=x"),
    "events": (b"\xef\xbb\xbfdata: 1\r\n\r\nid: a\rretry: 5\ndata: {}\n\n", b":x\ndata:[1]\n\n"),
    "lines": (b'{"a": 1}\n\n[2]\r\n3', b"1\n2"),
    "styles": (b";a=1,2;a=3", b".1.2", b"a|%7Cb%20c", b"a=1&a=2&b=c,d", b"a=b,c=d"),
    "parts": (
        b'--x\r\nContent-Disposition: form-data; name="a"; filename=b\r\nA: b\r\n\r\nc\r\n--x--',
        b"--x\r\ncontent-disposition: form-data;name=a\r\n\r\n\r\n--x\r\n",
    ),
    "prefer": (b'code=404, example="a\\"b"; c', b"respond-async, wait=5"),
    "link": (b'<https://a/?b>; rel="next prev"; title="c", <d>; rel=last', b"<>;rel=next"),
    "retry_after": (b"120", b"Fri, 31 Dec 1999 23:59:59 GMT", b"1 Jan 0001 00:00 +9999"),
    "recording": (
        (
            b'{"log": {"entries": [{"request": {"method": "GET", "url": "http://a/", "headers": []},'
            b' "response": {"status": 200, "headers": [{"name": "a", "value": "b"}],'
            b' "content": {"text": "YQ==", "encoding": "base64"}}}]}}'
        ),
    ),
    "stand_in": (
        b"from made import Tide\nclass StandIn(Tide):\n    async def get_tide(self, id, *, a=1): ...\n",
    ),
    "json_path": (b"$..a[?@.b == 'c']", b"$['a'][0:2:1,*]", b"$[?match(@.b, 'c.*') || !@.d]"),
}


def read(name: str, data: bytes) -> None:
    """Read with one reader; whatever it raises beside its own errors is a fault."""
    with suppress(*ERRORS):
        READERS[name](data)
