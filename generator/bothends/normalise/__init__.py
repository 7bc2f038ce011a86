"""Turns a contract of any version into one dialect: OpenAPI 3.1 with JSON Schema 2020-12.

No later room knows versions. What the later rooms may rely on:

- webhooks and callbacks are paths; `x-sent-by-vendor` lists them
- parameters, request bodies, responses, headers, examples and links stand where they are used; only schemas use `$ref`
- parameters, headers and fields may have the style `tabDelimited`, and any delimited style anywhere
- the parameters and servers of a path item are those of each of its operations
- `int32` and `int64` are bounds
- every media type has a schema
- every inline object with declared properties is a component
- what is required in one direction only is so in variants of components: `components/x-variants` says of which
- `components/x-costly` says how deep a value may be before the schemas that judge it multiply
"""

from __future__ import annotations

from bothends.load import Document
from bothends.normalise import (
    bases,
    bounds,
    costs,
    directions,
    empty_values,
    hoist,
    meeting,
    path_items,
    references,
    targets,
    text_parameters,
    v2_0,
    v3_0,
    v3_2,
    webhooks,
)
from bothends.normalise.repairs import repair
from bothends.normalise.repairs.as_overlay import json_path, overlay_from_repairs
from bothends.normalise.selection import EVERYTHING, Selected, is_selected, select, selector_of
from bothends.normalise.v2_0.parameter import write_styles
from bothends.openapi.version import Version, version_of

__all__ = [
    "EVERYTHING",
    "Selected",
    "is_selected",
    "json_path",
    "normalise",
    "overlay_from_repairs",
    "repair",
    "select",
    "selector_of",
]


def normalise(document: Document) -> Document:
    """Give the contract in the one dialect; places still point into the text that the person wrote.

    Only for a contract whose version is read: `check` says so of any other.
    """
    version = version_of(document.data)
    # Schemas of 2.0 and 3.0 differ from 2020-12 in much the same way, so `v3_0` rewrites both.
    if version is Version.V2_0:
        document, version = v2_0.convert(document).document, Version.V3_0

    if version is Version.V3_2:
        document = v3_2.convert(document)

    document = targets.make_components(document)
    document = webhooks.move_to_paths(document)
    document = references.inline(document)
    document = path_items.merge(document)
    document = text_parameters.write_schemas(document)
    document = write_styles(document)
    document = empty_values.write_schemas(document)
    if version is Version.V3_0:
        document = v3_0.convert(document)

    document = bases.move_discriminators(document)
    document = bounds.apply(document)
    document = hoist.objects(document)
    document = meeting.make_classes(document)
    if version is Version.V3_0:
        # In 3.1 the two are annotations (JSON Schema 2020-12 Validation §9.4), which split nothing.
        document = directions.split_directions(document)

    return costs.measure(document)
