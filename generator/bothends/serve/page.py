"""A page of a contract for a browser without a network: operations, examples and schemas."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import starmap
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bothends.diagnostics import visible
from bothends.runtime.json.value import is_array, is_object
from bothends.runtime.operation import Operation

from .schema_table import Piece, RowView, anchor, schema_rows, schema_rules, schema_type

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_REFERENCE = re.compile(r'("#/components/schemas/(?:[^"\\]|\\.)*")')


@dataclass(frozen=True, slots=True)
class ExampleView:
    """A named example."""

    name: str
    summary: str
    value: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ValueView:
    """A parameter, a header, or one media type of a body."""

    name: str
    kind: str
    required: bool
    description: str
    type: tuple[Piece, ...]
    rules: str
    rows: tuple[RowView, ...]
    schema: tuple[Piece, ...]
    examples: tuple[ExampleView, ...]
    sample: str


@dataclass(frozen=True, slots=True)
class ReplyView:
    """A documented reply."""

    status: str
    description: str
    headers: tuple[ValueView, ...]
    media: tuple[ValueView, ...]


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation."""

    anchor: str
    id: str
    method: str
    path: str
    summary: str
    description: str
    security: str
    call: str
    curl: str
    parameters: tuple[ValueView, ...]
    body: tuple[ValueView, ...]
    replies: tuple[ReplyView, ...]


@dataclass(frozen=True, slots=True)
class SchemaView:
    """A named schema."""

    name: str
    anchor: str
    description: str
    type: tuple[Piece, ...]
    rules: str
    rows: tuple[RowView, ...]
    schema: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """The whole page."""

    title: str
    version: str
    description: str
    answered_by: str
    credentials_header: str
    operations: tuple[OperationView, ...]
    schemas: tuple[SchemaView, ...]


