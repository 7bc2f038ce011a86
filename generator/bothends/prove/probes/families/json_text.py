"""JSON that two parsers could understand differently, or that is none (RFC 8259, RFC 7493)."""

from __future__ import annotations

from collections.abc import Iterator

from bothends.prove.oracle.refusal import BODY
from bothends.prove.probes.probe import Expect, Probe, ProbeContext
from bothends.runtime.json.text import write_json
from bothends.runtime.json.value import is_object


def probes(context: ProbeContext) -> Iterator[Probe]:
    """Refused whatever the schema says, for they are not the JSON of one value."""
    if not context.valid.is_json:
        return

    complete = context.valid.request.body
    texts = {
        "a byte order mark": b"\xef\xbb\xbf" + complete,
        "UTF-16": complete.decode().encode("utf-16"),
        "UTF-16 without a mark": complete.decode().encode("utf-16-le"),
        "invalid UTF-8": b'"\xff"',
        # A number that is cut is another number, but for its exponent.
        "cut short": complete + b"e" if complete[-1:].isdigit() else complete[:-1],
        "two values": complete + b" " + complete,
        "a comment": b"/* */" + complete,
        "single quotes": b"{'a': 1}",
        "NaN": b"NaN",
        "Infinity": b"-Infinity",
        "text that is no JSON": b"a=1&b=2",
        "white space only": b" \n",
        "deep nesting": b"[" * 100_000 + b"]" * 100_000,
        "deep nesting of objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    }
    for name, text in {**texts, **_inside(context)}.items():
        yield Probe(name, context.valid.request.with_body(text), Expect.refused(BODY))


def _inside(context: ProbeContext) -> dict[str, bytes]:
    """The same faults inside of a value that is valid but for them."""
    body = context.valid.body
    found: dict[str, bytes] = {}

    if is_object(body):
        head = write_json(body)[:-1] + (b"," if body else b"")
        for name in list(body)[:1]:
            found["a duplicate name"] = head + write_json({name: body[name]})[1:]
        for label, literal in _LITERALS.items():
            found[f"{label} in an undeclared property"] = (
                head + b'"undeclaredHere":' + literal + b"}"
            )
    elif isinstance(body, list):
        items = write_json(body)[1:-1] + (b"," if body else b"")
        for label, literal in _LITERALS.items():
            found[f"{label} in an item"] = b"[" + items + literal + b"]"

    return found


_LITERALS = {
    "NaN": b"NaN",
    "Infinity": b"Infinity",
    "a number beyond doubles": b"1e999",
    "a lone surrogate": b'"\\ud800"',
    "a lone surrogate as a name": b'{"\\udfff":1}',
    "a duplicate name": b'{"a":1,"a":2}',
    "a raw control character": b'"\x00"',
    "a trailing comma": b"[1,]",
}
