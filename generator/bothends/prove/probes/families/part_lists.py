"""Lists in parts: their order and number, wrong types and headers of a part, bad framing."""

from __future__ import annotations

from collections.abc import Iterator

from bothends.prove.oracle.refusal import BODY, MEDIA_TYPE
from bothends.prove.oracle.requests import judge_body
from bothends.prove.probes.families.multipart import sizes_around
from bothends.prove.probes.probe import ANSWERED, Expect, Probe, ProbeContext
from bothends.prove.values.replace import abbreviate
from bothends.prove.values.texts import TEXTS
from bothends.prove.wire.message import Request
from bothends.prove.wire.parts import RawPart, boundary_of, join_parts, split_parts
from bothends.runtime.media import body_media, choose
from bothends.runtime.media.multipart.part_list import PartListCodec
from bothends.runtime.media_type import essence_of
from bothends.runtime.schema.schema_view import SchemaView

_REFUSED = Expect.refused(BODY)
_OTHER_TYPE = Expect.refused(MEDIA_TYPE)
_TYPES = (
    "application/x-undeclared",
    "application/json",
    "text/plain",
    "text/x-undeclared",
    "text/plain; charset=iso-8859-1",
    "application",
)
_CONTENTS = {
    "NaN": b"NaN",
    "a duplicate name": b'{"a":1,"a":2}',
    "a lone surrogate": b'"\\ud800"',
    "no JSON": b"{",
    "invalid UTF-8": b'"\xff"',
}


def probes(context: ProbeContext) -> Iterator[Probe]:
    """For lists in parts."""
    codec = choose(body_media(context.operation), context.valid.media_type)
    if not isinstance(codec, PartListCodec):
        return

    parts = split_parts(context.valid.request)
    yield from _framing(context, parts)
    yield from _order(context, parts)
    for index, part in enumerate(parts):
        yield from _heads(context, codec, parts, index, part)
        yield from _contents(context, codec, parts, index, part)


def _framing(context: ProbeContext, parts: list[RawPart]) -> Iterator[Probe]:
    request, boundary = context.valid.request, boundary_of(context.valid.request)
    essence = essence_of(context.valid.media_type)

    def typed(text: str) -> Request:
        return request.with_header("content-type", text)

    yield Probe("no boundary", typed(essence), _OTHER_TYPE)
    yield Probe("an empty boundary", typed(f'{essence}; boundary=""'), _OTHER_TYPE)
    if not parts:
        return

    yield Probe("another boundary", typed(f"{essence}; boundary={boundary}x"), _REFUSED)
    cut = request.body.removesuffix(f"--{boundary}--\r\n".encode())
    yield Probe("no last boundary", request.with_body(cut), _REFUSED)
    yield Probe("line feeds alone", join_parts(request, parts, line=b"\n"), _REFUSED)
    yield Probe("no parts, but bytes", request.with_body(b"nothing of the kind"), _REFUSED)
    yield Probe("1,000 parts", join_parts(request, [*parts, *[parts[-1]] * 1000]), ANSWERED)


def _order(context: ProbeContext, parts: list[RawPart]) -> Iterator[Probe]:
    """Which parts there are, and in which order: the contract judges each list."""
    changed = {
        "no parts": [],
        "in reverse": parts[::-1],
        "the first part twice": [*parts[:1], *parts],
        "the last part twice": [*parts, *parts[-1:]],
        "the first part last": [*parts[1:], *parts[:1]],
    }
    for index in range(len(parts)):
        changed[f"without item {index}"] = parts[:index] + parts[index + 1 :]
    for message, others in changed.items():
        request = join_parts(context.valid.request, others)
        yield Probe(message, request, _judged(context, request, BODY))


def _heads(
    context: ProbeContext,
    codec: PartListCodec,
    parts: list[RawPart],
    index: int,
    part: RawPart,
) -> Iterator[Probe]:
    def probe(message: str, changed: RawPart, cause: str) -> Probe:
        request = _with_part(context, parts, index, changed)
        return Probe(f"item {index}: {message}", request, _judged(context, request, cause))

    for text in _TYPES:
        typed = part.with_line("Content-Type", text)
        yield probe(f"the media type {abbreviate(text)}", typed, MEDIA_TYPE)
    yield probe("no media type", part.with_line("Content-Type"), MEDIA_TYPE)
    yield probe("no head", RawPart((), part.content), MEDIA_TYPE)

    encoded = part.with_line("Content-Transfer-Encoding", "base64")
    request = _with_part(context, parts, index, encoded)
    yield Probe(f"item {index}: Base64", request, _REFUSED)
    named = part.with_line("Content-Disposition", 'form-data; name="a"; filename="a.txt"')
    yield probe("a name of its own", named, BODY)

    described = codec.contract.find_object(f"{codec.encoding_at(index)}/headers")
    for header in [name for name in described if name.lower() != "content-type"]:
        yield probe(f"without the header {header}", part.with_line(header), BODY)
        for text in (*TEXTS, "2020-02-28", "a"):
            message = f"the header {header} is {abbreviate(text)}"
            yield probe(message, part.with_line(header, text), BODY)


def _contents(
    context: ProbeContext,
    codec: PartListCodec,
    parts: list[RawPart],
    index: int,
    part: RawPart,
) -> Iterator[Probe]:
    contents = _CONTENTS | {abbreviate(text): text.encode() for text in (*TEXTS, "[]", "{}", "7")}
    item = SchemaView(codec.contract, (codec.schema,)).item(index)
    for size in sizes_around(item, ("minLength", "maxLength")):
        contents[f"{size} bytes"] = b"x" * size

    for message, content in contents.items():
        request = _with_part(context, parts, index, part.with_content(content))
        yield Probe(f"item {index} is {message}", request, _judged(context, request, BODY))


def _with_part(
    context: ProbeContext, parts: list[RawPart], index: int, changed: RawPart
) -> Request:
    return join_parts(context.valid.request, [*parts[:index], changed, *parts[index + 1 :]])


def _judged(context: ProbeContext, request: Request, cause: str) -> Expect:
    """What our own reading of the whole body says."""
    allowed = judge_body(context.operation, request.header("content-type") or "", request.body)
    return Expect.judged(allowed, cause, BODY)
