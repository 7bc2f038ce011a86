"""`coverage.json`: what was generated, and every part of the contract that was refused."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from bothends import ir
from bothends.diagnostics import Finding
from bothends.load import Document


def emit_coverage(
    api: ir.Api, document: Document, repairs: Iterable[Finding], losses: Iterable[Finding]
) -> str:
    """Return the coverage as JSON text.

    It lists the operations by wire name, the refusals by reason and location, what is generated
    without (media types that cannot be read, types that models cannot express), and the repairs.
    """
    operations = [operation.wire_name for operation in api.operations]
    refusals = [_refusal(refusal, document) for refusal in api.refusals]
    lost_types = [{"code": loss.code, "message": loss.message} for loss in losses]
    content: dict[str, Any] = {
        "operations": operations,
        "refusals": refusals,
        "losses": [*(_loss(loss, document) for loss in api.losses), *lost_types],
    }
    if found := [
        {"code": entry.code, "message": entry.message, "place": str(entry.location)}
        for entry in repairs
    ]:
        content["repairs"] = found
    if api.webhooks:
        content["webhooks"] = [operation.wire_name for operation in api.webhooks]

    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


def _refusal(refusal: ir.Refusal, document: Document) -> dict[str, str]:
    location = document.location_of(refusal.pointer, key=True)
    return {
        "code": refusal.code,
        "operation": refusal.operation,
        "reason": refusal.reason,
        "place": f"{location.path}:{location.line}:{location.column}",
        "pointer": document.pointer_in_text(document.original(refusal.pointer)),
    }


def _loss(loss: ir.Loss, document: Document) -> dict[str, str]:
    location = document.location_of(loss.pointer, key=True)
    return {
        "code": loss.code,
        "message": ": ".join(filter(None, (loss.operation, loss.reason))),
        **({"operation": loss.operation} if loss.operation else {}),
        "place": f"{location.path}:{location.line}:{location.column}",
        "pointer": document.pointer_in_text(document.original(loss.pointer)),
    }
