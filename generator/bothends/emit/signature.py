"""What a method takes and gives: the same for client and handler.

Worked example: `PUT /tides/{day}` with a required body `Tide`, an optional header `Trace` and a
required query parameter `note` is

    def put_tide(self, day: str, body: Tide, *, note: str, trace: str | None = None) -> Tide

Path parameters and a required body by position; the rest by keyword, required ones first. A value
that may be null and may be absent is `str | MissingType | None`, and MISSING is its default.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Final

from bothends import ir
from bothends.emit import prose
from bothends.emit.source import Code, literal
from bothends.emit.types import Side, annotation, optional, runtime_names
from bothends.openapi.type_algebra import join_types

_NONE: Final = Code("None")
_MISSING: Final = Code("MISSING")
_NULL_DOCS: Final = "None is null; omitted, it is absent"
_HANDLER_NULL_DOCS: Final = "None is null; MISSING is absent"
_NOTHING = ir.Scalar(ir.Kind.NULL)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a method, as a caller passes it; `handled` is the type that a handler gets.

    `docs` documents it for callers, `handler_docs` for handlers.
    """

    name: ir.Identifier
    annotation: Code
    handled: Code
    required: bool
    docs: str
    handler_docs: str
    default: Code = _NONE


@dataclass(frozen=True, slots=True)
class Signature:
    """Positional and keyword-only arguments, and the types of the result at each end."""

    positional: tuple[Argument, ...]
    keywords: tuple[Argument, ...]
    result: Code
    async_result: Code
    given: Code

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """All of them, in order."""
        return self.positional + self.keywords


def signature(operation: ir.Operation) -> Signature:
    """Path parameters and a required body by position, the rest by keyword, required ones first."""
    positional = [_parameter(p) for p in operation.parameters if p.location == "path"]
    keywords: list[Argument] = []

    if isinstance(operation.body, ir.Body):
        body = _body(operation.body)
        (positional if body.required else keywords).append(body)
        if operation.body.is_chosen:
            keywords.append(_choice(operation.body))

    keywords += [_parameter(p) for p in operation.parameters if p.location != "path"]
    keywords.sort(key=lambda argument: not argument.required)
    result = result_type(operation)

    return Signature(
        tuple(positional),
        tuple(keywords),
        annotation(result, Side.RECEIVED),
        annotation(result, Side.RECEIVED_ASYNC),
        annotation(result, Side.REPLIED),
    )


def argument_names(operation: ir.Operation) -> tuple[str, ...]:
    """The names of what a handler's method is called with, each by keyword."""
    return tuple(str(argument.name) for argument in signature(operation).arguments)


def paged_signature(operation: ir.Operation, pages: ir.Pages) -> Signature:
    """The signature of the method that iterates over all pages: without the page argument."""
    complete, item = signature(operation), annotation(pages.item)
    queries = [parameter for parameter in operation.parameters if parameter.location == "query"]
    turned = {query.name for query in queries if query.wire_name == pages.parameter}
    keywords = [argument for argument in complete.keywords if argument.name not in turned]
    return replace(
        complete,
        keywords=tuple(keywords),
        result=Code(f"Iterator[{item}]"),
        async_result=Code(f"AsyncIterator[{item}]"),
    )


def result_type(operation: ir.Operation) -> ir.Type:
    """The type of a call's value: the union of the documented successes' bodies."""
    types = tuple(map(reply_type, successes(operation)))
    return join_types(types) if types else _NOTHING


def successes(operation: ir.Operation) -> list[ir.Reply]:
    """The documented successes: the 2xx, or `default` where there are none."""
    declared = [reply for reply in operation.replies if reply.is_success]
    return declared or [reply for reply in operation.replies if reply.status == "default"]


def gives_bytes(operation: ir.Operation) -> bool:
    """Whether the answer of an operation can be bytes."""
    for reply in successes(operation):
        contents = () if isinstance(reply.contents, ir.NoBody) else reply.contents
        if any(content.kind is ir.MediaKind.BINARY for content in contents):
            return True
    return False


def reply_type(reply: ir.Reply) -> ir.Type:
    """The type of a reply's body, whatever its media type."""
    if isinstance(reply.contents, ir.NoBody):
        return _NOTHING
    return join_types(tuple(content.type for content in reply.contents))


def types_of(operation: ir.Operation, *, is_client: bool = False) -> list[ir.Type]:
    """Every type that the signature of an operation speaks of, at one end."""
    types = [parameter.type for parameter in operation.parameters]
    if isinstance(operation.body, ir.Body):
        types += [content.type for content in operation.body.contents]
        if is_client:
            types += operation.body.passed
    return [*types, result_type(operation)]


