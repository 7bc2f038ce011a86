"""Parameters that a path and its operations do not agree on, and templates of RFC 6570 in paths.

    /tides/{harbour*}: {get: {parameters: [{name: port, in: path, …}]}}

is read as `/tides/{harbour}` with a required string `harbour`; `port`, which is not in the path, is
left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from bothends.normalise.repairs.edit import Edit
from bothends.openapi.contract import Contract, Operation
from bothends.openapi.grammar import METHODS
from bothends.openapi.json_value import as_array, as_object
from bothends.openapi.pointer import below, parent

_TEMPLATE = re.compile(r"\{([^{}]+)\}")
_QUERY = re.compile(r"\{[?&]([^{}]+)\}$")
_COLON = re.compile(r"/[:*]([A-Za-z_]\w*)(?=/|$)")
"""A parameter as Express, Rails and Grape write it; after `*` it may have slashes."""
_PATTERN = re.compile(r"\{([A-Za-z_][\w.-]*):((?:[^{}]|\{[^{}]*\})+)\}")
"""A parameter with a pattern, as Spring and aiohttp write it."""
_UNCLOSED = re.compile(r"\{([A-Za-z_][\w.-]*)(?=/|$)")
_BINDING = re.compile(r"\{([A-Za-z_][\w.-]*)=[^{}]*\}")
"""A parameter with the pattern of its value, as gRPC's HTTP rules write it."""
_OF_ROUTERS = re.compile("|".join(p.pattern for p in (_COLON, _PATTERN, _UNCLOSED, _BINDING)))

_EXPRESSION = re.compile(r"\{([.;+#/]?)([^{}?&]+?)(\*|:\d+)?\}")


def repair_paths(contract: Contract) -> Iterator[Edit]:
    """Find paths that lack a slash, have a query, or are templates of RFC 6570."""
    paths = as_object(contract.document.data.get("paths"))
    paths_so_far = set(paths)
    for path, item in paths.items():
        if path.startswith("x-") or path in METHODS:
            continue

        # `/tides?kind=low&day={day}` is `/tides` with a constant and a parameter in its query.
        plain, _, query = _QUERY.sub("", path).partition("?")
        constant = "&".join(pair for pair in query.split("&") if "{" not in pair)
        is_alike = plain in paths_so_far and not constant
        moved = None if is_alike else _moved_to_query(contract, path, query)
        if moved is not None:
            yield from moved
            query = constant
        elif "{" in query or "#" in plain:
            plain, query = path, ""

        if _OF_ROUTERS.search(plain):
            plain = _without_patterns(plain, _declared(contract, path, "path"))
        # OpenAPI's templates have neither operators nor modifiers.
        plain = _EXPRESSION.sub(_plain_expression, plain)
        plain = plain if plain.startswith("/") else f"/{plain}"
        if (query or not path) and plain in paths_so_far:
            # Paths may differ after a `#`, which no request has: their parameters tell them apart.
            plain = f"{plain}#{query}"
        if plain == path or plain in paths_so_far:
            continue

        paths_so_far.add(plain)
        message = f"{path} is read as {plain}."
        if not path:
            message = "The empty path is read as /."
            shared = {*METHODS} & as_object(item).keys() & as_object(paths.get("/")).keys()
            if shared:
                words = " and ".join(sorted(shared)).upper()
                message += f" Nothing in a request tells {words} of both apart: the first answers."
        if query:
            plainest, _, fragment = plain.partition("#")
            message = f"{path} is read as {plainest} with the query parameters {query}."
            if fragment:
                message += f" They tell it from the other operations at {plainest}."
            yield from _constant_parameters(below("/paths", path), as_object(item), query)
        yield Edit("path", below("/paths", path), message, new_key=plain)


