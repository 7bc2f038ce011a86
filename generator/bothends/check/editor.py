"""JSON Schemas for editors: of contracts with our extensions, of claims.yaml and of names.lock.

`bothends init` writes them to `specs/.schemas/`, and names them in the first line of its files:

    # yaml-language-server: $schema=../.schemas/openapi.schema.json
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final

from bothends.openapi.extensions import UNMISTAKABLE, extension_schemas
from bothends.openapi.structure import openapi_schema

FOLDER: Final = ".schemas"
_NAMES_LOCK: Final = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "names.lock: the public Python name of each place of a contract",
    "type": "object",
    "properties": {
        "about": {"type": "string"},
        "layout": {"type": "string"},
        "names": {
            "type": "object",
            # A schema of another file has the name of that file in front.
            "propertyNames": {"pattern": "^(/|[^#]+#)"},
            "additionalProperties": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"},
        },
    },
    "required": ["names"],
}


def editor_schemas() -> dict[str, str]:
    """Return the text of each schema by its file name."""
    claims = files("bothends.check.claims").joinpath("claims.schema.json").read_text("utf-8")
    schemas = {"openapi.schema.json": _contract_schema(), "names.schema.json": _NAMES_LOCK}
    texts = {name: json.dumps(schema, indent=1) + "\n" for name, schema in schemas.items()}
    return {**texts, "claims.schema.json": claims}


def editor_line(name: str) -> str:
    """Return the first line of a YAML file beside a contract, which tells editors its schema."""
    return f"# yaml-language-server: $schema=../{FOLDER}/{name}.schema.json\n"


def _contract_schema() -> Any:
    """The schema of OpenAPI 3.1, in which our extensions have their shapes."""
    schema: Any = openapi_schema("3.1")
    extensions = schema["$defs"]["specification-extensions"]
    own = extension_schemas()
    long_names = {UNMISTAKABLE + name.removeprefix("x-"): value for name, value in own.items()}
    extensions["properties"] = {**own, **long_names}
    return schema
