"""Multipart bodies: extra and missing parts, wrong types, bad framing.

Also texts that a lenient reader would take.
"""

from __future__ import annotations

from collections.abc import Iterator

from bothends.prove.oracle.refusal import BODY, MEDIA_TYPE
from bothends.prove.oracle.requests import judge_body
from bothends.prove.probes.probe import ACCEPTED, ANSWERED, Expect, Probe, ProbeContext
from bothends.prove.values.replace import abbreviate
from bothends.prove.values.texts import TEXTS
from bothends.prove.wire.message import Request
from bothends.prove.wire.parts import RawPart, boundary_of, join_parts, named_part, split_parts
from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import read_json, write_json
from bothends.runtime.json.value import is_object
from bothends.runtime.operation import Multipart
from bothends.runtime.schema.contract import load_contract
from bothends.runtime.schema.schema_view import SchemaView

_REFUSED = Expect.refused(BODY)
_OTHER_TYPE = Expect.refused(MEDIA_TYPE)
_BROKEN_JSON = {
    "NaN": b"NaN",
    "a duplicate name": b'{"a":1,"a":2}',
    "a lone surrogate": b'"\\ud800"',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "no JSON": b"{",
    "nothing": b"",
}
_FILE_NAMES = (
    "../../etc/passwd",
    "C:\\\\a.txt",
    "a%00b",
    "a; name=x",
    "x" * 2000,
    "",
    "é\U0001f600",
)


def probes(context: ProbeContext) -> Iterator[Probe]:
    """For multipart bodies."""
    media = context.operation.body.media if context.operation.body is not None else ()
    if not context.valid.media_type.startswith("multipart/form-data"):
        return
    if not any(isinstance(item, Multipart) for item in media):  # its content is carried as it is
        return

    parts = split_parts(context.valid.request)
    yield from _framing(context, parts)
    yield from _names(context, parts)

    for index, part in enumerate(parts):
        yield from _heads(context, parts, index, part)
        yield from _contents(context, parts, index, part)

    yield from _values(context, parts)


