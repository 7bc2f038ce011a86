"""Which object of OpenAPI stands where (OpenAPI 3.1 §4.8), as a table.

For each kind: field → (shape of the field, kind of what is in it). `*` stands for every field that
is no extension.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Shape: TypeAlias = Literal["one", "list", "map"]
Kind: TypeAlias = str

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
NEW_IN_3_2: Final = (
    "query",
    "additionalOperations",
    "itemSchema",
    "prefixEncoding",
    "itemEncoding",
    "mediaTypes",
)
"""The fields of the table that OpenAPI 3.2 brought; older versions do not have them."""

NEWER_WEBHOOKS: Final = "x-newer-webhooks"
"""Where a contract of OpenAPI 3.0 has its webhooks after repair: the word is one of 3.1."""

_CONTENT: Final[dict[str, tuple[Shape, Kind]]] = {"content": ("map", "media type")}
_DESCRIBED: Final[dict[str, tuple[Shape, Kind]]] = {
    "schema": ("one", "schema"),
    "examples": ("map", "example"),
    **_CONTENT,
}

_ENCODINGS: Final[dict[str, tuple[Shape, Kind]]] = {
    "encoding": ("map", "encoding"),
    "prefixEncoding": ("list", "encoding"),
    "itemEncoding": ("one", "encoding"),
}

GRAMMAR: Final[dict[Kind, dict[str, tuple[Shape, Kind]]]] = {
    "root": {
        "info": ("one", "info"),
        "servers": ("list", "server"),
        "tags": ("list", "tag"),
        "paths": ("one", "paths"),
        "webhooks": ("map", "path item"),
        NEWER_WEBHOOKS: ("map", "path item"),
        "components": ("one", "components"),
        "externalDocs": ("one", "external documentation"),
    },
    "paths": {"*": ("one", "path item")},
    "components": {
        "schemas": ("map", "schema"),
        "responses": ("map", "response"),
        "parameters": ("map", "parameter"),
        "examples": ("map", "example"),
        "requestBodies": ("map", "request body"),
        "headers": ("map", "header"),
        "securitySchemes": ("map", "security scheme"),
        "links": ("map", "link"),
        "callbacks": ("map", "callback"),
        "pathItems": ("map", "path item"),
        "mediaTypes": ("map", "media type"),
    },
    "server": {"variables": ("map", "server variable")},
    "path item": {
        "servers": ("list", "server"),
        "parameters": ("list", "parameter"),
        **dict.fromkeys(METHODS, ("one", "operation")),
        "additionalOperations": ("map", "operation"),
    },
    "operation": {
        "servers": ("list", "server"),
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "request body"),
        "responses": ("one", "responses"),
        "callbacks": ("map", "callback"),
        "externalDocs": ("one", "external documentation"),
    },
    "responses": {"*": ("one", "response")},
    "callback": {"*": ("one", "path item")},
    "parameter": _DESCRIBED,
    "header": _DESCRIBED,
    "request body": _CONTENT,
    "response": {"headers": ("map", "header"), "links": ("map", "link"), **_CONTENT},
    "media type": {
        "schema": ("one", "schema"),
        "examples": ("map", "example"),
        "itemSchema": ("one", "schema"),
        **_ENCODINGS,
    },
    "encoding": {"headers": ("map", "header"), **_ENCODINGS},
    "schema": {
        "discriminator": ("one", "discriminator"),
        "externalDocs": ("one", "external documentation"),
        **dict.fromkeys(
            (
                "items",
                "additionalProperties",
                "not",
                "if",
                "then",
                "else",
                "contains",
                "propertyNames",
                "unevaluatedItems",
                "unevaluatedProperties",
                "contentSchema",
            ),
            ("one", "schema"),
        ),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), ("list", "schema")),
        **dict.fromkeys(
            # `definitions` became `$defs` in 2019-09, and contracts still write it.
            ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions"),
            ("map", "schema"),
        ),
    },
    "info": {"contact": ("one", "contact"), "license": ("one", "license")},
    "contact": {},
    "license": {},
    "example": {},
    "link": {},
    "security scheme": {"flows": ("map", "flow")},
    "flow": {},
    "discriminator": {},
    "external documentation": {},
    "server variable": {},
    "tag": {},
}

SECTIONS: Final[dict[Kind, str]] = {
    "schema": "/components/schemas",
    "response": "/components/responses",
    "parameter": "/components/parameters",
    "example": "/components/examples",
    "request body": "/components/requestBodies",
    "header": "/components/headers",
    "security scheme": "/components/securitySchemes",
    "link": "/components/links",
    "callback": "/components/callbacks",
    "media type": "/components/mediaTypes",
}
"""Where an object that is referred to belongs. Path items have no section in 3.0, so none here."""

SWAGGER_SECTIONS: Final[dict[Kind, str]] = {
    "schema": "/definitions",
    "parameter": "/parameters",
    "response": "/responses",
}

SWAGGER_GRAMMAR: Final[dict[Kind, dict[str, tuple[Shape, Kind]]]] = {
    **GRAMMAR,
    "root": {
        "info": ("one", "info"),
        "tags": ("list", "tag"),
        "paths": ("one", "paths"),
        "definitions": ("map", "schema"),
        "parameters": ("map", "parameter"),
        "responses": ("map", "response"),
        "securityDefinitions": ("map", "security scheme"),
        "externalDocs": ("one", "external documentation"),
    },
    # Only a body has a `schema` in 2.0; other parameters and headers state `type` themselves.
    "parameter": {"schema": ("one", "schema")},
    "header": {},
    "response": {"schema": ("one", "schema"), "headers": ("map", "header")},
    # A discriminator of 2.0 is a text, the name of the property, and no object.
    "schema": {
        keyword: rule for keyword, rule in GRAMMAR["schema"].items() if keyword != "discriminator"
    },
}
"""The same for Swagger 2.0 (§4), where it differs."""
