"""Form bodies: undeclared, missing and repeated fields, other styles and encodings.

Also texts that a lenient reader would take.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from bothends.prove.oracle.refusal import BODY
from bothends.prove.oracle.requests import judge_body
from bothends.prove.probes.probe import ANSWERED, Expect, Probe, ProbeContext
from bothends.prove.values.replace import abbreviate
from bothends.prove.values.texts import JSON_TEXTS, LISTS, TEXTS
from bothends.runtime.media import body_media
from bothends.runtime.media.form import FormCodec
from bothends.runtime.schema.contract import load_contract
from bothends.runtime.schema.schema_view import SchemaView

_REFUSED = Expect.refused(BODY)
_LAX = {
    "boolean": ("0", "1", "yes", "True", "on"),
    "integer": ("1.0", "+1", "01", "0x1", "1_0", " 1", "1e2", "٣"),
}
"""What a lenient reader takes for a value of a type, and no contract means."""


def probes(context: ProbeContext) -> Iterator[Probe]:
    """For urlencoded bodies, but not those that are one text of that media type."""
    codecs = {item.media_type: item for item in body_media(context.operation)}
    if not isinstance(codecs.get(context.valid.media_type or ""), FormCodec):
        return

    request = context.valid.request
    view = SchemaView(load_contract(context.operation.api), (context.valid.schema,))
    schemas = view.schemas()
    # What one alternative describes or refuses, another may leave open.
    has_alternatives = bool(view.alternatives())
    closed = any(schema.get("additionalProperties") is False for schema in schemas)
    more = _REFUSED if closed else ANSWERED
    undeclared = _and(request.body, b"undeclaredHere=1")
    if has_alternatives:
        yield from _judged(context, "an undeclared field", undeclared)
    else:
        yield Probe("an undeclared field", request.with_body(undeclared), more)

    for message, field in {
        "invalid UTF-8": b"a=%ff",
        "raw invalid UTF-8": b"a=\xff",
    }.items():
        yield Probe(message, request.with_body(_and(request.body, field)), _REFUSED)

    for message, body in {
        "semicolons between fields": request.body.replace(b"&", b";"),
        "empty fields between": b"&&" + request.body.replace(b"&", b"&&"),
        "a broken escape": _and(request.body, b"a%zz=1"),
        "JSON": b'{"a":1}',
        "no body at all": b"",
    }.items():
        yield from _judged(context, message, body)

    for name in sorted({name for schema in schemas for name in schema.get("required", [])}):
        without = _without(request.body, name)
        if has_alternatives:
            yield from _judged(context, f"without {name}", without)
        else:
            yield Probe(f"without {name}", request.with_body(without), _REFUSED)

    for name in view.property_names():
        if not has_alternatives:
            yield from _lax(context, name, view.property(name))
        yield from _field(context, name, view.property(name))


def _lax(context: ProbeContext, name: str, view: SchemaView) -> Iterator[Probe]:
    """What a lenient reader takes for the field."""
    key, remaining = quote(name, safe=""), _without(context.valid.request.body, name)
    for text in _LAX.get(next(iter(view.types)), ()) if len(view.types) == 1 else ():
        wrong = _and(remaining, f"{key}={quote_plus(text)}".encode())
        yield Probe(
            f"{name} is {text}, of no such type", context.valid.request.with_body(wrong), _REFUSED
        )


def _field(context: ProbeContext, name: str, view: SchemaView) -> Iterator[Probe]:
    body, key = context.valid.request.body, quote(name, safe="")
    remaining = _without(body, name)

    nested = bool({"array", "object"} & view.types)
    for raw in ("%ff", "%C3%28", "%ED%A0%80") if not nested else ():
        wrong = _and(remaining, f"{key}={raw}".encode())
        yield Probe(
            f"{name} is {raw}, in invalid UTF-8", context.valid.request.with_body(wrong), _REFUSED
        )

    for text in (*TEXTS, *(LISTS if nested else ()), *(JSON_TEXTS if nested else ())):
        yield from _judged(
            context,
            f"{name} is {abbreviate(text)}",
            _and(remaining, f"{key}={quote_plus(text)}".encode()),
        )

    for message, fields in {
        "without a value": key,
        "twice": f"{key}=1&{key}=2",
        "the same twice": f"{key}=a&{key}=a",
        "with brackets": f"{quote(name + '[]', safe='')}=1",
        "with an index": f"{quote(name + '[0]', safe='')}=1",
        "as an object in brackets": f"{quote(name + '[a]', safe='')}=1",
        "in another case": f"{quote(name.swapcase(), safe='')}=1",
        "with a broken escape": f"{key}=%zz",
        "cut in an escape": f"{key}=%",
    }.items():
        yield from _judged(context, f"{name} {message}", _and(remaining, fields.encode()))

    if not nested:
        yield from _in_brackets(context, name, remaining)


def _in_brackets(context: ProbeContext, name: str, remaining: bytes) -> Iterator[Probe]:
    """A scalar's name with brackets behind it is another name: `weight[]=3` is no weight.

    One text that is a value of the property, and one that is not: in an open form only the second
    tells the names apart, and where the property is required only the first.
    """
    key, media_type = quote(name, safe=""), context.valid.request.header("content-type") or ""
    found: dict[bool, str] = {}
    for text in (*_LAX["integer"], *_LAX["boolean"], "5", "true", *TEXTS):
        body = _and(remaining, f"{key}={quote_plus(text)}".encode())
        allowed = judge_body(context.operation, media_type, body)
        if allowed is not None:
            found.setdefault(allowed, text)

    for text in found.values():
        fields = f"{quote(name + '[]', safe='')}={quote_plus(text)}"
        message = f"{name}[] is {abbreviate(text)}"
        yield from _judged(context, message, _and(remaining, fields.encode()))


def _judged(context: ProbeContext, message: str, body: bytes) -> Iterator[Probe]:
    """What our own reading of the whole body says."""
    request = context.valid.request.with_body(body)
    allowed = judge_body(context.operation, request.header("content-type") or "", body)
    if body or (context.operation.body is not None and context.operation.body.required):
        yield Probe(message, request, Expect.judged(allowed, BODY))


def _and(body: bytes, field: bytes) -> bytes:
    return body + b"&" + field if body else field


def _without(body: bytes, name: str) -> bytes:
    """The form without a field, whatever its style."""
    starts = tuple(f"{quote(name, safe='')}{mark}".encode() for mark in ("=", "%5B", "["))
    return b"&".join(part for part in body.split(b"&") if not part.startswith(starts))
