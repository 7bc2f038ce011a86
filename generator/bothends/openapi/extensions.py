"""The extensions of OpenAPI that are ours, with the JSON Schema of each."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

UNMISTAKABLE = "x-bothends-"
"""`x-bothends-pagination` is `x-pagination`, and can be no other tool's."""


@cache
def extension_schemas() -> dict[str, dict[str, Any]]:
    """Return each extension's name and the schema of its value."""
    text = files("bothends.openapi").joinpath("extensions.schema.json").read_text("utf-8")
    schemas: dict[str, dict[str, Any]] = json.loads(text)["$defs"]
    return schemas
