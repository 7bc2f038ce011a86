"""Path parameters: texts that a lenient parser would take, and styles of others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote, urlsplit

from bothends.prove.oracle.reader import Sent
from bothends.prove.oracle.refusal import PARAMETER
from bothends.prove.oracle.requests import judge_parameters
from bothends.prove.probes.probe import Expect, Probe, ProbeContext
from bothends.prove.probes.verdict import texts_for, verdict
from bothends.prove.values.replace import abbreviate
from bothends.prove.wire.message import Request
from bothends.runtime.parameters.parameter import ParameterCodec, parameter_codecs
from bothends.runtime.parameters.segments import shared_segments
from bothends.runtime.path_template import wire_template

_BROKEN = ("%zz", "%", "%ff", "1%2F2", "%00", "%2e", "1%3B2", "1;a=2", "1%252F", "%25ff")


def probes(context: ProbeContext) -> Iterator[Probe]:
    """Each text in the place of one parameter, the others as they were.

    The contract layer says what is to come.
    """
    path, mark, query = context.valid.request.target.partition("?")
    template = wire_template(context.operation.path)
    provided = _raw_parameters(template, path)

    for parameter, codec in parameter_codecs(context.operation):
        name = parameter.wire_name
        if parameter.location != "path" or name not in provided:
            continue

        for raw in dict.fromkeys(_raws(codec)):
            target = _target(template, {**provided, name: raw})
            if _is_elsewhere(context, target):
                continue
            request = context.valid.request.with_target(target + mark + query)
            message = "an encoded slash in it" if "%2F" in raw.upper() else abbreviate(raw)
            expect = verdict(context.operation, parameter, Sent(path={name: raw}))
            if any(f"{{{name}}}" in segment for segment in shared_segments(context.operation)):
                expect = _verdict_on_all(context, request)
            yield Probe(f"{name}: {message}", request, expect)


def _verdict_on_all(context: ProbeContext, request: Request) -> Expect:
    """The verdict where several texts share a segment: what is wrong for one is split otherwise."""
    address = context.subject.address
    url, prefix = address + request.target, urlsplit(address).path.rstrip("/")
    headers = {key.lower(): value for key, value in request.headers}
    return Expect.judged(judge_parameters(context.operation, url, headers, prefix), PARAMETER)


def _raws(codec: ParameterCodec) -> Iterator[str]:
    name, style = codec.style.wire_name, codec.style.style
    head = {"label": ".", "matrix": f";{quote(name, safe='')}="}.get(style, "")

    for text in texts_for(codec):
        raw = quote(text, safe=",=")
        if text:
            yield head + raw
            yield "." + raw

    yield from (head + raw for raw in _BROKEN)
    yield from (
        ".1.2",
        ".x=1.y=2",
        ";x=1;y=2",
        f";{name}",
        f";{name}=1;{name}=2",
        f";{name}=1,2",
        ";other=1",
        "x=1,y=2",
    )


def _raw_parameters(template: str, path: str) -> dict[str, str]:
    """The raw text of each parameter in a path."""
    names, reader = _reader(template)
    found = reader.fullmatch(path)
    return dict(zip(names, found.groups(), strict=True)) if found else {}


@cache
def _reader(template: str) -> tuple[list[str], re.Pattern[str]]:
    """The names in a path, and what reads their texts: each path is asked of all templates."""
    names = re.findall(r"\{([^}]*)\}", template)
    parts = re.split(r"\{[^}]*\}", template)
    return names, re.compile("([^/]+)".join(map(re.escape, parts)))


def _target(template: str, raw_texts: dict[str, str]) -> str:
    return re.sub(r"\{([^}]*)\}", lambda found: raw_texts[found[1]], template)


def _is_elsewhere(context: ProbeContext, target: str) -> bool:
    """Whether the path is another operation's too, or has empty or dot segments."""
    # RFC 3986 §5.2.4: clients and proxies remove dot segments before a server sees them.
    if any(segment in ("", ".", "..") for segment in target.split("/")[1:]):
        return True
    paths = {operation.path for operation in context.subject.package.operations}
    others = map(wire_template, paths - {context.operation.path})
    return any(_raw_parameters(another, target) or another == target for another in others)
