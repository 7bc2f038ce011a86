"""Every reader of what comes from outside: bytes in, a value or its own error out, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from bothends.diagnostics import ContractError
from bothends.load import parse_document
from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.media.accept import parse_accept
from bothends.runtime.media.codec import MediaError
from bothends.runtime.media.stream import _EventReader, _LineReader
from bothends.runtime.media_type import parse_content_type
from bothends.runtime.parameters.style import StyleError, percent_decode

Reader = Callable[[bytes], object]
ERRORS = (ContractError, JsonTextError, MediaError, StyleError)
"""What a reader may raise."""


def _events(data: bytes) -> object:
    reader = _EventReader(is_event=True, is_plain=False)
    whole = [*reader.feed(data), *reader.end()]
    # The same bytes in pieces are the same events.
    pieces = _EventReader(is_event=True, is_plain=False)
    found = [item for start in range(len(data)) for item in pieces.feed(data[start : start + 1])]
    assert found == whole
    return whole


def _lines(data: bytes) -> object:
    reader = _LineReader(b"")
    return [*reader.feed(data), *reader.end()]


READERS: Mapping[str, Reader] = {
    "yaml": lambda data: parse_document(data, "openapi.yaml"),
    "json": lambda data: parse_document(data, "openapi.json"),
    "strict_json": read_json,
    "percent": lambda data: percent_decode(data.decode("latin-1"), plus=True),
    "accept": lambda data: parse_accept(data.decode("latin-1")),
    "content_type": lambda data: parse_content_type(data.decode("latin-1")),
    "events": _events,
    "lines": _lines,
}

SEEDS: Mapping[str, tuple[bytes, ...]] = {
    "yaml": (b"a: &x [1, '2', \"\\u00e9\"]\nb: *x\n? c\n: |-\n  d\n", b"{a: 0x1F, b: .5e3, c: ~}"),
    "json": (b'{"a": [1, -2.5e3, "\\ud83d\\ude00", null, true]}', b'{"a": {"a": {}}}'),
    "strict_json": (b'{"a": [1, 1.0, 0.1, "\\ud800", 123456789012345678901]}', b"[[[[]]]]"),
    "percent": (b"%41+%C3%A9%", b"a=b&c[d]=%zz"),
    "accept": (b'text/*;q=0.5, application/json;v="a,b", */*', b"a/b;c"),
    "content_type": (b'text/plain; charset="utf-8"; a=b', b"multipart/form-data;boundary=x"),
    "events": (b"\xef\xbb\xbfdata: 1\r\n\r\nid: a\rretry: 5\ndata: {}\n\n", b":x\ndata:[1]\n\n"),
    "lines": (b'{"a": 1}\n\n[2]\r\n3', b"1\n2"),
}


def read(name: str, data: bytes) -> None:
    """Read with one reader; whatever it raises beside its own errors is a fault."""
    with suppress(*ERRORS):
        READERS[name](data)
