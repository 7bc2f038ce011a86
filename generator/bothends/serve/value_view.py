"""What the page says of values: parameters, bodies, and replies with their headers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bothends.runtime.json.value import is_array, is_object

from .schema_table import Piece, RowView, anchor, schema_rows, schema_rules, schema_type

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


def parameter_views(parameters: Iterable[dict[str, Any]]) -> Iterator[ValueView]:
    """The parameters of an operation."""
    for parameter in parameters:
        # An operation that was refused is in the contract as written, wrong references included.
        name = parameter.get("name") or parameter.get("$ref") or "?"
        yield _value(str(name), str(parameter.get("in", "parameter")), parameter)


def body_views(body: dict[str, Any]) -> Iterator[ValueView]:
    """The media types of a request body."""
    for media_type, media in body.get("content", {}).items():
        text = text_of(body, "description")
        yield _value(
            media_type, "body", {**media, "required": body.get("required"), "description": text}
        )


def reply_view(status: str, reply: dict[str, Any]) -> ReplyView:
    """A documented reply with its headers and media types."""
    headers = (_value(name, "header", header) for name, header in reply.get("headers", {}).items())
    media = (
        _value(media_type, "body", media) for media_type, media in reply.get("content", {}).items()
    )
    return ReplyView(status, text_of(reply, "description"), tuple(headers), tuple(media))


def _value(name: str, kind: str, node: dict[str, Any]) -> ValueView:
    schema = schema_of(node)
    examples = tuple(_examples(node))
    return ValueView(
        name,
        kind,
        node.get("required") is True,
        text_of(node, "description"),
        schema_type(schema),
        schema_rules(schema),
        schema_rows(schema),
        pieces(schema),
        examples,
        sample_text(node, schema),
    )


def schema_of(node: dict[str, Any]) -> Any:
    """The schema of a parameter, a header or a media type."""
    content: list[dict[str, Any]] = list(node.get("content", {}).values())
    return node.get("schema", content[0].get("schema", {}) if content else {})


def sample_text(node: dict[str, Any], schema: Any) -> str:
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
        yield ExampleView("example", "", pieces(node["example"]))
    for name, example in node.get("examples", {}).items():
        if is_object(example) and "value" in example:
            yield ExampleView(name, text_of(example, "summary"), pieces(example["value"]))


def text_of(node: Any, keyword: str) -> str:
    """A text that a node has under a keyword; empty if it has none."""
    value = node.get(keyword) if is_object(node) else None
    return value if isinstance(value, str) else ""


def pieces(value: Any) -> tuple[Piece, ...]:
    """The JSON text, cut where it names a schema."""
    parts = _REFERENCE.split(json.dumps(value, indent=2, ensure_ascii=False))
    return tuple(
        Piece(part, anchor(json.loads(part).rpartition("/")[2]) if index % 2 else "")
        for index, part in enumerate(parts)
        if part
    )
