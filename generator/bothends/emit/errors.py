"""`errors.py`: one exception class for each documented answer that is not a success."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jinja2 import Environment

from bothends import ir
from bothends.emit import prose
from bothends.emit.header import header
from bothends.emit.signature import reply_type
from bothends.emit.source import Code, literal
from bothends.emit.types import Imports, annotation, imports

STATUS_CLASSES: Final = {
    **dict.fromkeys((301, 302, 303, 307, 308), "RedirectError"),
    400: "BadRequestError",
    401: "UnauthorizedError",
    402: "PaymentRequiredError",
    403: "ForbiddenError",
    404: "NotFoundError",
    405: "MethodNotAllowedError",
    406: "NotAcceptableError",
    408: "RequestTimeoutError",
    409: "ConflictError",
    410: "GoneError",
    412: "PreconditionFailedError",
    413: "ContentTooLargeError",
    415: "UnsupportedMediaTypeError",
    422: "UnprocessableContentError",
    429: "TooManyRequestsError",
    500: "InternalServerError",
    501: "NotImplementedByServerError",
    502: "BadGatewayError",
    503: "ServiceUnavailableError",
    504: "GatewayTimeoutError",
}
"""The names in `runtime.status_errors`, which the generator must not import."""


@dataclass(frozen=True, slots=True)
class ErrorView:
    """One class.

    `status` is None where it stands for several; `base` is the common class of its status.
    """

    name: ir.Identifier
    body: Code
    docstring: str
    status: int | None
    base: Code


@dataclass(frozen=True, slots=True)
class ErrorsView:
    """What the template `errors.py.jinja` receives.

    `quoted` are the types of `imports` that only quoted annotations name.
    """

    header: str
    imports: Imports
    quoted: Imports
    has_status_classes: bool
    errors: tuple[ErrorView, ...]


def emit_errors(
    api: ir.Api, display_path: str, templates: Environment, template: str = "errors.py.jinja"
) -> str:
    """The text of `errors.py`; empty when nothing but success is documented."""
    replies: list[tuple[ir.Operation, ir.Reply]] = []
    for operation in api.every_operation:
        replies += [(operation, reply) for reply in operation.replies if not reply.is_success]

    # A module without a class would be an import that leads nowhere.
    if not replies:
        return ""

    errors = tuple(_error(operation, reply, api.layout) for operation, reply in replies)
    is_by_tags = api.layout == "tags"
    types = [reply_type(reply) for _, reply in replies]
    quoted = [type_ for type_ in types if is_by_tags and imports([type_]).models]
    plain = [type_ for type_ in types if type_ not in quoted]
    typing = {"TYPE_CHECKING"} if is_by_tags else set[str]()
    view = ErrorsView(
        header=header(
            api, display_path, "its documented errors, raised by the client and by handlers"
        ),
        imports=imports(plain, runtime={"DocumentedError"}, typing=typing),
        quoted=imports(quoted),
        has_status_classes=any(error.base for error in errors),
        errors=errors,
    )
    return templates.get_template(template).render(view=view)


def _error(operation: ir.Operation, reply: ir.Reply, layout: str) -> ErrorView:
    first = prose.joined(f"{reply.status}: {prose.one_paragraph(reply.description)}".rstrip(": "))
    type_ = reply_type(reply)
    body = annotation(type_)
    status = int(reply.status) if reply.status.isdecimal() else None
    return ErrorView(
        name=reply.name,
        # By tags, a model is not loaded for the sake of an error that refers to it.
        body=literal(str(body)) if layout == "tags" and imports([type_]).models else body,
        docstring=prose.paragraphs(
            first, f"An answer of `{operation.name}`. {prose.body_phrase(reply)}", indent=4
        ),
        status=status,
        base=Code(STATUS_CLASSES.get(status or 0, "")),
    )