def render_page(
    document: dict[str, Any], answered_by: str, operations: Iterable[Operation[Any]] = ()
) -> str:
    """The page of a normalised contract as HTML.

    Args:
        document: The contract.
        answered_by: What answers requests, in words.
        operations: The records of the package, for the Python calls.
    """
    environment = Environment(
        loader=PackageLoader("bothends.serve", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    # autoescape above: a description of the contract is not HTML (law 6).
    return environment.get_template("page.html.jinja").render(
        page=page_view(document, answered_by, operations)
    )


def _printable(value: Any) -> Any:
    """A text as it can be copied into a terminal, which obeys control characters."""
    return visible(value, keep="\n\t\u200d") if type(value) is str else value


def page_view(
    document: dict[str, Any], answered_by: str, operations: Iterable[Operation[Any]] = ()
) -> PageView:
    """What the page shows."""
    calls = {(entry.method, entry.path): _call(entry) for entry in operations}
    info: dict[str, Any] = document.get("info", {})
    schemas: dict[str, Any] = document.get("components", {}).get("schemas", {})
    return PageView(
        title=str(info.get("title", "")),
        version=str(info.get("version", "")),
        description=_text(info, "description") or _text(info, "summary"),
        answered_by=answered_by,
        credentials_header=_credentials_header(document),
        operations=tuple(_operations(document, calls)),
        schemas=tuple(starmap(_schema, schemas.items())),
    )


def _schema(name: str, schema: Any) -> SchemaView:
    return SchemaView(
        name,
        anchor(name),
        _text(schema, "description"),
        schema_type(schema),
        schema_rules(schema),
        schema_rows(schema),
        _pieces(schema),
    )


def _credentials_header(document: dict[str, Any]) -> str:
    """The header that credentials go into, or "" where none are asked for."""
    schemes: dict[str, Any] = document.get("components", {}).get("securitySchemes", {})
    for scheme in schemes.values():
        if scheme.get("type") == "apiKey":
            return str(scheme.get("name", "")) if scheme.get("in") == "header" else ""
    return "Authorization" if schemes else ""


def _call(operation: Operation[Any]) -> str:
    """The Python call: `client.get_tide(tide_id, since=since)`, with what it must pass."""
    needed = [each for each in operation.parameters if each.required]
    arguments = [each.name for each in needed if each.location == "path"]
    body = operation.body
    if body is not None and body.required:
        arguments.append(body.name)
    others = [each.name for each in needed if each.location != "path"]
    return f"client.{operation.name}({', '.join([*arguments, *(f'{n}={n}' for n in others)])})"


def _operations(
    document: dict[str, Any], calls: Mapping[tuple[str, str], str]
) -> Iterator[OperationView]:
    sent_by_vendor = document.get("x-sent-by-vendor", ())
    for path, item in document.get("paths", {}).items():
        if path in sent_by_vendor:  # webhooks are served by the receiver, not here
            continue

        # In the order of the Path Item Object (OpenAPI 3.1 §4.8.9), whichever order the contract
        # has.
        for method in (method for method in _METHODS if method in item):
            operation = item[method]
            security = operation.get("security", document.get("security", []))
            alternatives = [" and ".join(names) or "nothing" for names in security]
            name = operation.get("operationId") or f"{method.upper()} {path}"
            body = tuple(_body(operation.get("requestBody", {})))
            sent: list[str] = []
            if body:
                # Any other option takes an example that begins with `@` for the name of a file.
                sent = ["-H", f"Content-Type: {body[0].name}", "--data-raw", body[0].sample]

            yield OperationView(
                anchor=f"operation-{method}-{path}",
                id=name,
                method=method.upper(),
                path=path,
                summary=_text(operation, "summary"),
                description=_text(operation, "description"),
                security=", or ".join(alternatives) or "nothing",
                call=calls.get((method.upper(), path), ""),
                curl=shlex.join(["curl", "-i", "-g", "-X", method.upper(), path, *sent]),
                parameters=tuple(_parameters(operation)),
                body=body,
                replies=tuple(starmap(_reply, operation.get("responses", {}).items())),
            )


def _parameters(operation: dict[str, Any]) -> Iterator[ValueView]:
    for parameter in operation.get("parameters", ()):
        # An operation that was refused is in the contract as written, wrong references included.
        name = parameter.get("name") or parameter.get("$ref") or "?"
        yield _value(str(name), str(parameter.get("in", "parameter")), parameter)


def _body(body: dict[str, Any]) -> Iterator[ValueView]:
    for media_type, media in body.get("content", {}).items():
        text = _text(body, "description")
        yield _value(
            media_type, "body", {**media, "required": body.get("required"), "description": text}
        )


def _reply(status: str, reply: dict[str, Any]) -> ReplyView:
    headers = (_value(name, "header", header) for name, header in reply.get("headers", {}).items())
    media = (
        _value(media_type, "body", media) for media_type, media in reply.get("content", {}).items()
    )
    return ReplyView(status, _text(reply, "description"), tuple(headers), tuple(media))


def _value(name: str, kind: str, node: dict[str, Any]) -> ValueView:
    content: list[dict[str, Any]] = list(node.get("content", {}).values())
    schema = node.get("schema", content[0].get("schema", {}) if content else {})
    examples = tuple(_examples(node))
    return ValueView(
        name,
        kind,
        node.get("required") is True,
        _text(node, "description"),
        schema_type(schema),
        schema_rules(schema),
        schema_rows(schema),
        _pieces(schema),
        examples,
        _sample(node, schema),
    )


def _sample(node: dict[str, Any], schema: Any) -> str:
    """A value to begin with in a form: the first example, else that of the schema, else nothing."""
    inner = schema if is_object(schema) else {}
    examples = [
        entry.get("value") for entry in node.get("examples", {}).values() if is_object(entry)
    ]
    own = inner.get("examples")
    for value in (node.get("example"), *examples, *(own if is_array(own) else ())):
        if value is not None:
            return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return ""


def _examples(node: dict[str, Any]) -> Iterator[ExampleView]:
    if "example" in node:
        yield ExampleView("example", "", _pieces(node["example"]))
    for name, example in node.get("examples", {}).items():
        if is_object(example) and "value" in example:
            yield ExampleView(name, _text(example, "summary"), _pieces(example["value"]))


def _text(node: Any, keyword: str) -> str:
    value = node.get(keyword) if is_object(node) else None
    return value if isinstance(value, str) else ""


def _pieces(value: Any) -> tuple[Piece, ...]:
    """The JSON text, cut where it names a schema."""
    parts = _REFERENCE.split(json.dumps(value, indent=2, ensure_ascii=False))
    return tuple(
        Piece(part, anchor(json.loads(part).rpartition("/")[2]) if index % 2 else "")
        for index, part in enumerate(parts)
        if part
    )
