"""Inlines references to everything but schemas: parameters, bodies, responses, headers, links.

Schemas keep their `$ref`: they may contain themselves, and their names are worth having.

Worked example: two operations have `parameters: [{$ref: '#/components/parameters/Limit'}]`. Each
gets a copy of the parameter in place of the reference; `origins` says for each copy that it comes
from `/components/parameters/Limit`, so that a finding shows the line that a person wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bothends.load import Document
from bothends.openapi.json_value import as_object, is_array, is_object
from bothends.openapi.pointer import below
from bothends.openapi.reference import target_of
from bothends.openapi.walk import methods_of

# Requirements name their security schemes, without `$ref` (OpenAPI 3.1 §4.8.30).
_KEPT = ("schemas", "securitySchemes")


def inline(document: Document) -> Document:
    """Resolve every local reference that is not to a schema (OpenAPI 3.1 §4.8.23)."""
    return _Inliner(document).run()


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a node stands in the result, and where the contract has it."""

    pointer: str
    source: str

    def below(self, *parts: str | int) -> _Spot:
        return _Spot(below(self.pointer, *parts), below(self.source, *parts))


class _Inliner:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.origins: dict[str, str] = {}

    def run(self) -> Document:
        data = dict(self.document.data)
        paths: dict[str, Any] = {}
        for path, item in as_object(data.get("paths")).items():
            if not path.startswith("x-"):
                pointer = below("/paths", path)
                paths[path] = self.path_item(item, _Spot(pointer, pointer))

        written = as_object(data.get("components"))
        components = {section: written[section] for section in _KEPT if section in written}
        components.setdefault("schemas", {})

        data["paths"], data["components"] = paths, components
        return self.document.with_data(data, self.origins)

    def resolve(self, node: Any, pointer: str) -> tuple[Any, str]:
        """Follow references until something else stands there, and say where that was found.

        A reference that leads nowhere stays: `check` has a finding for it, and `interpret` refuses
        the operation.
        """
        found, seen = pointer, set[str]()
        while (target := target_of(node)) and target not in seen:
            seen.add(target)
            # These two override what is referred to (OpenAPI 3.1 §4.8.23); others are ignored.
            siblings = {key: node[key] for key in ("summary", "description") if key in node}

            try:
                node = self.document.value_at(target)
            except KeyError:
                break

            found = target
            if siblings and is_object(node):
                node = {**node, **siblings}

        return node, found

    def fetch(self, node: Any, spot: _Spot) -> tuple[Any, _Spot]:
        """`resolve`, and remember that what now stands at the spot comes from elsewhere."""
        node, source = self.resolve(node, spot.source)
        if source != spot.pointer:
            self.origins[spot.pointer] = source
        return node, _Spot(spot.pointer, source)

    def path_item(self, node: Any, spot: _Spot) -> Any:
        item, spot = self.fetch(node, spot)
        if not is_object(item):
            return item

        item = dict(item)
        self.parameters(item, spot)
        for method in methods_of(self.document.data):
            if is_object(item.get(method)):
                item[method] = self.operation(item[method], spot.below(method))

        return item

    def operation(self, node: Any, spot: _Spot) -> Any:
        operation = dict(node)
        self.parameters(operation, spot)

        if "requestBody" in operation:
            body, inner = operation["requestBody"], spot.below("requestBody")
            operation["requestBody"] = self.described(body, inner)

        if is_object(operation.get("responses")):
            responses: dict[str, Any] = {}
            for status, response in operation["responses"].items():
                # YAML reads an unquoted 200 as a number.
                if not str(status).startswith("x-"):
                    responses[str(status)] = self.response(
                        response, spot.below("responses", status)
                    )
            operation["responses"] = responses

        return operation

    def parameters(self, holder: dict[str, Any], spot: _Spot) -> None:
        """Resolve the parameters of a path item or an operation, where it has some."""
        if is_array(nodes := holder.get("parameters")):
            inner = spot.below("parameters")
            holder["parameters"] = [
                self.described(node, inner.below(index)) for index, node in enumerate(nodes)
            ]

    def response(self, node: Any, spot: _Spot) -> Any:
        response = self.described(node, spot)
        spot = _Spot(spot.pointer, self.origins.get(spot.pointer, spot.source))

        if is_object(response):
            self.named(response, "headers", spot)
            self.named(response, "links", spot)

        return response

    def named(self, holder: dict[str, Any], section: str, spot: _Spot) -> None:
        """Resolve each of the headers or links that a node has by name, where it has some."""
        if is_object(nodes := holder.get(section)):
            inner = spot.below(section)
            holder[section] = {
                name: self.described(item, inner.below(name)) for name, item in nodes.items()
            }

    def described(self, node: Any, spot: _Spot) -> Any:
        """A parameter, header, body or response: its media types and examples are resolved too."""
        node, spot = self.fetch(node, spot)
        if not is_object(node):
            return node

        node = dict(node)
        self.examples(node, spot)
        if is_object(contents := node.get("content")):
            inner = spot.below("content")
            node["content"] = {
                name: self.media_type(item, inner.below(name)) for name, item in contents.items()
            }

        return node

    def media_type(self, node: Any, spot: _Spot) -> Any:
        node, spot = self.fetch(node, spot)
        if is_object(node):
            node = dict(node)
            node.setdefault("schema", True)  # without one, any value will do
            self.examples(node, spot)
            self.encodings(node, spot)
        return node

    def encodings(self, holder: dict[str, Any], spot: _Spot) -> None:
        """Resolve the headers of the parts of a media type, and of parts inside of them."""
        inner = spot.below("encoding")
        if is_object(by_name := holder.get("encoding")):
            holder["encoding"] = {
                name: self.encoding(item, inner.below(name)) for name, item in by_name.items()
            }

        inner = spot.below("prefixEncoding")
        if is_array(prefix := holder.get("prefixEncoding")):
            holder["prefixEncoding"] = [
                self.encoding(item, inner.below(index)) for index, item in enumerate(prefix)
            ]
        if "itemEncoding" in holder:
            inner = spot.below("itemEncoding")
            holder["itemEncoding"] = self.encoding(holder["itemEncoding"], inner)

    def encoding(self, node: Any, spot: _Spot) -> Any:
        """Resolve the headers of one Encoding Object, which cannot be a reference itself."""
        if is_object(node):
            node = dict(node)
            self.named(node, "headers", spot)
            self.encodings(node, spot)
        return node

    def examples(self, node: dict[str, Any], spot: _Spot) -> None:
        if is_object(examples := node.get("examples")):
            inner = spot.below("examples")
            node["examples"] = {
                name: self.fetch(item, inner.below(name))[0] for name, item in examples.items()
            }
