"""What a method takes and gives: the same for client and handler."""

from __future__ import annotations

from dataclasses import dataclass

from bothends import ir
from bothends.build.schema import union
from bothends.emit import prose
from bothends.emit.source import Code
from bothends.emit.types import annotation, optional

_NOTHING = ir.Scalar(ir.Kind.NULL)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a method. `told` documents it."""

    name: ir.Identifier
    annotation: Code
    required: bool
    told: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Positional arguments, then keyword-only ones, and the type of the result."""

    positional: tuple[Argument, ...]
    keywords: tuple[Argument, ...]
    result: Code

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """All of them, in order."""
        return self.positional + self.keywords


def signature(operation: ir.Operation) -> Signature:
    """Path parameters and a required body by position, the rest by keyword, the required ones first."""
    path = [_parameter(p) for p in operation.parameters if p.location == "path"]
    rest = [_parameter(p) for p in operation.parameters if p.location != "path"]
    body = [_body(operation.body)] if isinstance(operation.body, ir.Body) else []
    positional = path + [argument for argument in body if argument.required]
    keywords = [argument for argument in body if not argument.required] + rest
    return Signature(
        tuple(positional),
        tuple(sorted(keywords, key=lambda argument: not argument.required)),
        annotation(result_type(operation)),
    )


def result_type(operation: ir.Operation) -> ir.Type:
    """What a call gives: the body of whichever success is documented; nothing where none has a body."""
    replies = successes(operation)
    return union.of(tuple(reply_type(reply) for reply in replies)) if replies else _NOTHING


def successes(operation: ir.Operation) -> list[ir.Reply]:
    """The replies that a call gives: those of statuses 2xx, which are what `default` stands for when there are no others."""
    stated = [reply for reply in operation.replies if reply.is_success]
    return stated or [reply for reply in operation.replies if reply.status == "default"]


def reply_type(reply: ir.Reply) -> ir.Type:
    """The type of a reply's body, whatever its media type."""
    if isinstance(reply.contents, ir.NoBody):
        return _NOTHING
    return union.of(tuple(content.type for content in reply.contents))


def types_of(operation: ir.Operation) -> list[ir.Type]:
    """Every type that the signature of an operation speaks of."""
    types = [parameter.type for parameter in operation.parameters]
    if isinstance(operation.body, ir.Body):
        types += [content.type for content in operation.body.contents]
    return [*types, result_type(operation)]


def _parameter(parameter: ir.Parameter) -> Argument:
    return Argument(
        name=parameter.name,
        annotation=annotation(parameter.type) if parameter.required else optional(parameter.type),
        required=parameter.required,
        told=prose.joined("Deprecated" if parameter.deprecated else "", parameter.description, *parameter.rules),
    )


def _body(body: ir.Body) -> Argument:
    of = union.of(tuple(content.type for content in body.contents))
    return Argument(
        name=body.name,
        annotation=annotation(of) if body.required else optional(of),
        required=body.required,
        told=prose.joined(body.description, *body.rules),
    )
