"""Query and header parameters: missing, repeated, badly encoded, undeclared.

Also texts that a lenient parser would take.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

from bothends.prove.oracle.reader import Sent
from bothends.prove.probes.probe import ACCEPTED, ANSWERED, Probe, ProbeContext
from bothends.prove.probes.verdict import REFUSED, texts_for, verdict
from bothends.prove.values.replace import abbreviate
from bothends.prove.values.valid_requests import valid_requests
from bothends.prove.wire.credentials import is_credential
from bothends.prove.wire.message import Request
from bothends.runtime.operation import Parameter
from bothends.runtime.parameters.parameter import ParameterCodec, parameter_codecs
from bothends.runtime.parameters.style import Pairs
from bothends.runtime.schema.schema_view import SchemaView

_DELIMITERS = {
    "form": ",",
    "spaceDelimited": "%20",
    "pipeDelimited": "%7C",
    "tabDelimited": "%09",
    "deepObject": ",",
}


def probes(context: ProbeContext) -> Iterator[Probe]:
    """For each declared parameter, each text by which parsers differ.

    The contract layer says what is to come.
    """
    yield from _general(context)
    full = next(
        valid_requests(
            context.operation,
            context.subject.credentials,
            optional=True,
            known_ids=context.subject.known_ids.values(context.operation),
        ),
        None,
    )
    if full is not None:
        yield Probe("all of them", full.request, ACCEPTED)

    for parameter, codec in parameter_codecs(context.operation):
        if is_credential(context.operation, parameter):
            continue  # its texts are judged as credentials
        if parameter.location == "header":
            yield from _header(context, parameter, codec)
        elif parameter.location == "query":
            yield from _query(context, parameter, codec)
        elif parameter.location == "querystring" and full is not None:
            yield from _query_string(context, full.request, parameter, codec)


def _general(context: ProbeContext) -> Iterator[Probe]:
    request = context.valid.request
    undeclared = _with_query(request, "undeclared-by-the-contract=1")
    yield Probe("an undeclared query parameter", undeclared, ANSWERED)
    yield Probe(
        "an undeclared header", request.with_header("x-undeclared-by-the-contract", "1"), ACCEPTED
    )
    yield Probe("a broken percent-encoding in the query", _with_query(request, "a%zz=1"), ANSWERED)
    yield Probe("invalid UTF-8 in the query", _with_query(request, "a=%ff%fe"), ANSWERED)


def _header(context: ProbeContext, parameter: Parameter, codec: ParameterCodec) -> Iterator[Probe]:
    name, request = parameter.wire_name, context.valid.request
    if name.lower() in ("content-encoding", "content-type", "authorization", "accept"):
        return

    if parameter.required:
        yield Probe(f"header {name}: missing", request.with_header(name), REFUSED)

    for text in texts_for(codec):
        sent = text.encode("utf-8").decode("latin-1")
        wire = Sent(headers={name.lower(): [text.strip(" \t")]})
        yield Probe(
            f"header {name}: {abbreviate(text)}",
            request.with_header(name, sent),
            verdict(context.operation, parameter, wire),
        )

    own = request.header(name) or "1"
    same = Sent(headers={name.lower(): [own, own]})
    yield Probe(
        f"header {name}: the same twice",
        request.with_header(name, own, own),
        verdict(context.operation, parameter, same),
    )
    twice = Sent(headers={name.lower(): ["one", "two"]})
    yield Probe(
        f"header {name}: twice",
        request.with_header(name, "one", "two"),
        verdict(context.operation, parameter, twice),
    )


def _query(context: ProbeContext, parameter: Parameter, codec: ParameterCodec) -> Iterator[Probe]:
    keys = _keys(parameter, codec)
    bare = _without(context.valid.request, [*keys, parameter.wire_name], f"{parameter.wire_name}[")
    message = f"query {parameter.wire_name}"
    if parameter.required:
        # A property of an open object beside it may be one of its own as well.
        others = Sent(query=_written_pairs(bare))
        yield Probe(f"{message}: missing", bare, verdict(context.operation, parameter, others))

    for label, pairs in _pairs(parameter, codec, keys):
        sent = _with_query(bare, "&".join(f"{quote(name, safe='')}={raw}" for name, raw in pairs))
        yield Probe(
            f"{message}: {label}", sent, verdict(context.operation, parameter, Sent(query=pairs))
        )

    for key in keys:
        broken = _with_query(bare, f"{quote(key, safe='')}=%ff")
        yield Probe(f"{message}: invalid UTF-8{_key_note(key, parameter)}", broken, REFUSED)


def _query_string(
    context: ProbeContext, request: Request, parameter: Parameter, codec: ParameterCodec
) -> Iterator[Probe]:
    """Each property of a form in each text, beside the other ones; else each text as the whole."""
    path = request.target.partition("?")[0]
    is_form = (parameter.content or "").startswith("application/x-www-form-urlencoded")
    if not is_form and context.operation.security:
        return  # an API key in the query would be a part of the text

    for key in codec.view.property_names() if is_form else [""]:
        target = _without(request, [key], f"{key}[").target if is_form else path
        pairs = f"{quote(key, safe='')}=" if is_form else ""
        for text in texts_for(codec):
            start = f"{target}{'&' if '?' in target else '?'}"
            sent = request.with_target(f"{start}{pairs}{quote(text, safe='')}")
            described = Sent(query_string=sent.target.partition("?")[2])
            message = f"query string: {abbreviate(text)}{f' as {key}' if key else ''}"
            yield Probe(message, sent, verdict(context.operation, parameter, described))


def _keys(parameter: Parameter, codec: ParameterCodec) -> list[str]:
    """List the names in the query: the parameter's own, or those of an exploded object."""
    names = codec.view.property_names()
    if parameter.style == "deepObject" and not names and codec.view.types == frozenset({"object"}):
        return [f"{parameter.wire_name}[x]"]  # a map has no names of its own
    if codec.is_content or not names or codec.view.types != frozenset({"object"}):
        return [parameter.wire_name]
    if parameter.style == "deepObject":
        return [f"{parameter.wire_name}[{name}]" for name in names]
    return names if codec.style.explode else [parameter.wire_name]


