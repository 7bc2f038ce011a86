"""Inlines references to everything but schemas: parameters, bodies, responses, headers, links.

Schemas keep their `$ref`: they may contain themselves, and their names are worth having.
"""

from __future__ import annotations

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


class _Inliner:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.origins: dict[str, str] = {}

    def run(self) -> Document:
        data = dict(self.document.data)
        paths = data.get("paths")
        data["paths"] = {
            path: self.path_item(item, below("/paths", path))
            for path, item in (as_object(paths).items())
            if not path.startswith("x-")
        }
        components = data.get("components")
        components = as_object(components)
        data["components"] = {
            section: components[section] for section in _KEPT if section in components
        }
        data["components"].setdefault("schemas", {})

        return self.document.with_data(data, self.origins)

    def resolve(self, node: Any, pointer: str) -> tuple[Any, str]:
        """Follow references until something else stands there.

        Give it with the place where it was found.

        A reference that leads nowhere stays: `check` tells of it, and `build` refuses the
        operation.
        """
        found, seen = pointer, set[str]()
        while (target := target_of(node)) and target not in seen:
            seen.add(target)
            # These two override what is referred to (OpenAPI 3.1 §4.8.23); others are ignored.
            siblings = {key: node[key] for key in ("summary", "description") if key in node}

            try:
                referred = self.document.value_at(target)
            except KeyError:
                break

            node = {**referred, **siblings} if siblings and is_object(referred) else referred
            found = target

        return node, found

    def fetch(self, node: Any, pointer: str, source: str) -> tuple[Any, str]:
        """`resolve`, and remember that what now stands at `pointer` comes from elsewhere."""
        node, found = self.resolve(node, source)
        if found != pointer:
            self.origins[pointer] = found
        return node, found

    def path_item(self, node: Any, pointer: str) -> Any:
        item, source = self.fetch(node, pointer, pointer)
        if not is_object(item):
            return item

        item = dict(item)
        if is_array(item.get("parameters")):
            item["parameters"] = self.parameters(
                item["parameters"], below(pointer, "parameters"), below(source, "parameters")
            )

        for method in methods_of(self.document.data):
            if is_object(item.get(method)):
                item[method] = self.operation(
                    item[method], below(pointer, method), below(source, method)
                )

        return item

    def operation(self, node: Any, pointer: str, source: str) -> Any:
        operation = dict(node)
        if is_array(operation.get("parameters")):
            operation["parameters"] = self.parameters(
                operation["parameters"], below(pointer, "parameters"), below(source, "parameters")
            )

        if "requestBody" in operation:
            operation["requestBody"] = self.described(
                operation["requestBody"],
                below(pointer, "requestBody"),
                below(source, "requestBody"),
            )

        if is_object(operation.get("responses")):
            operation["responses"] = {
                str(status): self.response(
                    response,
                    below(pointer, "responses", status),
                    below(source, "responses", status),
                )
                for status, response in operation["responses"].items()
                if not str(status).startswith("x-")
            }

        return operation

    def parameters(self, nodes: list[Any], pointer: str, source: str) -> list[Any]:
        return [
            self.described(node, below(pointer, i), below(source, i))
            for i, node in enumerate(nodes)
        ]

    def response(self, node: Any, pointer: str, source: str) -> Any:
        response = self.described(node, pointer, source)
        source = self.origins.get(pointer, source)

        if is_object(response):
            for section in ("headers", "links"):
                if is_object(response.get(section)):
                    response[section] = {
                        name: self.described(
                            item, below(pointer, section, name), below(source, section, name)
                        )
                        for name, item in response[section].items()
                    }

        return response

    def described(self, node: Any, pointer: str, source: str) -> Any:
        """A parameter, header, body or response: its media types and examples are resolved too."""
        node, source = self.fetch(node, pointer, source)
        if not is_object(node):
            return node

        node = dict(node)
        self.examples(node, pointer, source)

        if is_object(node.get("content")):
            node["content"] = {
                media_type: self.media_type(
                    item,
                    below(pointer, "content", media_type),
                    below(source, "content", media_type),
                )
                for media_type, item in node["content"].items()
            }

        return node

    def media_type(self, node: Any, pointer: str, source: str) -> Any:
        node, source = self.fetch(node, pointer, source)
        if is_object(node):
            node = dict(node)
            node.setdefault("schema", True)  # without one, any value will do
            self.examples(node, pointer, source)
        return node

    def examples(self, node: dict[str, Any], pointer: str, source: str) -> None:
        if is_object(examples := node.get("examples")):
            node["examples"] = {
                name: self.fetch(
                    item, below(pointer, "examples", name), below(source, "examples", name)
                )[0]
                for name, item in examples.items()
            }
