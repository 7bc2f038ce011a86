"""Parameters: missing, given twice, badly encoded, undeclared, and texts that a lenient parser would take."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from bothends.prove.probe import ACCEPTED, ANSWERED, Expect, Ground, Probe
from bothends.prove.refusal import PARAMETER
from bothends.prove.valid import valid_requests
from bothends.prove.wire import Request
from bothends.runtime.operation import Parameter
from bothends.runtime.parameter import ParameterCodec, ParameterError, parameter_codecs
from bothends.runtime.schema_view import SchemaView
from bothends.runtime.styled import Wire

_REFUSED = Expect.refused(PARAMETER)
_TEXTS = ("", " 1", "1 ", "+1", "01", "0x1", "1_0", "1e2", "1.0", "0.5", "٣", "True", "TRUE", "yes", "0", "1", "null")
_MORE = ("NaN", "Infinity", "9" * 25, "-" + "9" * 25, "2020-02-30", "x" * 3000, "a,b", "a b", "é", "\U0001f600")


def probes(ground: Ground) -> Iterator[Probe]:
    """For each declared parameter, each text by which parsers differ; the contract layer says what is to come."""
    yield from _general(ground)
    full = next(valid_requests(ground.operation, ground.subject.credentials, optional=True), None)
    if full is not None:
        yield Probe("all of them", full.request, ACCEPTED)
    for parameter, codec in parameter_codecs(ground.operation):
        if parameter.location == "header":
            yield from _header(ground, parameter, codec)
        elif parameter.location == "query" and parameter.style in (None, "form"):
            yield from _query(ground, parameter, codec)


def _general(ground: Ground) -> Iterator[Probe]:
    request = ground.valid.request
    undeclared = _with_query(request, "undeclared-by-the-contract=1")
    yield Probe("an undeclared query parameter", undeclared, ANSWERED)
    yield Probe("an undeclared header", request.with_header("x-undeclared-by-the-contract", "1"), ACCEPTED)
    yield Probe("a broken percent-encoding in the query", _with_query(request, "a%zz=1"), ANSWERED)
    yield Probe("invalid UTF-8 in the query", _with_query(request, "a=%ff%fe"), ANSWERED)


def _header(ground: Ground, parameter: Parameter, codec: ParameterCodec) -> Iterator[Probe]:
    name, request = parameter.wire_name, ground.valid.request
    if name.lower() in ("content-encoding", "content-type", "authorization", "accept"):
        return
    if parameter.required:
        yield Probe(f"header {name}: missing", request.with_header(name), _REFUSED)
    for text in (*_TEXTS, *_MORE):
        sent = text.encode("utf-8").decode("latin-1")
        wire = Wire(headers={name.lower(): [text.strip(" \t")]})
        yield Probe(f"header {name}: {_shown(text)}", request.with_header(name, sent), _verdict(codec, wire))
    own = request.header(name) or "1"
    same = Wire(headers={name.lower(): [own, own]})
    yield Probe(f"header {name}: the same twice", request.with_header(name, own, own), _verdict(codec, same))
    twice = Wire(headers={name.lower(): ["one", "two"]})
    yield Probe(f"header {name}: twice", request.with_header(name, "one", "two"), _verdict(codec, twice))


def _query(ground: Ground, parameter: Parameter, codec: ParameterCodec) -> Iterator[Probe]:
    name = parameter.wire_name
    bare = _without(ground.valid.request, name)
    if parameter.required:
        yield Probe(f"query {name}: missing", bare, _REFUSED)
    for text in (*_TEXTS, *_MORE):
        raw = quote(text, safe="")
        sent = _with_query(bare, f"{quote(name, safe='')}={raw}")
        yield Probe(f"query {name}: {_shown(text)}", sent, _verdict(codec, Wire(query=[(name, raw)])))
    twice = _with_query(bare, f"{quote(name, safe='')}=1&{quote(name, safe='')}=2")
    wire = Wire(query=[(name, "1"), (name, "2")])
    yield Probe(f"query {name}: twice", twice, _verdict(codec, wire))
    for label, pairs in _lists(parameter, codec):
        sent = _with_query(bare, "&".join(f"{quote(name, safe='')}={raw}" for _, raw in pairs))
        yield Probe(f"query {name}: {label}", sent, _verdict(codec, Wire(query=pairs)))
    broken = _with_query(bare, f"{quote(name, safe='')}=%ff")
    yield Probe(f"query {name}: invalid UTF-8", broken, _REFUSED)


def _verdict(codec: ParameterCodec, wire: Wire) -> Expect:
    try:
        codec.read(wire)
    except ParameterError:
        return _REFUSED
    return ACCEPTED


def _lists(parameter: Parameter, codec: ParameterCodec) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Lists on both sides of each bound that the schema has for them, of an item that it takes."""
    view = SchemaView(codec.contract, (codec.pointer,))
    bounds = [int(schema[word]) for schema in view.schemas() for word in ("minItems", "maxItems") if word in schema]
    enums = [value for schema in view.items().schemas() for value in schema.get("enum", [])]
    items = [quote(str(value), safe="") for value in [*enums, "x", 1, "true"]]
    for size in sorted({max(bound + step, 1) for bound in bounds for step in (-1, 0, 1)}):
        for text in items[:1] if enums else items:
            listed = [text] * size if parameter.explode is not False else [",".join([text] * size)]
            yield f"{size} times {text}", [(parameter.wire_name, raw) for raw in listed]


def _without(request: Request, name: str) -> Request:
    path, _, query = request.target.partition("?")
    key = quote(name, safe="")
    kept = [part for part in query.split("&") if part and part.partition("=")[0] not in (key, name)]
    return request.with_target(path + (f"?{'&'.join(kept)}" if kept else ""))


def _with_query(request: Request, more: str) -> Request:
    return request.with_target(f"{request.target}{'&' if '?' in request.target else '?'}{more}")


def _shown(text: str) -> str:
    return repr(text) if len(text) < 30 else f"{len(text)} characters"
