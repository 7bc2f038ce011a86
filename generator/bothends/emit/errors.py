"""`errors.py`: one exception class for each documented answer that is not a success."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment

from bothends import ir
from bothends.emit import prose
from bothends.emit.header import header
from bothends.emit.signature import reply_type
from bothends.emit.source import Code
from bothends.emit.types import Imports, annotation, imports


@dataclass(frozen=True, slots=True)
class ErrorView:
    """One class. `status` is None where it stands for several."""

    name: ir.Identifier
    body: Code
    told: str
    status: int | None


@dataclass(frozen=True, slots=True)
class ErrorsView:
    """What the template `errors.py.jinja` receives."""

    header: str
    imports: Imports
    errors: tuple[ErrorView, ...]


def emit_errors(api: ir.Api, shown: str, templates: Environment) -> str:
    """The text of `errors.py`; empty when nothing but success is documented."""
    replies = [
        (o, reply) for o in api.every_operation for reply in o.replies if not reply.is_success
    ]
    if not replies:
        return ""

    view = ErrorsView(
        header=header(api, shown, "its documented errors, raised by the client and by handlers"),
        imports=imports((reply_type(reply) for _, reply in replies), runtime={"DocumentedError"}),
        errors=tuple(_error(operation, reply) for operation, reply in replies),
    )
    return templates.get_template("errors.py.jinja").render(view=view)


def _error(operation: ir.Operation, reply: ir.Reply) -> ErrorView:
    first = prose.joined(f"{reply.status}: {prose.one_paragraph(reply.description)}".rstrip(": "))
    return ErrorView(
        name=reply.name,
        body=annotation(reply_type(reply)),
        told=prose.paragraphs(
            first, f"An answer of `{operation.name}`. {prose.body_phrase(reply)}", indent=4
        ),
        status=int(reply.status) if reply.status.isdecimal() else None,
    )
