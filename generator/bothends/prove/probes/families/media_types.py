"""Content-Type and charset: what is not declared is refused before the body is read."""

from __future__ import annotations

from collections.abc import Iterator

from bothends.prove.oracle.refusal import MEDIA_TYPE, MESSAGE
from bothends.prove.probes.probe import ACCEPTED, Expect, Probe, ProbeContext
from bothends.runtime.media import body_media, choose
from bothends.runtime.media_type import parse_content_type

_OTHERS = (
    "text/plain",
    "application/xml",
    "application/vnd.undeclared+json",
    "application/x-undeclared",
    "image/png",
)
_MALFORMED = (
    "application",
    "application/",
    "/json",
    "application/json/x",
    "application json",
    ";",
    "application/json;=",
)


def probes(context: ProbeContext) -> Iterator[Probe]:
    """For operations with a body."""
    body, request = context.operation.body, context.valid.request
    if body is None or not request.body:
        return

    refused = Expect.refused(MEDIA_TYPE)
    for text in _OTHERS:
        if choose(body_media(context.operation), text) is None:
            yield Probe(f"undeclared {text}", request.with_header("content-type", text), refused)

    for text in _MALFORMED:
        yield Probe(f"malformed {text}", request.with_header("content-type", text), refused)

    yield Probe("none", request.with_header("content-type"), refused)
    own = [value for name, value in request.headers if name.lower() == "content-type"]
    twice = request.with_header("content-type", "text/plain", *own)
    yield Probe("two of them", twice, Expect.refused(MESSAGE))

    codecs = {codec.media_type: codec for codec in body_media(context.operation)}
    codec = codecs.get(context.valid.media_type)
    essence = context.valid.media_type.partition(";")[0]
    if codec is None or not codec.is_text or essence.startswith("multipart/"):
        return

    for charset in ("utf-16", "iso-8859-1", "utf-7", "klingon"):
        text = f"{essence}; charset={charset}"
        if not _is_declared(context, text):
            yield Probe(f"charset {charset}", request.with_header("content-type", text), refused)

    own_type = parse_content_type(context.valid.media_type)
    charset = "utf-8" if own_type is None else own_type.charset
    accepted = [f"{essence}; charset={charset}", f'{essence};charset="{charset.upper()}"']
    if own_type is None or own_type.is_utf8:
        accepted += [essence.upper(), f"{essence}; a=b"]
    for text in accepted:
        yield Probe(f"accepted as {text}", request.with_header("content-type", text), ACCEPTED)


def _is_declared(context: ProbeContext, text: str) -> bool:
    """Whether the contract names the charset of a Content-Type."""
    codec, media = choose(body_media(context.operation), text), parse_content_type(text)
    return codec is not None and media is not None and codec.is_in_charset(media)
