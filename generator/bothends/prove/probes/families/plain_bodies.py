"""Text and byte bodies: lengths at each bound, texts of another type, invalid UTF-8."""

from __future__ import annotations

from collections.abc import Iterator

from bothends.prove.oracle.refusal import BODY
from bothends.prove.oracle.requests import judge_body
from bothends.prove.probes.probe import Expect, Probe, ProbeContext
from bothends.prove.values.replace import abbreviate
from bothends.prove.values.texts import TEXTS
from bothends.runtime.media import body_media
from bothends.runtime.media.binary import BinaryCodec
from bothends.runtime.media.text import TextCodec
from bothends.runtime.media_type import parse_content_type
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


def probes(context: ProbeContext) -> Iterator[Probe]:
    """For bodies that are not looked into."""
    codecs = {item.media_type: item for item in body_media(context.operation)}
    codec = codecs.get(context.valid.media_type or "")
    if isinstance(codec, TextCodec):
        yield from _judged(context, [(abbreviate(text), text.encode()) for text in TEXTS])
        refused = Expect.refused(BODY)
        sent = parse_content_type(context.valid.media_type)
        if sent is None or sent.is_utf8:
            broken = context.valid.request.with_body(b"a\xff")
            yield Probe("text in invalid UTF-8", broken, refused)
        complete = SchemaView(
            load_contract(context.operation.api), (codec.schema,)
        ).types == frozenset({"integer"})
        for text in _LAX if complete else ():
            yield Probe(
                f"{text!r} for an integer", context.valid.request.with_body(text.encode()), refused
            )

    if isinstance(codec, TextCodec | BinaryCodec):
        yield from _judged(context, [(f"bytes {data!r}", data) for data in _FORMS])
        bodies: list[tuple[str, bytes]] = []
        for size in _sizes(context, codec.schema):
            if isinstance(codec, TextCodec):
                bodies.append((f"{size} characters", ("é" * size).encode()))
            else:
                bodies.append((f"{size} bytes", b"\x7f" * size))
        yield from _judged(context, bodies)


def _judged(context: ProbeContext, bodies: list[tuple[str, bytes]]) -> Iterator[Probe]:
    for message, body in bodies:
        request = context.valid.request.with_body(body)
        if body or (context.operation.body is not None and context.operation.body.required):
            allowed = judge_body(context.operation, request.header("content-type") or "", body)
            yield Probe(message, request, Expect.judged(allowed, BODY))


def _sizes(context: ProbeContext, schema: str) -> list[int]:
    view = SchemaView(load_contract(context.operation.api), (schema,))
    bounds: list[int] = []
    for schema_part in view.schemas():
        words = [word for word in ("minLength", "maxLength") if word in schema_part]
        bounds += [int(schema_part[word]) for word in words]
    return sorted({max(bound + step, 0) for bound in bounds for step in (-1, 0, 1)})
