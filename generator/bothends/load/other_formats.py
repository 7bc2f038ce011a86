"""Files that are no OpenAPI contract, recognised by how they begin or by their fields.

People save the web page around a contract, export a Postman collection, or download an archive.
What a YAML parser says of these helps nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from bothends.openapi.json_value import as_object

_RAW = "Save the contract itself: a page that shows it has a link such as Raw or Download."
_CONVERT = "Export it as OpenAPI where it was made, or convert it first."

_BINARY: Final = (
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"PK\x03\x04", "a ZIP archive", "Unpack it first."),
    (b"BZh", "a bzip2 archive", "Unpack it first."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it first."),
    (
        b"%PDF-",
        "a PDF document",
        "Begin a contract with `bothends init NAME`, and write it from there.",
    ),
)
_TEXTS: Final = (
    (r"<!doctype html|<html", "a web page (HTML)", _RAW),
    (r"<\?xml|<[a-z]", "an XML document", _CONVERT),
    (
        r"version https://git-lfs",
        "a pointer of Git LFS, not the file itself",
        "`git lfs pull` gets it.",
    ),
    (r"#%raml", "a RAML document", _CONVERT),
    (r"format: *1a", "an API Blueprint", _CONVERT),
    (r'syntax *= *"proto', "a Protocol Buffers definition", _CONVERT),
    (r"(extend )?(type|schema|input|interface) *\w* *\{", "a GraphQL schema", _CONVERT),
)
_Object = dict[str, Any]
_FIELDS: Final[tuple[tuple[Callable[[_Object], object], str, str], ...]] = (
    (lambda data: "asyncapi" in data, "an AsyncAPI document", "It describes no HTTP operations."),
    (
        lambda data: "swaggerVersion" in data,
        "a Swagger 1.x document",
        "Convert it to Swagger 2.0 or OpenAPI 3 first.",
    ),
    (lambda data: "raml" in data, "a RAML document", _CONVERT),
    (
        lambda data: (
            "_postman_id" in as_object(data.get("info"))
            or "getpostman" in str(as_object(data.get("info")).get("schema"))
        ),
        "a Postman collection",
        "Export the API definition of it as OpenAPI, or convert it first.",
    ),
    (
        lambda data: "_type" in data and "resources" in data,
        "an Insomnia export",
        "Export the API design of it as OpenAPI.",
    ),
    (
        lambda data: "entries" in as_object(data.get("log")),
        "a HAR recording",
        "`bothends check-exchanges` judges it by a contract.",
    ),
    (
        lambda data: "overlay" in data and "actions" in data,
        "an overlay, not the contract that it corrects",
        "Name the contract; an overlay.yaml beside it is applied.",
    ),
    (lambda data: "arazzo" in data, "an Arazzo document", "Name the contract that it refers to."),
    (lambda data: "discoveryVersion" in data, "a Google discovery document", _CONVERT),
    (
        lambda data: "__schema" in data or "__schema" in as_object(data.get("data")),
        "a GraphQL schema",
        _CONVERT,
    ),
    (
        lambda data: "apiVersion" in data and "kind" in data,
        "a Kubernetes manifest",
        "Name the file of the contract.",
    ),
    (
        lambda data: "$schema" in data and "paths" not in data,
        "a JSON Schema",
        "Put it below `components: schemas:` of a contract; `bothends init NAME` writes one.",
    ),
)

_CONFLICT: Final = re.compile(r"^(<{7} |={7}$|>{7} )", re.MULTILINE)
_HEAD: Final = 200


def format_of_bytes(content: bytes) -> tuple[str, str] | None:
    """What a file is by its first bytes, and what to do; None if it may be a contract."""
    for beginning, name, hint in _BINARY:
        if content.startswith(beginning):
            return name, hint
    return None


def format_of_text(source: str) -> tuple[str, str] | None:
    """What a text is by its beginning, and what to do; None if it may be a contract."""
    head = source[:_HEAD].lstrip()
    for pattern, name, hint in _TEXTS:
        if re.match(pattern, head, re.IGNORECASE):
            return name, hint
    return None


def format_of_fields(data: dict[str, Any]) -> tuple[str, str] | None:
    """What a document is by its fields, and what to do; None if it may be a contract."""
    for is_one, name, hint in _FIELDS:
        if is_one(data):
            return name, hint
    return None


def conflict_marker(source: str) -> int | None:
    """The offset of the first marker that git left where it could not merge."""
    found = _CONFLICT.search(source)
    return found.start() if found else None
