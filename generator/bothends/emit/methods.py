"""The methods of an operation, as client and handler show them to a person.

For example, the docstring of `GET /tides`, with a query parameter `since` and a documented 404:

    summary       "List the tides."                     a sentence, then `GET /tides`
    parameters    "since: Default: 3 (applied by the server)."
    successes     "200: The tides. `TidePage`."
    errors        "ListTidesNotFound: 404. No such harbour. `.body` is `Problem`."
"""

from __future__ import annotations

from dataclasses import dataclass

from bothends import ir
from bothends.emit import prose
from bothends.emit.signature import Signature, gives_bytes, paged_signature, signature, successes


@dataclass(frozen=True, slots=True)
class MethodView:
    """One method: name, signature, documentation, and the record it passes on.

    `deprecation` is the warning of a deprecated one. `gives_bytes`: its answer can be bytes.
    """

    name: ir.Identifier
    constant: ir.Identifier
    signature: Signature
    docstring: str
    deprecation: str = ""
    gives_bytes: bool = False


def client_method(operation: ir.Operation) -> MethodView:
    """A method of the client: what to pass, what comes back, what can go wrong."""
    shape = signature(operation)
    docstring = "\n\n".join(
        filter(
            None,
            (
                *_opening(operation, _servers(operation)),
                prose.section(
                    "Args", ((a.name, a.docs) for a in shape.arguments if a.docs), indent=8
                ),
                prose.section("Returns", _successes(operation), indent=8),
                prose.section("Raises", _failures(operation), indent=8),
            ),
        )
    )
    # PEP 702: editors strike the call through, and the warning points at the caller's line.
    deprecation = f"the contract deprecates {operation.name}" if operation.deprecated else ""

    return MethodView(
        operation.name, operation.constant, shape, docstring, deprecation, gives_bytes(operation)
    )


def iterator_method(operation: ir.Operation, pages: ir.Pages) -> MethodView:
    """The client's method that iterates over the items of all pages."""
    shape = paged_signature(operation, pages)
    raises = [
        ("UnexpectedAnswer", "The same page comes again."),
        *_failures(operation),
    ]
    docstring = "\n\n".join(
        filter(
            None,
            (
                prose.wrap(
                    f"All items of `{operation.name}`, page by page, as they are needed.",
                    indent=8,
                ),
                f"{operation.method} {operation.path}",
                prose.section(
                    "Args", ((a.name, a.docs) for a in shape.arguments if a.docs), indent=8
                ),
                prose.section("Raises", raises, indent=8),
            ),
        )
    )
    deprecation = f"the contract deprecates {operation.name}" if operation.deprecated else ""

    return MethodView(pages.name, operation.constant, shape, docstring, deprecation)


def handler_method(operation: ir.Operation) -> MethodView:
    """A method of the handler: what arrives, what to answer."""
    docstring = "\n\n".join(
        filter(
            None,
            (
                *_opening(operation),
                prose.section("Args", _arguments(operation), indent=8),
                prose.section("Returns", _successes(operation), indent=8),
                prose.section("May raise", _failures(operation), indent=8),
            ),
        )
    )
    return MethodView(operation.name, operation.constant, signature(operation), docstring)


def _opening(operation: ir.Operation, sent: str = "") -> tuple[str, ...]:
    first = operation.summary or operation.description
    more = operation.description if operation.summary else ""
    return (
        prose.wrap(prose.sentence(prose.one_paragraph(first)), indent=8),
        f"{operation.method} {operation.path}",
        prose.wrap(sent, indent=8),
        "Deprecated by the contract." if operation.deprecated else "",
        prose.paragraphs(more, indent=8),
    )


def _servers(operation: ir.Operation) -> str:
    """Where an operation with servers of its own is sent to."""
    if len(operation.servers) == 1:
        return f"Sent to {operation.servers[0].url}, unless `base_url` is given."
    listed = "; ".join(f"`{server.name}` is {server.url}" for server in operation.servers)
    return f"Sent to a server of its own, unless `base_url` is given: {listed}." if listed else ""


def _arguments(operation: ir.Operation) -> list[tuple[str, str]]:
    """The arguments of a handler's method. An idempotency key has arrived, whoever made it."""
    found = [(argument.name, argument.handler_docs) for argument in signature(operation).arguments]
    return [(name, text) for name, text in found if text]


def _successes(operation: ir.Operation) -> list[tuple[str, str]]:
    return [(reply.status, _success(reply)) for reply in successes(operation)]


def _success(reply: ir.Reply) -> str:
    if isinstance(reply.contents, ir.NoBody):
        return prose.joined(reply.description, "No body", _headers(reply))
    types = prose.types_of(reply.contents)
    blank = f"A blank body means `{reply.empty_body!a}`" if reply.has_empty_body else ""
    return prose.joined(reply.description, types, *prose.notes(reply), blank, _headers(reply))


def _failures(operation: ir.Operation) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for reply in operation.replies:
        if not reply.is_success:
            sentences = (prose.body_phrase(reply), *prose.notes(reply), _headers(reply))
            text = prose.joined(f"{reply.status}. {reply.description}", *sentences)
            found.append((reply.name, text))
    return found


def _headers(reply: ir.Reply) -> str:
    """The required headers: a handler has to send them, and a caller can count on them."""
    names = [f"`{header.wire_name}`" for header in reply.headers if header.required]
    if not names:
        return ""
    noun = "header" if len(names) == 1 else "headers"
    return f"Always with the {noun} {' and '.join(names)}"
