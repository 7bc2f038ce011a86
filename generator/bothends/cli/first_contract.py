"""The first contract of a vendor, and its claims, as text: what `bothends init` writes.

    GET /v2/tides/{tideId}, bearer   ->   operationId getTide, a path parameter, replies 200, 400
                                          and 401, a schema Tide, a security scheme bearerAuth

It passes every check. Each constraint says that it is an assumption, until a claim replaces it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

_VERBS: Final = {
    "get": "get",
    "post": "create",
    "put": "replace",
    "patch": "update",
    "delete": "delete",
}
FIRST_METHODS: Final = tuple(_VERBS)
"""The methods that a first operation may have."""

_ID = "{type: string, minLength: 1, x-assumption: An id is not empty.}"
_SCHEMES = {
    "bearer": ("bearerAuth", "{type: http, scheme: bearer}"),
    "basic": ("basicAuth", "{type: http, scheme: basic}"),
}


@dataclass(frozen=True, slots=True)
class FirstOperation:
    """The flags of `init`. `security` is bearer, basic, none, or the header of an API key."""

    vendor: str
    method: str
    path: str
    server: str
    security: str

    @property
    def is_list(self) -> bool:
        """Whether the operation gets a collection."""
        return self.method == "get" and not self.path.rstrip("/").endswith("}")

    @property
    def noun(self) -> str:
        """The name of the schema: the last fixed part of the path in the singular, `Tide`."""
        fixed = [step for step in self.path.split("/") if step and "{" not in step]
        words = re.findall(r"[A-Za-z0-9]+", fixed[-1]) if fixed else [self.vendor]
        noun = "".join(word[:1].upper() + word[1:] for word in words) or "Thing"
        noun = noun if noun[0].isalpha() else f"Thing{noun}"
        return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun

    @property
    def id(self) -> str:
        """The operationId: `listTides`, `getTide`, `createTide`."""
        if self.is_list:
            return f"list{self.noun}s"
        return f"{_VERBS[self.method]}{self.noun}"


def contract_text(first: FirstOperation) -> str:
    """Return the text of `openapi.yaml`."""
    title = json.dumps(f"{_title(first.vendor)} API", ensure_ascii=False)
    lines = [
        "openapi: 3.1.0",
        f"info: {{title: {title}, version: '1', description: The part of the API that we use.}}",
        "servers:",
        f"  - {{url: {json.dumps(first.server)}, description: production}}",
    ]
    scheme = _scheme(first.security)
    if scheme is not None:
        lines += ["security:", f"  - {scheme[0]}: []"]

    lines += ["paths:", f"  {json.dumps(first.path)}:", f"    {first.method}:"]
    lines += [f"      {line}" for line in _operation(first, is_secured=scheme is not None)]
    lines += ["components:"]
    if scheme is not None:
        lines += ["  securitySchemes:", f"    {scheme[0]}: {scheme[1]}"]

    lines += [f"  {line}" for line in _schemas(first)]
    return "\n".join(lines) + "\n"


def claims_text(vendor: str, *, operation: str = "") -> str:
    """Return the text of `claims.yaml`: one document and, with an operation, one claim."""
    title = json.dumps(f"Documentation of {_title(vendor)}", ensure_ascii=False)
    lines = ["documents:", f"  docs: {{title: {title}}}"]
    if not operation:
        return "\n".join([*lines, "claims: {}"]) + "\n"

    statement = json.dumps(f"The API has the operation {operation}.")
    return "\n".join(
        [
            *lines,
            "claims:",
            "  C1:",
            f"    statement: {statement}",
            "    source: {document: docs}",
            "    kept: contract",
            "",
        ]
    )


def _title(vendor: str) -> str:
    return re.sub("[-_]+", " ", vendor[:1].upper() + vendor[1:])


def _scheme(security: str) -> tuple[str, str] | None:
    """The name of the security scheme and its object; None without security."""
    if security == "none":
        return None
    if security in _SCHEMES:
        return _SCHEMES[security]
    return "apiKey", f"{{type: apiKey, in: header, name: {json.dumps(security)}}}"


def _operation(first: FirstOperation, *, is_secured: bool) -> list[str]:
    words = re.findall("[A-Z]?[a-z0-9]+|[A-Z]+", first.id)
    lines = [
        f"operationId: {first.id}",
        f"summary: {' '.join(words).capitalize()}.",
        "x-claims: [C1]",
    ]
    names = re.findall(r"\{([^{}]+)\}", first.path)
    if names:
        lines += ["parameters:"]
        lines += [
            f"  - {{name: {json.dumps(name)}, in: path, required: true, schema: {_ID}}}"
            for name in names
        ]

    reference = f"{{$ref: '#/components/schemas/{first.noun}'}}"
    if first.method in ("post", "put", "patch"):
        lines += [
            "requestBody:",
            "  required: true",
            "  x-assumption: The documentation does not say that it may be left out.",
            f"  content: {{application/json: {{schema: {reference}}}}}",
        ]

    return [*lines, "responses:", *_responses(first, reference, is_secured=is_secured)]


def _responses(first: FirstOperation, reference: str, *, is_secured: bool) -> list[str]:
    if first.method == "delete":
        lines = ["  '204': {description: It is deleted.}"]
    else:
        status = "201" if first.method == "post" else "200"
        schema = f"{{type: array, items: {reference}}}" if first.is_list else reference
        lines = [
            f"  '{status}':",
            "    description: It went well.",
            f"    content: {{application/json: {{schema: {schema}}}}}",
        ]

    problem = "content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}"
    statuses = {"400": "The request is wrong."}
    if is_secured:
        statuses["401"] = "The credentials are missing or wrong."
    for status, description in statuses.items():
        lines += [f"  '{status}':", f"    description: {description}", f"    {problem}"]

    return lines


def _schemas(first: FirstOperation) -> list[str]:
    lines = ["schemas:"]
    if first.method != "delete":
        lines += [
            f"  {first.noun}:",
            "    type: object",
            "    x-assumption: The documentation does not say which properties are always there.",
            "    required: [id]",
            "    properties:",
            "      id: {type: string, minLength: 1, examples: ['1']}",
        ]

    return [
        *lines,
        "  Problem:",
        "    type: object",
        "    properties:",
        "      message: {type: string, examples: [What is wrong.]}",
    ]
