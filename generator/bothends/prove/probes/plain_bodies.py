"""Bodies of text or bytes: lengths on both sides of each bound, texts that are no such value, and what is no UTF-8."""

from __future__ import annotations

from collections.abc import Iterator

from bothends.prove.fuzz.referee import judge_body
from bothends.prove.probe import Expect, Ground, Probe
from bothends.prove.refusal import BODY
from bothends.prove.replaced import shown
from bothends.prove.texts import TEXTS
from bothends.runtime.media import body_media
from bothends.runtime.media.binary import BinaryCodec
from bothends.runtime.media.text import TextCodec
from bothends.runtime.schema.contract import load_contract
from bothends.runtime.schema.schema_view import SchemaView

_LAX = ("1.0", "+1", "01", "0x1", "1_0", " 1", "1 ", "1e2", "٣", "1\n")
"""What a lenient reader takes for an integer, and no contract means."""
_FORMS = (
    b"",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf1",
    b"a\r\nb",
    "é".encode("latin-1"),
    "é".encode("utf-16"),
)


def probes(ground: Ground) -> Iterator[Probe]:
    """For bodies that are not looked into."""
    codec = next(
        (one for one in body_media(ground.operation) if one.media_type == ground.valid.media_type),
        None,
    )
    if isinstance(codec, TextCodec):
        yield from _judged(ground, [(shown(text), text.encode()) for text in TEXTS])
        refused = Expect.refused(BODY)
        yield Probe("text in invalid UTF-8", ground.valid.request.with_body(b"a\xff"), refused)
        whole = SchemaView(load_contract(ground.operation.api), (codec.schema,)).types == frozenset(
            {"integer"}
        )
        for text in _LAX if whole else ():
            yield Probe(
                f"{text!r} for an integer", ground.valid.request.with_body(text.encode()), refused
            )

    if isinstance(codec, TextCodec | BinaryCodec):
        yield from _judged(ground, [(f"bytes {data!r}", data) for data in _FORMS])
        letters = [
            (f"{size} characters", ("é" * size).encode()) for size in _sizes(ground, codec.schema)
        ]
        octets = [(f"{size} bytes", b"\x7f" * size) for size in _sizes(ground, codec.schema)]
        yield from _judged(ground, letters if isinstance(codec, TextCodec) else octets)


def _judged(ground: Ground, bodies: list[tuple[str, bytes]]) -> Iterator[Probe]:
    for told, body in bodies:
        request = ground.valid.request.with_body(body)
        if body or (ground.operation.body is not None and ground.operation.body.required):
            allowed = judge_body(ground.operation, request.header("content-type") or "", body)
            yield Probe(told, request, Expect.judged(allowed, BODY))


def _sizes(ground: Ground, schema: str) -> list[int]:
    view = SchemaView(load_contract(ground.operation.api), (schema,))
    bounds = [
        int(one[word])
        for one in view.schemas()
        for word in ("minLength", "maxLength")
        if word in one
    ]
    return sorted({max(bound + step, 0) for bound in bounds for step in (-1, 0, 1)})
