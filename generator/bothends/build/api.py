"""The whole API: servers, security schemes, component schemas and every operation that can be generated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bothends import ir
from bothends.build.operation import build_operation
from bothends.build.pagination import Pagination
from bothends.build.refused import Refused
from bothends.build.schema import Schemas
from bothends.build.security import build_security_schemes
from bothends.build.server import build_servers
from bothends.diagnostics import Finding
from bothends.load import Document
from bothends.load.json_value import as_object
from bothends.load.pointer import below, split
from bothends.normalise.walk import operations


def build(document: Document, spoiled: Mapping[str, Finding] | None = None) -> ir.Api:
    """Build the unnamed API from a normalised contract. What is refused is listed in its `refusals`.

    `spoiled` are the parts that the checks found nothing can be generated for, by pointer; the document is without them.
    """
    schemas = Schemas(document)
    pagination = Pagination(document, schemas)
    schemes, unknown = build_security_schemes(document)
    built: list[ir.Operation] = []
    refusals = [*_unread(document), *_spoiled(spoiled or {})]
    for at, path, method, _ in operations(document.data):
        try:
            made = build_operation(document, schemas, at=at, path=path, method=method, unknown_schemes=unknown)
            built.append(replace(made, pages=pagination.of(at)))
        except Refused as refused:
            refusals.append(ir.Refusal(at, refused.at, refused.code, f"{method.upper()} {path}", refused.reason))
    info: dict[str, Any] = as_object(document.data.get("info"))
    return ir.Api(
        name=ir.UNNAMED,
        title=str(info.get("title", "")),
        version=str(info.get("version", "")),
        description=str(info.get("description", "")),
        servers=build_servers(document),
        security_schemes=schemes,
        operations=tuple(built),
        models=schemas.models(),
        aliases=schemas.aliases(),
        refusals=tuple(refusals),
    )


def _spoiled(spoiled: Mapping[str, Finding]) -> Iterator[ir.Refusal]:
    for at, error in spoiled.items():
        section, path, *method = split(at)
        if section == "paths":
            what = " ".join([*(name.upper() for name in method), path])
            yield ir.Refusal(at, at, error.code, what, f"{error.message.removesuffix('.')} ({error.place})", error.hint)


def _unread(document: Document) -> list[ir.Refusal]:
    """Webhooks and callbacks are requests that the vendor sends: nothing is generated for them yet."""
    refusals: list[ir.Refusal] = []
    for name in as_object(document.data.get("webhooks")):
        at = below("/webhooks", name)
        refusals.append(ir.Refusal(at, at, "webhook", name, "nothing is generated for webhooks"))
    for at, path, method, operation in operations(document.data):
        for name in as_object(operation.get("callbacks")):
            inner, what = below(at, "callbacks", name), f"{method.upper()} {path}"
            refusals.append(ir.Refusal(inner, inner, "callback", what, "nothing is generated for callbacks"))
    return refusals
