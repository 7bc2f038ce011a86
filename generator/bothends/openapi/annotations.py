"""What describes a schema and refuses no value."""

from __future__ import annotations

from typing import Final

ANNOTATIONS: Final = frozenset(
    {
        "$comment",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "default",
        "deprecated",
        "description",
        "discriminator",
        "example",
        "examples",
        "externalDocs",
        "readOnly",
        "title",
        "writeOnly",
        "xml",
    }
)
"""Keywords of JSON Schema 2020-12 Validation §8 and §9, and of OpenAPI's Schema Object."""
