"""A page of a contract for a browser without a network: operations, examples and schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import starmap
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bothends.runtime.json.value import is_object

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_REFERENCE = re.compile(r'("#/components/schemas/(?:[^"\\]|\\.)*")')


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a JSON value; with a `link` to the schema that it names."""

    text: str
    link: str = ""


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
    schema: tuple[Piece, ...]
    examples: tuple[ExampleView, ...]


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
    parameters: tuple[ValueView, ...]
    body: tuple[ValueView, ...]
    replies: tuple[ReplyView, ...]


@dataclass(frozen=True, slots=True)
class SchemaView:
    """A named schema."""

    name: str
    anchor: str
    description: str
    schema: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """The whole page."""

    title: str
    version: str
    description: str
    answered_by: str
    operations: tuple[OperationView, ...]
    schemas: tuple[SchemaView, ...]


def render_page(document: dict[str, Any], answered_by: str) -> str:
    """The page of a normalised contract as HTML."""
    environment = Environment(
        loader=PackageLoader("bothends.serve", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # autoescape above: a description of the contract is not HTML (law 6).
    return environment.get_template("page.html.jinja").render(page=page_view(document, answered_by))


def page_view(document: dict[str, Any], answered_by: str) -> PageView:
    """What the page shows."""
    info: dict[str, Any] = document.get("info", {})
    schemas: dict[str, Any] = document.get("components", {}).get("schemas", {})
    return PageView(
        title=str(info.get("title", "")),
        version=str(info.get("version", "")),
        description=_text(info, "description") or _text(info, "summary"),
        answered_by=answered_by,
        operations=tuple(_operations(document)),
        schemas=tuple(
            SchemaView(name, _anchor(name), _text(schema, "description"), _pieces(schema))
            for name, schema in schemas.items()
        ),
    )


def _operations(document: dict[str, Any]) -> Iterator[OperationView]:
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
            yield OperationView(
                anchor=f"operation-{method}-{path}",
                id=name,
                method=method.upper(),
                path=path,
                summary=_text(operation, "summary"),
                description=_text(operation, "description"),
                security=", or ".join(alternatives) or "nothing",
                parameters=tuple(_parameters(operation)),
                body=tuple(_body(operation.get("requestBody", {}))),
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
    return ValueView(
        name,
        kind,
        node.get("required") is True,
        _text(node, "description"),
        _pieces(schema),
        tuple(_examples(node)),
    )


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
        Piece(part, _anchor(json.loads(part).rpartition("/")[2]) if index % 2 else "")
        for index, part in enumerate(parts)
        if part
    )


def _anchor(name: str) -> str:
    return f"schema-{name}"
