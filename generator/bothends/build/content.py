"""The media types of a message."""

from __future__ import annotations

import re
from typing import Any

from bothends import ir
from bothends.build.refused import Refused
from bothends.build.schema import Schemas
from bothends.load.json_value import as_object, is_object
from bothends.load.pointer import below


def is_json(media_type: str) -> bool:
    """Whether the media type is JSON or built on it (RFC 6839 §3.1)."""
    essence = media_type.partition(";")[0].strip().lower()
    return re.fullmatch(r"application/json|[a-z0-9.!#$&^_-]+/[a-z0-9.!#$&^_-]+\+json", essence) is not None


def build_contents(schemas: Schemas, content: Any, at: str) -> tuple[ir.Content, ...]:
    """Build each media type of a Content map. Raises `Refused` for one that is not JSON."""
    built: list[ir.Content] = []
    for media_type, described in as_object(content).items():
        here = below(at, media_type)
        if not is_json(media_type):
            raise Refused("media-type", here, f"bodies of type {media_type} are not supported")
        schema = described.get("schema", True) if is_object(described) else True
        built.append(ir.Content(media_type, here, schemas.type_of(schema, below(here, "schema"))))
    return tuple(built)
