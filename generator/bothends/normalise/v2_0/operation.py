"""Operations (2.0 §5.2.10): bodies and forms are parameters, media types are listed beside them.

A response that several operations share has the media types of each operation, so it becomes one
component for each list of media types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from bothends.diagnostics import Finding, Severity
from bothends.load import Document
from bothends.normalise.v2_0.body import body_content, form_content
from bothends.normalise.v2_0.moves import Moves
from bothends.normalise.v2_0.parameter import FORMATS, format_of, header, plain_parameter
from bothends.normalise.v2_0.schema import Schemas
from bothends.normalise.v2_0.servers import servers_of
from bothends.openapi.grammar import METHODS
from bothends.openapi.json_value import as_array, as_object, is_array, is_object
from bothends.openapi.pointer import below
from bothends.openapi.reference import follow, reference_of, target_of

_MOVED: Final = ("consumes", "produces", "schemes", "parameters", "responses")
_JSON: Final = ["application/json"]
_OCTETS: Final = ["application/octet-stream"]
_TEXTUAL: Final = re.compile(r"(application|text)/(.*\+)?(json|xml)\b.*")


class Placed(NamedTuple):
    """A parameter, the place where it is listed, and the place where it is written."""

    value: Any
    listed: str
    written: str


class Operations:
    """Converts path items, operations, parameters and responses."""

    def __init__(self, document: Document, moves: Moves, schemas: Schemas) -> None:
        self.document, self.moves, self.schemas = document, moves, schemas
        self.root = document.data
        self._responses: dict[str, tuple[str, tuple[str, ...] | None]] = {}
        self._beside: list[str] = []
        self._misspelt: dict[str, tuple[str, str]] = {}

    def path_item(self, item: Any, pointer: str) -> Any:
        """Write a path item; its body and its form fields are those of each operation."""
        if not is_object(item):
            return item
        result = dict(item)
        if reference_of(item) is not None:
            self.schemas.note_reference(result)

        shared = self._listed(item, pointer)
        result.pop("parameters", None)
        if plain := [parameter for parameter in shared if self.is_plain(parameter.value)]:
            result["parameters"] = self._parameters(plain, below(pointer, "parameters"))

        others = [parameter for parameter in shared if not self.is_plain(parameter.value)]
        for method in METHODS:
            if is_object(item.get(method)):
                operation_pointer = below(pointer, method)
                result[method] = self._operation(item[method], operation_pointer, others)
        return result

    def _operation(
        self, operation: dict[str, Any], pointer: str, shared: list[Placed]
    ) -> dict[str, Any]:
        result = {key: value for key, value in operation.items() if key not in _MOVED}
        own = self._listed(operation, pointer)
        if plain := [parameter for parameter in own if self.is_plain(parameter.value)]:
            result["parameters"] = self._parameters(plain, below(pointer, "parameters"))

        replaced = {_key(parameter.value) for parameter in own}
        carried = [parameter for parameter in own if not self.is_plain(parameter.value)]
        carried += [parameter for parameter in shared if _key(parameter.value) not in replaced]
        if body := self._body(carried, operation, below(pointer, "requestBody")):
            result["requestBody"] = body

        if "responses" in operation:
            result["responses"] = self._all_responses(operation, below(pointer, "responses"))
        if "schemes" in operation and self.root.get("host"):
            self.moves.add(below(pointer, "servers"), below(pointer, "schemes"))
            result["servers"] = servers_of(self.root, operation["schemes"])
        return result

    def is_plain(self, parameter: Any) -> bool:
        """Whether a parameter is one in 3.0 as well."""
        return as_object(parameter).get("in") not in ("body", "formData")

    def parameter(self, parameter: Any, written: str, pointer: str) -> Any:
        """Write one parameter in a path, query or header."""
        self.moves.add(pointer, written)
        if not is_object(parameter):
            return parameter
        if reference_of(parameter) is not None:
            result = dict(parameter)
            self.schemas.note_reference(result)
            return result

        self._note_format(parameter, written)
        if "schema" in parameter:
            converted = self.schemas.convert(
                parameter["schema"], below(written, "schema"), below(pointer, "schema")
            )
            return {**parameter, "schema": converted}
        self.moves.add(below(pointer, "schema"), written)
        return plain_parameter(parameter)

    def _parameters(self, listed: list[Placed], pointer: str) -> list[Any]:
        found: list[Any] = []
        for index, (value, parameter_pointer, written) in enumerate(listed):
            target = below(pointer, index)
            if parameter_pointer != written:  # it is a component, and stays a reference
                self.moves.add(target, parameter_pointer)
                found.append(reference := dict(self.document.value_at(parameter_pointer)))
                self.schemas.note_reference(reference)
            else:
                found.append(self.parameter(value, written, target))
        return found

    def _listed(self, holder: dict[str, Any], pointer: str) -> list[Placed]:
        """The parameters of an operation or path item, with references followed."""
        found: list[Placed] = []
        for index, value in enumerate(as_array(holder.get("parameters"))):
            item_pointer = below(pointer, "parameters", index)
            resolved, written = follow(self.document.value_at, value, item_pointer)
            if reference_of(resolved) is not None:
                resolved, written = value, item_pointer
            found.append(Placed(resolved, item_pointer, written))
        return found

    def _body(
        self, carried: list[Placed], operation: dict[str, Any], pointer: str
    ) -> dict[str, Any] | None:
        consumes = _media_types(operation, self.root, "consumes")
        bodies = [parameter for parameter in carried if parameter.value.get("in") == "body"]
        if bodies:
            body = bodies[0]
            self._beside += [other.listed for other in carried if other is not body]
            self.moves.add(pointer, body.written)
            moved = ("in", "name", "schema")
            result = {key: value for key, value in body.value.items() if key not in moved}
            result["content"] = body_content(
                body.value,
                body.written,
                consumes or _JSON,
                below(pointer, "content"),
                self.schemas,
            )
            return result

        if not carried:
            return None
        self.moves.add(pointer, carried[0].written)
        for parameter in carried:
            self._note_format(parameter.value, parameter.written)
        fields = [(parameter.value, parameter.written) for parameter in carried]
        content = form_content(fields, consumes or [], below(pointer, "content"), self.moves)
        is_required = any(parameter.value.get("required") is True for parameter in carried)
        return {"required": True, "content": content} if is_required else {"content": content}

    def _all_responses(self, operation: dict[str, Any], pointer: str) -> Any:
        responses = operation["responses"]
        if not is_object(responses):
            return responses

        produces = _media_types(operation, self.root, "produces")
        found: dict[str, Any] = {}
        for status, response in responses.items():
            target = target_of(response) or ""
            if status.startswith("x-") or not is_object(response):
                found[status] = response
            elif target.startswith("/responses/"):
                found[status] = {"$ref": f"#{self._shared(target, produces)}"}
            else:
                response_pointer = below(pointer, status)
                found[status] = self.response(
                    response, produces, response_pointer, response_pointer
                )
        return found

    def _shared(self, written: str, produces: list[str] | None) -> str:
        """The pointer of a component for a shared response with these media types."""
        key = self.moves.moved(written).removeprefix("/components/responses/")
        usual = _media_types({}, self.root, "produces")
        media_types = tuple(produces) if produces is not None else None
        if produces != usual and produces is not None:
            words = "-".join(re.sub(r"[^A-Za-z0-9]+", "_", name) for name in produces)
            key = f"{key}.{words or 'none'}"
        self._responses[key] = written, media_types
        return f"/components/responses/{key}"

    def add_responses(self, components: dict[str, Any]) -> None:
        """Add the shared responses that operations refer to."""
        responses: dict[str, Any] = {}
        for key, (written, produces) in self._responses.items():
            try:
                response, found = follow(
                    self.document.value_at, self.document.value_at(written), written
                )
            except KeyError:
                continue  # the reference leads nowhere, which is said of it in 3.0
            media_types = list(produces) if produces is not None else None
            pointer = below("/components/responses", key)
            responses[key] = self.response(response, media_types, found, pointer)
        if responses:
            components["responses"] = responses

    def response(
        self, response: Any, produces: list[str] | None, written: str, pointer: str
    ) -> Any:
        """Write a response with its media types."""
        self.moves.add(pointer, written)
        if not is_object(response):
            return response

        moved = ("schema", "examples")
        result = {key: value for key, value in response.items() if key not in moved}
        if is_object(response.get("headers")):
            result["headers"] = self._headers(
                response["headers"], below(written, "headers"), below(pointer, "headers")
            )
        if "schema" in response or is_object(response.get("examples")):
            result["content"] = self._content(
                response, produces, written, below(pointer, "content")
            )
        return result

    def _headers(self, headers: dict[str, Any], written: str, pointer: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, described in headers.items():
            found[name] = described
            if is_object(described) and "schema" not in described:
                found[name] = header(described)
                self.moves.add(below(pointer, name, "schema"), below(written, name))
                self._note_format(described, below(written, name))
        return found

    def _content(
        self, response: dict[str, Any], produces: list[str] | None, written: str, pointer: str
    ) -> dict[str, Any]:
        examples = as_object(response.get("examples"))
        content: dict[str, Any] = {}
        for media_type in _produced(response, produces, list(examples)):
            media: dict[str, Any] = {}
            if "schema" in response:
                media["schema"] = self.schemas.convert(
                    response["schema"],
                    below(written, "schema"),
                    below(pointer, media_type, "schema"),
                )
            if media_type in examples:
                media["example"] = examples[media_type]
                self.moves.add(
                    below(pointer, media_type, "example"), below(written, "examples", media_type)
                )
            content[media_type] = media
        return content

    def _note_format(self, described: dict[str, Any], written: str) -> None:
        declared, read_format = described.get("collectionFormat"), format_of(described)
        if read_format and declared is not None and declared != read_format:
            self._misspelt[below(written, "collectionFormat")] = str(declared), read_format

    def findings(self, document: Document) -> Iterator[Finding]:
        """Say which parameters were left out, and which formats were read as another one."""
        for pointer in dict.fromkeys(self._beside):
            message = "A request has one body; this parameter beside it is left out."
            hint = "Keep either one `in: body`, or parameters `in: formData`."
            location = document.location_of(pointer)
            yield Finding("left-out-parameter", Severity.WARNING, message, location, hint)

        for pointer, (declared, read_format) in self._misspelt.items():
            message = f'The collectionFormat "{declared}" is read as "{read_format}".'
            hint = f"Possible: {', '.join(FORMATS)}; multi only in a query or form."
            location = document.location_of(pointer)
            yield Finding("repaired-collection-format", Severity.WARNING, message, location, hint)


def _key(parameter: Any) -> tuple[str, str]:
    described = as_object(parameter)
    return str(described.get("in")), str(described.get("name"))


def _media_types(operation: dict[str, Any], root: dict[str, Any], field: str) -> list[str] | None:
    """The media types of an operation, else of the contract; None where neither states any."""
    declared = operation.get(field, root.get(field))
    return [name for name in declared if isinstance(name, str)] if is_array(declared) else None


def _produced(
    response: dict[str, Any], produces: list[str] | None, examples: list[str]
) -> list[str]:
    """The media types of one response.

    A file is neither JSON nor XML: a global `produces: [application/json]` says how objects are
    written, and a download is not a text in quotes.
    """
    is_file = as_object(response.get("schema")).get("type") == "file"
    if is_file:
        return [name for name in produces or () if not _TEXTUAL.fullmatch(name)] or _OCTETS
    return produces or examples or _JSON
