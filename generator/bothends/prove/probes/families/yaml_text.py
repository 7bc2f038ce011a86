"""YAML that is no JSON value, and YAML that two readers could understand differently."""

from __future__ import annotations

from collections.abc import Iterator

from bothends.prove.oracle.refusal import BODY
from bothends.prove.oracle.requests import judge_body
from bothends.prove.probes.probe import Expect, Probe, ProbeContext
from bothends.runtime.json.text import write_json
from bothends.runtime.json.value import is_object
from bothends.runtime.media import body_media
from bothends.runtime.media.yaml import YamlCodec

_REFUSED = {
    "an anchor and an alias": b"[&a 1, *a]",
    "aliases that multiply": b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "a tag": b"!!set {a, b}",
    "a tag of Python": b"!!python/object/apply:os.getcwd []",
    "infinity": b".inf",
    "no number": b".nan",
    "two documents": b"--- 1\n--- 2\n",
    "a key that is a number": b"{1: a}",
    "a key that is a list": b"{[1]: a}",
    "a name twice": b"{a: 1, a: 2}",
    "a merge": b"{<<: {a: 1}}",
    "a directive": b"%YAML 1.1\n--- {a: no}\n",
    "invalid UTF-8": b"a: \xff",
    "a comment alone": b"# nothing\n",
    "deep nesting": b"[" * 5_000 + b"]" * 5_000,
}
_JUDGED = (b"no", b"yes", b"true", b"'true'", b"12", b"'12'", b"null", b"'null'", b"[]", b"{}")


def probes(context: ProbeContext) -> Iterator[Probe]:
    """For bodies in YAML."""
    codecs = {item.media_type: item for item in body_media(context.operation)}
    if not isinstance(codecs.get(context.valid.media_type), YamlCodec):
        return

    request = context.valid.request
    for name, text in _REFUSED.items():
        yield Probe(f"YAML with {name}", request.with_body(text), Expect.refused(BODY))

    values = {name: [text] for name, text in zip(_JUDGED, _JUDGED, strict=True)}
    body = context.valid.body
    if is_object(body):
        for name in body:
            rest = write_json({key: value for key, value in body.items() if key != name})[1:-1]
            head = b"{" + rest + (b", " if rest else b"") + write_json(name) + b": "
            for text in _JUDGED:
                values[text].append(head + text + b"}")

    for text, bodies in values.items():
        for data in bodies:
            allowed = judge_body(context.operation, request.header("content-type") or "", data)
            name = f"YAML {text.decode()} ({len(data)} bytes)"
            yield Probe(name, request.with_body(data), Expect.judged(allowed, BODY))
