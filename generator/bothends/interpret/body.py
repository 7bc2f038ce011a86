"""The body of a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

from bothends import ir
from bothends.interpret.content import Message, build_contents, is_chosen
from bothends.interpret.schema import Schemas
from bothends.openapi.json_value import as_array, as_object, is_object
from bothends.openapi.pointer import below

T = TypeVar("T")

_WITH_NULL: Final = (ir.MediaKind.JSON, ir.MediaKind.YAML, ir.MediaKind.XML)


def build_body(schemas: Schemas, body: Any, pointer: str) -> ir.Body | ir.NoBody:
    """Build a resolved Request Body Object (OpenAPI 3.1 §4.8.13)."""
    if not is_object(body):
        return ir.NoBody()

    content = as_object(body.get("content"))
    contents = build_contents(schemas, content, below(pointer, "content"), Message.REQUEST)
    if not contents:
        return ir.NoBody()

    # A body is optional unless the contract says more (OpenAPI 3.1 §4.8.13).
    required = body.get("required") is True
    described = [as_object(content[entry.wire_name]).get("schema") for entry in contents]
    rules: list[tuple[str, ...]] = []
    for entry, schema in zip(contents, described, strict=True):
        is_bytes = entry.kind is ir.MediaKind.BINARY
        # A note says that the content is carried as it is, so its schema rules nothing.
        own = (entry.note,) if entry.note else schemas.rules_of(schema, is_bytes=is_bytes)
        parts = () if entry.note else tuple(_part_rules(as_object(content[entry.wire_name])))
        rules.append((*own, *parts))

    of_replies = [schemas.in_replies(content.type) for content in contents]
    return ir.Body(
        name=ir.UNNAMED,
        pointer=pointer,
        contents=contents,
        required=required,
        # Of all media types, JSON, YAML and XML alone have a null that differs from no body.
        nullable=not required
        and any(schemas.allows_null(c.type) for c in contents if c.kind in _WITH_NULL),
        description=str(
            body.get("description") or _first(map(schemas.description_of, described), "")
        ),
        rules=_first(rules, ()),
        is_chosen=is_chosen(contents),
        passed=tuple(dict.fromkeys(of_replies)),
    )


def _part_rules(described: dict[str, Any]) -> Iterator[str]:
    """What the parts of a body may be, where the contract says it (OpenAPI 3.2 §4.15)."""
    encodings = {
        f"Part `{name}`": part for name, part in as_object(described.get("encoding")).items()
    }
    prefix = as_array(described.get("prefixEncoding"))
    encodings |= {f"Item {index}": part for index, part in enumerate(prefix)}
    remainder = "Each other item" if prefix else "Each item"
    encodings[remainder] = described.get("itemEncoding")

    for subject, part in encodings.items():
        if content_type := as_object(part).get("contentType"):
            yield f"{subject} is sent as {content_type}."


def _first(candidates: Iterable[T], default: T) -> T:
    """The first that is not empty."""
    return next((each for each in candidates if each), default)
