"""Cookies that are parameters: missing, twice, and texts that a lenient parser would take."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from bothends.prove.oracle.reader import Sent
from bothends.prove.probes.probe import ACCEPTED, Probe, ProbeContext
from bothends.prove.probes.verdict import REFUSED, texts_for, verdict
from bothends.prove.values.replace import abbreviate
from bothends.prove.wire.credentials import is_credential
from bothends.prove.wire.message import Request
from bothends.runtime.operation import Parameter
from bothends.runtime.parameters.parameter import ParameterCodec, parameter_codecs
from bothends.runtime.parameters.style import Pairs


def probes(context: ProbeContext) -> Iterator[Probe]:
    """For each cookie that the operation declares."""
    for parameter, codec in parameter_codecs(context.operation):
        is_key = is_credential(context.operation, parameter)
        if parameter.location == "cookie" and not is_key:
            yield from _cookie(context, parameter, codec)


def _cookie(context: ProbeContext, parameter: Parameter, codec: ParameterCodec) -> Iterator[Probe]:
    name, request = parameter.wire_name, context.valid.request
    remaining = [pair for pair in _cookies_of(request) if pair[0] != name]
    if parameter.required:
        yield Probe(f"{name}: missing", _with(request, remaining), REFUSED)

    own = next((raw for existing, raw in _cookies_of(request) if existing == name), "1")
    tried: list[tuple[str, Pairs]] = []
    for text in texts_for(codec):
        tried.append((abbreviate(text), [(name, quote(text, safe=""))]))
    tried += [("the same twice", [(name, own), (name, own)]), ("twice", [(name, "1"), (name, "2")])]

    tried += [("invalid UTF-8", [(name, "%ff")]), ("in quotes", [(name, f'"{own}"')])]
    for label, pairs in tried:
        yield Probe(
            f"{name}: {label}",
            _with(request, [*remaining, *pairs]),
            verdict(context.operation, parameter, Sent(cookies=pairs)),
        )

    if _cookies_of(request):
        others = [*_cookies_of(request), ("undeclared-here", "1"), ("no-value", "")]
        # Browsers send every cookie of the site, so others beside a declared one are no fault.
        yield Probe("undeclared ones beside it", _with(request, others), ACCEPTED)


def _cookies_of(request: Request) -> Pairs:
    pairs = (part.partition("=") for part in (request.header("cookie") or "").split("; ") if part)
    return [(name, raw) for name, _, raw in pairs]


def _with(request: Request, cookies: Pairs) -> Request:
    text = "; ".join(f"{name}={raw}" for name, raw in cookies)
    return request.with_header("cookie", *([text] if text else []))