def _pairs(
    parameter: Parameter, codec: ParameterCodec, keys: list[str]
) -> Iterator[tuple[str, Pairs]]:
    name = parameter.wire_name
    for key in keys:
        for text in texts_for(codec):
            yield f"{abbreviate(text)}{_key_note(key, parameter)}", [(key, quote(text, safe=""))]
        yield f"twice{_key_note(key, parameter)}", [(key, "1"), (key, "2")]

    declared: list[Any] = []
    for schema in codec.view.schemas():
        declared += [value for value in schema.get("enum", []) if " " in str(value)]
    for value in declared[:2]:
        yield f"{value!r} with a plus", [(name, quote_plus(value))]

    if codec.style.style in ("spaceDelimited", "pipeDelimited", "tabDelimited"):
        for raw in (
            "1%202",
            "1+2",
            "1%7C2",
            "1|2",
            "1%2C2",
            "%20",
            "%7C",
            "red%7Cblue",
            "red%20blue",
        ):
            yield f"{raw} as it stands", [(name, raw)]

    if codec.style.style == "deepObject":
        for key in (f"{name}[undeclaredHere]", f"{name}[]", f"{name}[x][y]", f"{name}[", name):
            yield f"1 as {key}", [(key, "1")]

    yield from _lists(parameter, codec)


def _key_note(key: str, parameter: Parameter) -> str:
    return "" if key == parameter.wire_name else f" as {key}"


def _lists(parameter: Parameter, codec: ParameterCodec) -> Iterator[tuple[str, Pairs]]:
    """Lists on both sides of each bound that the schema has for them, of an item that it takes."""
    view = SchemaView(codec.contract, (codec.pointer,))
    bounds: list[int] = []
    for schema in view.schemas():
        bounds += [int(schema[word]) for word in ("minItems", "maxItems") if word in schema]

    enums = [value for schema in view.items().schemas() for value in schema.get("enum", [])]
    items = [quote(str(value), safe="") for value in [*enums, "x", 1, "true"]]

    for size in sorted({max(bound + step, 1) for bound in bounds for step in (-1, 0, 1)}):
        for text in items[:1] if enums else items:
            listed = [text] * size
            if not codec.style.explode:
                listed = [_DELIMITERS[codec.style.style].join(listed)]
            yield f"{size} times {text}", [(parameter.wire_name, raw) for raw in listed]


def _written_pairs(request: Request) -> Pairs:
    """The pairs in the query of a request, with their values as they stand there."""
    query = request.target.partition("?")[2]
    pairs = (part.partition("=") for part in query.split("&") if part)
    return [(unquote_plus(name), raw) for name, _, raw in pairs]


def _without(request: Request, names: list[str], start: str) -> Request:
    path, _, query = request.target.partition("?")
    remaining: list[str] = []
    for part in filter(None, query.split("&")):
        key = unquote_plus(part.partition("=")[0])
        if key not in names and not key.startswith(start):
            remaining.append(part)

    if not remaining:
        return request.with_target(path)
    return request.with_target(f"{path}?{'&'.join(remaining)}")


def _with_query(request: Request, more: str) -> Request:
    return request.with_target(f"{request.target}{'&' if '?' in request.target else '?'}{more}")