def _framing(context: ProbeContext, parts: list[RawPart]) -> Iterator[Probe]:
    request, boundary = context.valid.request, boundary_of(context.valid.request)

    def typed(text: str) -> Request:
        return request.with_header("content-type", text)

    yield Probe("no boundary", typed("multipart/form-data"), _OTHER_TYPE)
    yield Probe("an empty boundary", typed('multipart/form-data; boundary=""'), _OTHER_TYPE)
    yield Probe(
        "a boundary in quotes", typed(f'multipart/form-data; boundary="{boundary}"'), ACCEPTED
    )
    yield Probe(
        "another multipart type", typed(f"multipart/mixed; boundary={boundary}"), _OTHER_TYPE
    )
    if not request.body or not parts:
        return

    yield Probe("another boundary", typed(f"multipart/form-data; boundary={boundary}x"), _REFUSED)
    end = f"--{boundary}--\r\n".encode()
    cut = request.body.removesuffix(end)
    yield Probe("no last boundary", request.with_body(cut), _REFUSED)
    yield Probe(
        "cut short in a part", request.with_body(request.body[: len(request.body) // 2]), _REFUSED
    )
    yield Probe("line feeds alone", join_parts(request, parts, line=b"\n"), _REFUSED)
    yield Probe("no parts, but bytes", request.with_body(b"nothing of the kind"), _REFUSED)
    yield Probe(
        "1,000 parts", join_parts(request, [*parts, *[named_part("x", b"")] * 1000]), ANSWERED
    )


def _names(context: ProbeContext, parts: list[RawPart]) -> Iterator[Probe]:
    """Which parts there are."""
    request = context.valid.request
    view = SchemaView(load_contract(context.operation.api), (context.valid.schema,))
    closed = any(schema.get("additionalProperties") is False for schema in view.schemas())
    more = _REFUSED if closed else ANSWERED
    has_alternatives = bool(view.alternatives())

    def probe(message: str, changed: list[RawPart], expect: Expect) -> Probe:
        sent = join_parts(request, changed)
        # What one alternative refuses, another may allow.
        return Probe(message, sent, _judged(context, sent, BODY) if has_alternatives else expect)

    yield probe("an undeclared part", [*parts, named_part("undeclaredHere", b"1")], more)
    yield probe("a part with an empty name", [*parts, named_part("", b"1")], more)
    for name in sorted({name for schema in view.schemas() for name in schema.get("required", [])}):
        remaining = [part for part in parts if part.name != name]
        yield probe(f"without {name}", remaining, _REFUSED)

    for part in parts:
        if view.property(part.name).types <= {"string", "integer", "number", "boolean", "object"}:
            yield probe(f"{part.name} twice", [*parts, part], _REFUSED)


def _heads(
    context: ProbeContext, parts: list[RawPart], index: int, part: RawPart
) -> Iterator[Probe]:
    def sent(changed: RawPart) -> Request:
        return join_parts(context.valid.request, [*parts[:index], changed, *parts[index + 1 :]])

    name, disposition = part.name, f'form-data; name="{part.name}"'
    for message, line in {
        "no Content-Disposition": (),
        "a Content-Disposition without a name": ("form-data",),
        "a Content-Disposition of another kind": (f'attachment; name="{name}"',),
        "the name twice": (f'{disposition}; name="{name}"',),
        "an open quote": (f'form-data; name="{name}',),
        "two Content-Dispositions": (disposition, disposition),
    }.items():
        yield Probe(
            f"{name}: {message}", sent(part.with_line("Content-Disposition", *line)), _REFUSED
        )

    yield Probe(
        f"{name}: Base64", sent(part.with_line("Content-Transfer-Encoding", "base64")), _REFUSED
    )
    yield Probe(f"{name}: 100 headers", sent(part.with_line("X-More", *["1"] * 100)), _REFUSED)
    own = next((line for line in part.head if line.lower().startswith("content-type:")), "")
    yield Probe(
        f"{name}: a malformed media type",
        sent(part.with_line("Content-Type", "application")),
        _OTHER_TYPE,
    )
    undeclared = sent(part.with_line("Content-Type", "application/x-undeclared"))
    yield Probe(
        f"{name}: an undeclared media type", undeclared, _judged(context, undeclared, MEDIA_TYPE)
    )

    if "/" not in own or "text/" in own or "json" in own:
        typed = (own.partition(":")[2].strip() or "text/plain").partition(";")[0]
        latin = sent(part.with_line("Content-Type", f"{typed}; charset=iso-8859-1"))
        yield Probe(f"{name}: another charset", latin, _judged(context, latin, MEDIA_TYPE))

    for text in _FILE_NAMES:
        filed = part.with_line("Content-Disposition", f'{disposition}; filename="{text}"')
        yield Probe(
            f"{name}: the file name {abbreviate(text)}",
            sent(filed),
            _judged(context, sent(filed), BODY),
        )


def _headers(context: ProbeContext, name: str) -> list[str]:
    """The headers that the contract names for a part."""
    content = f"{context.operation.pointer}/requestBody/content"
    headers = load_contract(context.operation.api).find_object(
        content + join("multipart/form-data", "encoding", name, "headers")
    )
    return [header for header in headers if header.lower() != "content-type"]


def _contents(
    context: ProbeContext, parts: list[RawPart], index: int, part: RawPart
) -> Iterator[Probe]:
    """Bytes that are no value of the part's media type."""
    is_json = any(line.lower().startswith("content-type: application/json") for line in part.head)
    broken = {
        **(_BROKEN_JSON | _twice(part.content) if is_json else {}),
        "invalid UTF-8": b'"\xff"',
    }
    for message, content in broken.items():
        changed = join_parts(
            context.valid.request, [*parts[:index], part.with_content(content), *parts[index + 1 :]]
        )
        expect = _REFUSED if is_json else _judged(context, changed, BODY)
        yield Probe(f"{part.name} holds {message}", changed, expect)


def _twice(content: bytes) -> dict[str, bytes]:
    """The JSON of a part with a name that stands in it twice."""
    value = read_json(content)
    if not is_object(value) or not value:
        return {}
    name = next(iter(value))
    return {
        "its own name twice": write_json({name: value[name]})[:-1] + b"," + write_json(value)[1:]
    }


def _values(context: ProbeContext, parts: list[RawPart]) -> Iterator[Probe]:
    """Send for each property one part of each text, part headers, and lists at their bounds.

    The contract judges each.
    """
    view = SchemaView(load_contract(context.operation.api), (context.valid.schema,))
    for name in view.property_names():
        remaining = [part for part in parts if part.name != name]
        model = next((part for part in parts if part.name == name), named_part(name, b""))

        for text in (*TEXTS, "false", "on", "[]", "{}"):
            changed = join_parts(
                context.valid.request, [*remaining, model.with_content(text.encode())]
            )
            yield Probe(f"{name} is {abbreviate(text)}", changed, _judged(context, changed, BODY))

        for header in _headers(context, name):
            for text in (*TEXTS, "2020-02-28", "a"):
                changed = join_parts(
                    context.valid.request, [*remaining, model.with_line(header, text)]
                )
                yield Probe(
                    f"{name}: the header {header} is {abbreviate(text)}",
                    changed,
                    _judged(context, changed, BODY),
                )

        for size in sizes_around(view.property(name), ("minItems", "maxItems")):
            changed = join_parts(context.valid.request, [*remaining, *[model] * size])
            yield Probe(f"{name} {size} times", changed, _judged(context, changed, BODY))

        for size in sizes_around(view.property(name), ("minLength", "maxLength")):
            changed = join_parts(
                context.valid.request, [*remaining, model.with_content(b"x" * size)]
            )
            yield Probe(f"{name} of {size} bytes", changed, _judged(context, changed, BODY))


def sizes_around(view: SchemaView, words: tuple[str, ...]) -> list[int]:
    """Sizes on both sides of the bounds of a property, or of its items."""
    schemas = [*view.schemas(), *view.items().schemas()]
    bounds = [int(schema[word]) for schema in schemas for word in words if word in schema]
    return sorted({max(bound + step, 0) for bound in bounds for step in (-1, 0, 1)})


def _judged(context: ProbeContext, request: Request, cause: str) -> Expect:
    """What our own reading of the whole body says."""
    allowed = judge_body(context.operation, request.header("content-type") or "", request.body)
    return Expect.judged(allowed, cause, BODY)
