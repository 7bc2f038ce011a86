"""A page of a contract for a browser without a network: operations, examples and schemas.

Of a small contract all is in the page. Of a large one (1,000 operations are 23 MB of HTML, which a
browser needs minutes for) the page has the headings, and `page.js` asks for a part when it comes
into view.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import starmap
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from bothends.diagnostics import visible
from bothends.runtime.json.value import is_array
from bothends.runtime.operation import Operation

from .page_form import BodyForm, FieldView, body_form, field_view
from .schema_table import Piece, RowView, anchor, schema_rows, schema_rules, schema_type
from .value_view import (
    ReplyView,
    ValueView,
    body_views,
    parameter_views,
    pieces,
    reply_view,
    sample_text,
    schema_of,
    text_of,
)

_MOST_INLINE: Final = 400_000
"""A contract of so many characters of JSON is a page of a few megabytes."""

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    security: str
    call: str
    curl: str
    fields: tuple[FieldView, ...]
    forms: tuple[BodyForm, ...]
    parameters: tuple[ValueView, ...]
    body: tuple[ValueView, ...]
    replies: tuple[ReplyView, ...]


@dataclass(frozen=True, slots=True)
class SchemaView:
    """A named schema."""

    name: str
    description: str
    type: tuple[Piece, ...]
    rules: str
    rows: tuple[RowView, ...]
    schema: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class HeadingView:
    """What the page says of an operation or a schema at once; the rest is its `html`, or a `part`.

    `words` is what a search finds it by.
    """

    anchor: str
    title: str
    method: str
    summary: str
    words: str
    part: str
    html: str


@dataclass(frozen=True, slots=True)
class PageView:
    """The whole page."""

    title: str
    version: str
    description: str
    answered_by: str
    credentials_header: str
    operations: tuple[HeadingView, ...]
    schemas: tuple[HeadingView, ...]


class ContractPage:
    """The page of a normalised contract as HTML, and the parts that it loads later."""

    def __init__(
        self,
        document: dict[str, Any],
        answered_by: str,
        operations: Iterable[Operation[Any]] = (),
    ) -> None:
        """Take what is shown.

        Args:
            document: The contract.
            answered_by: What answers requests, in words.
            operations: The records of the package, for the Python calls.
        """
        self._document, self._answered_by = document, answered_by
        self._calls = {(entry.method, entry.path): _call(entry) for entry in operations}
        self._operations = tuple(_operations(document))
        self._schemas = tuple(document.get("components", {}).get("schemas", {}).items())
        # autoescape: a description of the contract is not HTML (law 6).
        self._environment = Environment(
            loader=PackageLoader("bothends.serve", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_printable,
        )

    def render(self, most_inline: int = _MOST_INLINE) -> str:
        """The page; with all its parts, if the contract is not longer than `most_inline`."""
        is_whole = len(json.dumps(self._document)) <= most_inline
        info: dict[str, Any] = self._document.get("info", {})
        operations = [
            self._operation_heading(number, *entry, is_whole=is_whole)
            for number, entry in enumerate(self._operations)
        ]
        schemas: list[HeadingView] = []
        for number, (name, _) in enumerate(self._schemas):
            part = f"schema-{number}"
            html = (self.part(part) or "") if is_whole else ""
            schemas.append(HeadingView(anchor(name), name, "", "", name.lower(), part, html))

        page = PageView(
            title=str(info.get("title", "")),
            version=str(info.get("version", "")),
            description=text_of(info, "description") or text_of(info, "summary"),
            answered_by=self._answered_by,
            credentials_header=_credentials_header(self._document),
            operations=tuple(operations),
            schemas=tuple(schemas),
        )
        return self._environment.get_template("page.html.jinja").render(page=page)

    def part(self, name: str) -> str | None:
        """The HTML of `operation-3` or `schema-5`; None if there is no such part."""
        kind, _, number = name.rpartition("-")
        entries = {"operation": self._operations, "schema": self._schemas}.get(kind, ())
        if not number.isdecimal() or not number.isascii() or int(number) >= len(entries):
            return None

        template = self._environment.get_template(f"{kind}.html.jinja")
        if kind == "schema":
            return template.render(schema=_schema(*self._schemas[int(number)]))
        return template.render(operation=self._operation(*self._operations[int(number)]))

    def _operation_heading(
        self, number: int, path: str, method: str, operation: dict[str, Any], *, is_whole: bool
    ) -> HeadingView:
        part = f"operation-{number}"
        name, summary = _operation_name(path, method, operation), text_of(operation, "summary")
        tags = operation.get("tags")
        words = [method, path, name, summary, *(map(str, tags) if is_array(tags) else ())]
        return HeadingView(
            anchor=f"operation-{method}-{path}",
            title=path,
            method=method.upper(),
            summary=summary,
            words=" ".join(words).lower(),
            part=part,
            html=(self.part(part) or "") if is_whole else "",
        )

    def _operation(self, path: str, method: str, operation: dict[str, Any]) -> OperationView:
        security = operation.get("security", self._document.get("security", []))
        alternatives = [" and ".join(names) or "nothing" for names in security]
        request_body = operation.get("requestBody", {})
        parameters = operation.get("parameters", ())
        body, schemas = tuple(body_views(request_body)), dict(self._schemas)
        sent: list[str] = []
        if body:
            # Any other option takes an example that begins with `@` for the name of a file.
            sent = ["-H", f"Content-Type: {body[0].name}", "--data-raw", body[0].sample]

        fields = [
            field_view(parameter, sample_text(parameter, schema_of(parameter)))
            for parameter in parameters
            if parameter.get("in") in ("path", "query", "header")
        ]
        forms = [
            body_form(name, media, sample_text(media, media.get("schema", {})), schemas)
            for name, media in request_body.get("content", {}).items()
        ]
        return OperationView(
            id=_operation_name(path, method, operation),
            method=method.upper(),
            path=path,
            summary=text_of(operation, "summary"),
            description=text_of(operation, "description"),
            security=", or ".join(alternatives) or "nothing",
            call=self._calls.get((method.upper(), path), ""),
            curl=shlex.join(["curl", "-i", "-g", "-X", method.upper(), path, *sent]),
            fields=tuple(fields),
            forms=tuple(forms),
            parameters=tuple(parameter_views(parameters)),
            body=body,
            replies=tuple(starmap(reply_view, operation.get("responses", {}).items())),
        )


def _printable(value: Any) -> Any:
    """A text as it can be copied into a terminal, which obeys control characters."""
    return visible(value, keep="\n\t\u200d") if type(value) is str else value


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The operations that are served here, each with its path and method."""
    sent_by_vendor = document.get("x-sent-by-vendor", ())
    for path, item in document.get("paths", {}).items():
        if path in sent_by_vendor:  # webhooks are served by the receiver, not here
            continue

        # In the order of the Path Item Object (OpenAPI 3.1 §4.8.9), whichever order the contract
        # has.
        for method in (method for method in _METHODS if method in item):
            yield path, method, item[method]


def _operation_name(path: str, method: str, operation: dict[str, Any]) -> str:
    return operation.get("operationId") or f"{method.upper()} {path}"


def _schema(name: str, schema: Any) -> SchemaView:
    return SchemaView(
        name,
        text_of(schema, "description"),
        schema_type(schema),
        schema_rules(schema),
        schema_rows(schema),
        pieces(schema),
    )


def _credentials_header(document: dict[str, Any]) -> str:
    """The header that credentials go into, or "" where none are asked for."""
    schemes: dict[str, Any] = document.get("components", {}).get("securitySchemes", {})
    for scheme in schemes.values():
        if scheme.get("type") == "apiKey":
            return str(scheme.get("name", "")) if scheme.get("in") == "header" else ""
    return "Authorization" if schemes else ""


def _call(operation: Operation[Any]) -> str:
    """The Python call: `client.get_tide(tide_id, since=since)`, with what it must pass."""
    needed = [each for each in operation.parameters if each.required]
    arguments = [each.name for each in needed if each.location == "path"]
    body = operation.body
    if body is not None and body.required:
        arguments.append(body.name)
    others = [each.name for each in needed if each.location != "path"]
    return f"client.{operation.name}({', '.join([*arguments, *(f'{n}={n}' for n in others)])})"