def _without_patterns(path: str, declared: set[str]) -> str:
    """Read what routers write in a path as a parameter, where it is declared."""
    for pattern, before in ((_BINDING, ""), (_PATTERN, ""), (_COLON, "/"), (_UNCLOSED, "")):
        for match in reversed(list(pattern.finditer(path))):
            is_binding = pattern is _BINDING and "*" in match[0]
            if match[1] in declared or is_binding:
                path = f"{path[: match.start()]}{before}{{{match[1]}}}{path[match.end() :]}"
    return path


def _declared(contract: Contract, path: str, location: str) -> set[str]:
    """The names of the parameters in a location that each operation of a path has."""
    names: list[set[str]] = []
    for operation in contract.operations:
        if operation.path == path:
            listed = [each for each, _ in _listed(contract, operation)]
            names.append({str(each.get("name")) for each in listed if each.get("in") == location})

    return names[0].intersection(*names) if names else set()


def _moved_to_query(contract: Contract, path: str, query: str) -> list[Edit] | None:
    """The parameters of `/tides?limit={limit}` as those of the query, however they are declared.

    None where there are none, or the query has a template that is no whole value.
    """
    pairs = parse_qsl(query, keep_blank_values=True)
    names = [name for name, value in pairs if value == f"{{{name}}}"]
    if not names or any("{" in name + value for name, value in pairs if name not in names):
        return None

    edits: list[Edit] = []
    moved = set[str]()
    for operation in contract.operations:
        if operation.path != path:
            continue
        missing = dict.fromkeys(names)
        for parameter, listed in _listed(contract, operation):
            name = str(parameter.get("name"))
            if name not in names or parameter.get("in") not in ("path", "query"):
                continue
            missing.pop(name, None)
            if parameter["in"] == "path" and listed not in moved:
                moved.add(listed)
                message = f'Path parameter "{name}" is in the query of the path, and read as such.'
                edits.append(Edit("path-parameter", listed, message, {**parameter, "in": "query"}))

        each = {"in": "query", "schema": {"type": "string"}}
        parameters = [{"name": name, **each} for name in missing]
        message = "of the path's query is not declared; it is read as optional text."
        edits += _additions(operation, parameters, message)
    return edits


def _constant_parameters(pointer: str, item: dict[str, Any], query: str) -> Iterator[Edit]:
    """The query of a path as parameters that have one value."""
    constant = [
        {
            "name": name,
            "in": "query",
            "required": True,
            "schema": {"type": "string", "enum": [value]},
        }
        for name, value in parse_qsl(query, keep_blank_values=True)
    ]
    parameters = below(pointer, "parameters")
    if constant and "parameters" not in item:
        yield Edit("path", parameters, "", constant, source=pointer)
    elif constant:
        declared = as_array(item["parameters"])
        yield Edit("path", parameters, "", [*declared, *constant])


def _plain_expression(match: re.Match[str]) -> str:
    prefix = "/" if match[1] == "/" else ""
    names = [name.strip().removesuffix("*") for name in match[2].split(",")]
    return prefix + ",".join(f"{{{name}}}" for name in names)


def repair_parameters(contract: Contract) -> Iterator[Edit]:
    """Find parameters of paths that only one side knows, and parameters that occur twice."""
    seen = set[str]()
    for operation in contract.operations:
        for edit in (*_unmatched(contract, operation), *_repeated(contract, operation)):
            if edit.pointer not in seen:
                seen.add(edit.pointer)
                yield edit

    yield from _of_receivers(contract)


def _of_receivers(contract: Contract) -> Iterator[Edit]:
    """Path parameters of webhooks and callbacks, whose URL is the receiver's own."""
    for node in contract.nodes("operation", "path item"):
        if not node.pointer.startswith("/webhooks/") and "/callbacks/" not in node.pointer:
            continue
        for index, item in enumerate(as_array(node.value.get("parameters"))):
            listed = below(node.pointer, "parameters", index)
            parameter, _ = contract.resolve(item, listed)
            if as_object(parameter).get("in") == "path":
                message = "The receiver's URL has no path parameters that are known; it is ignored."
                yield Edit("path-parameter", listed, message)


