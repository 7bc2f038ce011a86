"""Gives each operation the parameters and servers of its path item."""

from __future__ import annotations

from typing import Any

from bothends.load import Document
from bothends.openapi.json_value import is_array, is_object
from bothends.openapi.pointer import below
from bothends.openapi.walk import methods_of


def merge(document: Document) -> Document:
    """Merge path items into their operations.

    An operation's own parameter wins (OpenAPI 3.1 §4.8.9, §4.8.10).
    """
    origins: dict[str, str] = {}
    paths: dict[str, Any] = {}
    methods = methods_of(document.data)
    for path, item in document.data["paths"].items():
        pointer = below("/paths", path)
        paths[path] = _merged(item, pointer, methods, origins) if is_object(item) else item
    return document.with_data({**document.data, "paths": paths}, origins)


def _merged(
    item: dict[str, Any], pointer: str, methods: tuple[str, ...], origins: dict[str, str]
) -> dict[str, Any]:
    result = {key: value for key, value in item.items() if key not in ("parameters", "servers")}
    shared = _listed(item)

    for method in methods:
        if not is_object(operation := item.get(method)):
            continue

        operation = dict(operation)
        operation_pointer = below(pointer, method)
        own = _listed(operation)

        own_keys = {_key(parameter) for parameter in own}
        inherited = [i for i, parameter in enumerate(shared) if _key(parameter) not in own_keys]
        if own or inherited:
            operation["parameters"] = [shared[i] for i in inherited] + own
            for index in range(len(operation["parameters"])):
                if index < len(inherited):
                    source = below(pointer, "parameters", inherited[index])
                else:
                    source = below(operation_pointer, "parameters", index - len(inherited))
                origins[below(operation_pointer, "parameters", index)] = source

        # The servers of an operation replace those of its path (OpenAPI 3.1 §4.8.10).
        if "servers" in item and "servers" not in operation:
            operation["servers"] = item["servers"]
            origins[below(operation_pointer, "servers")] = below(pointer, "servers")

        result[method] = operation

    return result


def _listed(node: dict[str, Any]) -> list[Any]:
    parameters = node.get("parameters")
    return parameters if is_array(parameters) else []


def _key(parameter: Any) -> tuple[Any, Any]:
    # Name and location together tell a parameter from the others (OpenAPI 3.1 §4.8.12).
    return (parameter.get("in"), parameter.get("name")) if is_object(parameter) else (None, None)