def runtime_of(operation: ir.Operation, passed: Side, *received: Side) -> set[str]:
    """What the signature of an operation needs of the runtime, at one end."""
    names = set[str]()
    may_miss = any(parameter.nullable for parameter in operation.parameters)
    if isinstance(operation.body, ir.Body):
        may_miss = may_miss or operation.body.nullable
        for content in operation.body.contents:
            names |= runtime_names(content.type, passed)

    # An argument that may be null and may be left out has a value for the second.
    if may_miss:
        names |= {"MISSING", "MissingType"}
    for side in received:
        names |= runtime_names(result_type(operation), side)
    return names


def offers_choice(operation: ir.Operation) -> bool:
    """Whether one of the arguments is a choice of listed media types."""
    body = operation.body
    if not isinstance(body, ir.Body) or not body.is_chosen:
        return False
    return not any(content.is_open for content in body.contents)


def _parameter(parameter: ir.Parameter) -> Argument:
    """A parameter's argument.

    An idempotency key is filled in if it is left out, so a handler may count on a required one.
    """
    required = parameter.required and not parameter.idempotency_key
    nullable = parameter.nullable
    docs = prose.joined(
        "Deprecated" if parameter.deprecated else "",
        parameter.description,
        *parameter.rules,
        default_docs(parameter),
        # Two arguments of the same words and documentation would differ by a number alone.
        f"Sent as `{parameter.wire_name}`" if _is_numbered(parameter) else "",
    )
    own = "Generated automatically if omitted" if parameter.idempotency_key else ""

    return Argument(
        name=parameter.name,
        annotation=_annotation(parameter.type, Side.STORED, required=required, nullable=nullable),
        handled=_annotation(
            parameter.type, Side.STORED, required=parameter.required, nullable=nullable
        ),
        required=required,
        docs=prose.joined(docs, own, _NULL_DOCS if nullable else ""),
        handler_docs=prose.joined(docs, _HANDLER_NULL_DOCS if nullable else ""),
        default=_MISSING if nullable else _NONE,
    )


def _is_numbered(parameter: ir.Parameter) -> bool:
    number = parameter.name.rpartition("_")[2]
    return number.isdecimal() and not parameter.wire_name.endswith(number)


def _body(body: ir.Body) -> Argument:
    type_ = join_types(tuple(content.type for content in body.contents))
    passed = join_types((type_, *body.passed))
    return Argument(
        name=body.name,
        annotation=_annotation(passed, Side.PASSED, required=body.required, nullable=body.nullable),
        handled=_annotation(type_, Side.STORED, required=body.required, nullable=body.nullable),
        required=body.required,
        docs=prose.joined(body.description, *body.rules, _NULL_DOCS if body.nullable else ""),
        handler_docs=prose.joined(
            body.description, *body.rules, _HANDLER_NULL_DOCS if body.nullable else ""
        ),
        default=_MISSING if body.nullable else _NONE,
    )


def _annotation(type_: ir.Type, side: Side, *, required: bool, nullable: bool) -> Code:
    text = annotation(type_, side)
    if nullable and text != "Any":
        # None is written last, as everywhere.
        if text.endswith(" | None"):
            return Code(f"{text.removesuffix(' | None')} | MissingType | None")
        return Code(f"{text} | MissingType")
    return text if required else optional(type_, side)


def default_docs(parameter: ir.Parameter) -> str:
    """A default is documented, never filled in: the server applies it."""
    if not parameter.has_default:
        return ""
    return f"Default: {parameter.default!a} (applied by the server)"


_USUAL: Final = {
    ir.MediaKind.JSON: "application/json",
    ir.MediaKind.TEXT: "text/plain",
    ir.MediaKind.BINARY: "application/octet-stream",
}
"""What is sent in a range of media types that has it, if a caller does not say otherwise."""


def _choice(body: ir.Body) -> Argument:
    """The argument for the media type of a body; its default is the contract's first."""
    first, *_ = body.contents
    usual = _USUAL.get(first.kind, "") if first.is_open else first.wire_name
    is_default = fnmatchcase(usual, first.wire_name)
    names = [content.wire_name for content in body.contents]
    is_open = any(content.is_open for content in body.contents)
    type_ = Code("str" if is_open else f"Literal[{', '.join(map(literal, names))}]")
    maybe = Code(f"{type_} | None")
    docs = f"The media type of the body: {', '.join(names)}."

    return Argument(
        name=body.choice,
        annotation=type_ if is_default or body.required else maybe,
        handled=type_ if body.required else maybe,
        required=body.required and not is_default,
        docs=docs,
        handler_docs=docs,
        default=literal(usual) if is_default else Code("None"),
    )
