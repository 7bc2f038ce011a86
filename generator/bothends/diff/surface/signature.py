"""What a method of a package takes, returns and raises, as far as callers see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bothends import ir

NOTHING: Final = "nothing"
"""Stands for a type where there is no body."""


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a method: of a parameter, the body, or its media type."""

    required: bool
    type: Any
    pointer: str
    by_position: bool = False


def signature_of(operation: ir.Operation) -> dict[str, Argument]:
    """The arguments by name, those that are passed by position first and in order."""
    signature = {
        str(parameter.name): Argument(
            # An idempotency key is filled in where it is left out.
            parameter.required and not parameter.idempotency_key,
            parameter.type,
            parameter.pointer,
            by_position=parameter.location == "path",
        )
        for parameter in sorted(operation.parameters, key=lambda each: each.location != "path")
    }
    body = operation.body
    if isinstance(body, ir.Body):
        types = tuple(content.type for content in body.contents)
        signature[str(body.name)] = Argument(body.required, types, body.pointer, body.required)
        if body.is_chosen:
            text = ir.Scalar(ir.Kind.STRING)
            signature[str(body.choice)] = Argument(False, text, body.pointer)

    return signature


def iterators_of(api: ir.Api) -> dict[str, ir.Pages]:
    """The methods over all pages by name, and how each turns them."""
    pages = [operation.pages for operation in api.every_operation]
    return {str(each.name): each for each in pages if isinstance(each, ir.Pages)}


def results_of(operation: ir.Operation) -> list[Any]:
    """The bodies that a method returns: those of the successes, or of `default` without any."""
    declared = [reply for reply in operation.replies if reply.is_success]
    unnamed = [reply for reply in operation.replies if reply.status == "default"]
    return [_body(reply) for reply in declared or unnamed] or [NOTHING]


def errors_of(operation: ir.Operation) -> Mapping[str, tuple[str, Any]]:
    """The errors by the name of the class: the pointer of the reply, and the type of its body."""
    return {
        str(reply.name): (reply.pointer, _body(reply))
        for reply in operation.replies
        if not reply.is_success
    }


def _body(reply: ir.Reply) -> Any:
    if isinstance(reply.contents, ir.NoBody):
        return NOTHING
    return [content.type for content in reply.contents]