def _unmatched(contract: Contract, operation: Operation) -> Iterator[Edit]:
    in_path = dict.fromkeys(_TEMPLATE.findall(operation.path))
    declared = {
        str(parameter.get("name")): listed
        for parameter, listed in _listed(contract, operation)
        if parameter.get("in") == "path"
    }
    # In the order of the path, as arguments are.
    undeclared = [name for name in in_path if name not in declared]
    unused = sorted(declared.keys() - in_path.keys())

    # The path has `{petId}` and the declaration `pet_id`: one parameter, written twice.
    renamed = {old: new for old in unused for new in undeclared if _alike(old, new)}
    for name in unused:
        if name in renamed:
            yield from _renamed(contract, declared[name], name, renamed[name])
        else:
            message = f'Path parameter "{name}" is not in the path {operation.path}; it is ignored.'
            yield Edit("path-parameter", declared[name], message)

    each = {"in": "path", "required": True, "schema": {"type": "string"}}
    added = [{"name": name, **each} for name in undeclared if name not in renamed.values()]
    message = (
        f"of the path is not declared for {operation.method.upper()}; it is read as required text."
    )
    yield from _additions(operation, added, message)


def _additions(
    operation: Operation, parameters: list[dict[str, Any]], message: str
) -> Iterator[Edit]:
    """Add parameters to an operation; `message` goes on behind the name of each."""
    own = as_array(operation.value.get("parameters"))
    for index, parameter in enumerate(parameters):
        target, value = below(operation.pointer, "parameters"), [*parameters]
        text = f'"{{{parameter["name"]}}}" {message}'
        hint = f"Add it to parameters, with `in: {parameter['in']}`."
        if "parameters" in operation.value:
            yield _addition(below(target, len(own) + index), text, parameter, operation, hint)
        elif index == 0:
            yield _addition(target, text, value, operation, hint)


def _addition(target: str, message: str, value: Any, operation: Operation, hint: str) -> Edit:
    return Edit(
        "path-parameter",
        target,
        message,
        value,
        source=operation.pointer,
        hint=hint,
        at_key=True,
    )


def _alike(old: str, new: str) -> bool:
    """Whether two names differ only in the way that they are written: `petId` and `pet_id`."""
    return re.sub(r"[\W_]", "", old).lower() == re.sub(r"[\W_]", "", new).lower()


def _renamed(contract: Contract, listed: str, old: str, new: str) -> Iterator[Edit]:
    parameter, pointer = contract.resolve(contract.document.value_at(listed), listed)
    message = f'Path parameter "{old}" is read as "{new}", as the path has it.'
    yield Edit(
        "path-parameter",
        listed,
        message,
        {**parameter, "name": new},
        source=pointer,
    )


def _listed(contract: Contract, operation: Operation) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the parameters of an operation, each with its pointer in the list that has it."""
    for holder, pointer in (
        (operation.value, operation.pointer),
        (operation.item, operation.item_pointer),
    ):
        for index, item in enumerate(as_array(holder.get("parameters"))):
            listed = below(pointer, "parameters", index)
            parameter, _ = contract.resolve(item, listed)
            if parameter:
                yield parameter, listed


def _repeated(contract: Contract, operation: Operation) -> Iterator[Edit]:
    """What equals an earlier parameter of the same list.

    One of the path item may be replaced (OpenAPI 3.1 §4.8.10).
    """
    first: dict[tuple[str, str, str], dict[str, Any]] = {}
    for parameter, listed in _listed(contract, operation):
        name, location = str(parameter.get("name")), str(parameter.get("in"))
        key = (parent(listed), location, name.lower() if location == "header" else name)
        if key in first:
            more = "" if parameter == first[key] else " The two are not the same."
            message = (
                f"{operation.method.upper()} has another {location} parameter {name}; "
                f"this one is ignored.{more}"
            )
            yield Edit("parameter-repeated", listed, message)
        first.setdefault(key, parameter)
