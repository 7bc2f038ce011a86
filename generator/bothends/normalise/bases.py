"""Moves the discriminator of an inline part of `allOf` to the component that it makes a base.

    Buoy: {allOf: [{$ref: Mark}, {properties: …, discriminator: {propertyName: light}}]}

is the base of those that extend it, as if the discriminator stood beside `allOf` (OpenAPI 3.1
§4.8.25). One in a component with alternatives of its own stays where it is.
"""

from __future__ import annotations

from bothends.load import Document
from bothends.openapi.discriminator import discriminator_of
from bothends.openapi.json_value import as_object, is_object
from bothends.openapi.pointer import below
from bothends.openapi.reference import SCHEMAS


def move_discriminators(document: Document) -> Document:
    """Write such discriminators into their components; the parts keep theirs, and name no heirs."""
    components = as_object(document.data.get("components"))
    schemas = dict(as_object(components.get("schemas")))
    origins: dict[str, str] = {}
    for key, schema in schemas.items():
        if not is_object(schema) or {"discriminator", "oneOf", "anyOf"} & schema.keys():
            continue
        if discriminator := discriminator_of(schema):
            schemas[key] = {**schema, "discriminator": discriminator}
            origins[below(SCHEMAS, key, "discriminator")] = below(SCHEMAS, key)

    if not origins:
        return document
    data = {**document.data, "components": {**components, "schemas": schemas}}
    return document.with_data(data, origins)
