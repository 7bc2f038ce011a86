"""Lowers named models and types to schemas that carry types only, keyed by their Python names."""

from __future__ import annotations

from typing import Any, Final

from bothends import ir
from bothends.emit import prose
from bothends.runtime.article import with_article

_SCALARS: Final[dict[ir.Kind, dict[str, str]]] = {
    ir.Kind.ANY: {},
    ir.Kind.BINARY: {"type": "string", "format": "binary"},
    ir.Kind.FILE: {"customTypePath": "bothends.runtime.File"},
    ir.Kind.BOOLEAN: {"type": "boolean"},
    ir.Kind.DATE: {"type": "string", "format": "date"},
    ir.Kind.DATE_TIME: {"type": "string", "format": "date-time"},
    ir.Kind.INTEGER: {"type": "integer"},
    ir.Kind.NULL: {"type": "null"},
    ir.Kind.NUMBER: {"type": "number"},
    ir.Kind.STRING: {"type": "string"},
    ir.Kind.UUID: {"type": "string", "format": "uuid"},
}


def lower(type_: ir.Type) -> dict[str, Any]:
    """The schema of a type."""
    match type_:
        case ir.Scalar(kind=kind):
            return dict(_SCALARS[kind])
        case ir.Constant(values=values):
            return {"enum": list(values)}
        case ir.Array(item=item) | ir.Stream(item=item):
            return {"type": "array", "items": lower(item)}
        case ir.Map(value=value):
            return {"type": "object", "additionalProperties": lower(value)}
        case ir.Union(members=members):
            return {"anyOf": [lower(member) for member in members]}
        case ir.Named(name=name):
            return {"$ref": f"#/components/schemas/{name}"}


def lower_model(model: ir.Model, in_replies: str = "") -> dict[str, Any]:
    """The schema of a class. A field that may be left out is required to be nothing.

    `in_replies` is what the same object is called in answers, where that is another class.
    """
    # OpenAPI 3.0 §4.7.24.2: a required readOnly property is required in replies only, so there are
    # two classes.
    quoted = f"`{in_replies}`"
    reply_note = (
        f"As requests have it; in answers it is {with_article(quoted)}" if in_replies else ""
    )
    rules = prose.joined(*model.rules, reply_note)
    required = [field.wire_name for field in model.properties if field.required]
    return {
        "type": "object",
        "description": printable(prose.paragraphs(model.description, rules, indent=4)),
        "properties": {field.wire_name: _field(field) for field in model.properties},
        "required": required,
    }


def lower_alias(alias: ir.Alias) -> dict[str, Any]:
    """The schema of a type alias."""
    return lower(alias.type)


def _field(field: ir.Property) -> dict[str, Any]:
    schema = lower(field.type)
    message = prose.paragraphs(
        field.description, prose.joined(*field.rules, _default(field)), indent=4
    )
    if message:
        schema = {
            **({"allOf": [schema]} if "$ref" in schema else schema),
            "description": printable(message),
        }
    return schema


def _default(field: ir.Property) -> str:
    """Document a default, never fill it in: absent on the wire stays absent.

    The receiving end applies the default.
    """
    return f"When absent, {field.default!a} is meant." if field.has_default else ""


def printable(text: str) -> str:
    """Text without characters that could end a line or hide in one."""
    return "".join(c if c == "\n" or c.isprintable() else f"\\u{ord(c):04x}" for c in text)
