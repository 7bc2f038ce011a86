"""The body of a request."""

from __future__ import annotations

from typing import Any

from bothends import ir
from bothends.build.content import build_contents
from bothends.build.schema import Schemas
from bothends.load.pointer import below


def build_body(schemas: Schemas, body: Any, at: str) -> ir.Body | ir.NoBody:
    """Build a resolved Request Body Object (OpenAPI 3.1 §4.8.13)."""
    if not isinstance(body, dict):
        return ir.NoBody()
    content = body.get("content") or {}
    contents = build_contents(schemas, content, below(at, "content"))
    if not contents:
        return ir.NoBody()
    described = [item.get("schema") for item in content.values() if isinstance(item, dict)]
    return ir.Body(
        name=ir.UNNAMED,
        at=at,
        contents=contents,
        required=body.get("required") is True,
        description=str(body.get("description") or next(filter(None, map(schemas.description_of, described)), "")),
        rules=next(filter(None, map(schemas.rules_of, described)), ()),
    )
