"""The API: servers, security schemes, component schemas, and each operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bothends import ir
from bothends.diagnostics import Finding
from bothends.interpret.operation import build_operation
from bothends.interpret.pagination import Pagination
from bothends.interpret.refused import Refused
from bothends.interpret.schema import Schemas
from bothends.interpret.schema.losses import find_losses
from bothends.interpret.security import build_security_schemes
from bothends.interpret.server import build_servers
from bothends.load import Document
from bothends.normalise.webhooks import SENT_BY_VENDOR
from bothends.openapi.grammar import NEWER_WEBHOOKS
from bothends.openapi.json_value import as_object
from bothends.openapi.pointer import split
from bothends.openapi.problem import internal_error
from bothends.openapi.walk import operations


def interpret(document: Document, unusable: Mapping[str, Finding] | None = None) -> ir.Api:
    """Build the unnamed API from a normalised contract.

    What is refused is listed in its `refusals`.

    `unusable` are the parts that the checks found nothing can be generated for, by pointer; the
    document is without them.
    """
    schemas = Schemas(document)
    pagination = Pagination(document, schemas)
    schemes, unknown = build_security_schemes(document)
    built: list[ir.Operation] = []
    refusals = [*_unusable(unusable or {})]
    losses: list[ir.Loss] = []
    sent_by_vendor = frozenset(document.data.get(SENT_BY_VENDOR, ()))

    for pointer, path, method, _ in operations(document.data):
        schemas.losses.clear()
        subject = f"{method.upper()} {path}"
        try:
            result = build_operation(
                document,
                schemas,
                pointer=pointer,
                path=path,
                method=method,
                unknown_schemes=unknown,
            )
            built.append(replace(result, pages=pagination.of(pointer)))
            losses += _losses(schemas, subject)
        except Exception as error:  # noqa: BLE001 (a fault of ours costs this operation, law 8)
            refusals.append(_refusal(error, subject, document, pointer))

    models, aliases = schemas.models(), schemas.aliases()
    losses += find_losses(schemas, document, built, (*models, *aliases))
    info: dict[str, Any] = as_object(document.data.get("info"))
    operations_sent = [operation for operation in built if operation.path not in sent_by_vendor]
    webhooks = [operation for operation in built if operation.path in sent_by_vendor]
    return ir.Api(
        name=ir.UNNAMED,
        title=str(info.get("title", "")),
        # Without quotes, `version: 1.0` is a number in YAML, and no text (OpenAPI 3.1 §4.8.2).
        version=str(info.get("version", "")),
        description=str(info.get("description", "")),
        servers=build_servers(document),
        security_schemes=schemes,
        operations=tuple(operations_sent),
        webhooks=tuple(webhooks),
        models=models,
        aliases=aliases,
        refusals=tuple(refusals),
        losses=tuple(losses),
    )


def _losses(schemas: Schemas, operation: str) -> list[ir.Loss]:
    """Return what is left out of an operation, once if several of its replies lose the same."""
    found = {loss.reason: replace(loss, operation=operation) for loss in reversed(schemas.losses)}
    return list(reversed(found.values()))


def _unusable(unusable: Mapping[str, Finding]) -> Iterator[ir.Refusal]:
    for pointer, error in unusable.items():
        section, path, *method = split(pointer)
        if section in ("webhooks", NEWER_WEBHOOKS):
            path = f"/webhooks/{path}"
        if section != "components":
            what = " ".join([*(name.upper() for name in method), path])
            yield ir.Refusal(
                pointer,
                pointer,
                error.code,
                what,
                f"{error.message.removesuffix('.')} ({error.location})",
                error.hint,
            )


def _refusal(error: Exception, subject: str, document: Document, pointer: str) -> ir.Refusal:
    """The refusal of an operation that raised this while it was built."""
    if isinstance(error, Refused):
        return ir.Refusal(pointer, error.pointer, error.code, subject, error.reason)

    fault = internal_error(error, f"building {subject}", document, pointer)
    return ir.Refusal(pointer, pointer, fault.code, subject, fault.message)
