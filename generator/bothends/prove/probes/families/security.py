"""Credentials: none, wrong ones, malformed ones; each alternative and each part of a set."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any
from urllib.parse import quote, unquote

from bothends.prove.oracle.refusal import CREDENTIALS
from bothends.prove.probes.probe import ACCEPTED, Expect, Probe, ProbeContext
from bothends.prove.wire.message import Request
from bothends.runtime.operation import ApiKey, Basic, Operation


def probes(context: ProbeContext) -> Iterator[Probe]:
    """For operations that ask for credentials."""
    operation, credentials = context.operation, context.subject.credentials
    if not operation.security or () in operation.security:
        return

    bare = _unsigned(context)
    lacking = set(credentials.lacking(operation))  # said in the report
    refused = Expect.refused(CREDENTIALS)
    yield Probe("none", bare, refused)
    wrong = replace(
        credentials,
        secrets={name: f"{secret}x" for name, secret in credentials.secrets.items()},
    )

    for names in (names for names in operation.security if not lacking & set(names)):
        message = " and ".join(names)
        yield Probe(f"good {message}", credentials.sign(operation, bare, names), ACCEPTED)
        yield Probe(f"wrong {message}", wrong.sign(operation, bare, names), refused)
        for message, request in _twice(context, bare, names):
            yield Probe(message, request, refused)

        for name in names if len(names) > 1 else ():
            if (name,) not in operation.security:
                yield Probe(
                    f"{name} without the rest", credentials.sign(operation, bare, (name,)), refused
                )

    # A key that is the whole header has no scheme that could be wrong (OpenAPI 3.1 §4.8.27,
    # `apiKey` in `Authorization`).
    schemes = [operation.api.security[name] for name in credentials.chosen(operation)]
    if any(not isinstance(scheme, ApiKey) for scheme in schemes) and not _has_key_of(operation):
        for name, request in _malformed(context, bare):
            yield Probe(name, request, refused)

    yield Probe("none, and a broken body", bare.with_body(b"{") if bare.body else bare, refused)


def _has_key_of(operation: Operation[Any]) -> bool:
    """Whether some alternative takes any text in `Authorization` as a key."""
    for name in chain.from_iterable(operation.security):
        scheme = operation.api.security[name]
        if isinstance(scheme, ApiKey) and scheme.wire_name.lower() == "authorization":
            return True
    return False


def _twice(
    context: ProbeContext, bare: Request, names: tuple[str, ...]
) -> Iterator[tuple[str, Request]]:
    """Send each key of a set twice, with two values: the server must not choose one."""
    good = context.subject.credentials.sign(context.operation, bare, names)
    for name in names:
        scheme = context.operation.api.security[name]
        if not isinstance(scheme, ApiKey):
            continue

        message, key = f"{name} twice", scheme.wire_name
        if scheme.location == "header":
            yield message, good.with_header(key, good.header(key) or "", "another")
        elif scheme.location == "query":
            yield message, good.with_target(f"{good.target}&{quote(key)}=another")
        else:
            yield message, good.with_header("cookie", f"{good.header('cookie')}; {key}=another")


def _unsigned(context: ProbeContext) -> Request:
    """The valid request without what its credentials put into it."""
    request = context.valid.request.with_header("authorization")
    for name in context.subject.credentials.chosen(context.operation):
        scheme, secret = (
            context.operation.api.security[name],
            context.subject.credentials.secrets.get(name, ""),
        )
        if isinstance(scheme, ApiKey) and scheme.location == "header":
            request = request.with_header(scheme.wire_name)
        elif isinstance(scheme, ApiKey) and scheme.location == "query":
            path, _, query = request.target.partition("?")
            # The name may be quoted, as `api%5Bkey%5D`.
            kept = [
                pair
                for pair in query.split("&")
                if unquote(pair.partition("=")[0]) != scheme.wire_name
            ]
            request = replace(request, target=f"{path}?{'&'.join(kept)}" if any(kept) else path)
        elif isinstance(scheme, ApiKey):
            pair = f"{scheme.wire_name}={secret}"
            sent = (request.header("cookie") or "").split("; ")
            cookies = [item for item in sent if item and item != pair]
            request = request.with_header("cookie", *(["; ".join(cookies)] if cookies else []))

    return request


def _malformed(context: ProbeContext, bare: Request) -> Iterator[tuple[str, Request]]:
    good = context.valid.request.header("authorization") or ""
    yield "a scheme without a credential", bare.with_header("authorization", good.partition(" ")[0])
    yield (
        "an unknown scheme",
        bare.with_header("authorization", "Made-Up " + good.partition(" ")[2]),
    )
    yield "two lines", bare.with_header("authorization", good, "Bearer another")
    yield "an empty value", bare.with_header("authorization", "")

    if any(isinstance(scheme, Basic) for scheme in context.operation.api.security.values()):
        plain = base64.b64encode(b"no colon").decode()
        yield "basic without a colon", bare.with_header("authorization", f"Basic {plain}")
        yield "basic that is not Base64", bare.with_header("authorization", "Basic %%%")
