"""FastAPI's server of a contract, with the models that datamodel-code-generator makes of it.

datamodel-code-generator makes models and no server: the routes are written here, as a person would
write them, of types and constraints alone. Credentials are judged by nobody, so this peer does less.
What FastAPI has no plain form for (other bodies than JSON, objects in parameters) is not served.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Body, Cookie, FastAPI, Header, Query, Response
from fastapi import Path as InPath
from pydantic import Field, TypeAdapter

from .process import cost

METHODS = ("get", "put", "post", "delete", "patch")
_MARKS: dict[str, Any] = {"path": InPath, "query": Query, "header": Header, "cookie": Cookie}
_PLAIN: dict[str, Any] = {"string": str, "integer": int, "number": float, "boolean": bool}
_SCHEMAS = "#/components/schemas/"
_FORMATS: dict[str, Any] = {"date": date, "date-time": datetime, "uuid": UUID}
_BOUNDS = {
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_length",
    "maxItems": "max_length",
    "minimum": "ge",
    "maximum": "le",
    "exclusiveMinimum": "gt",
    "exclusiveMaximum": "lt",
    "pattern": "pattern",
}


class NoPlainForm(Exception):
    """A part of a contract that is not written in FastAPI here."""


@dataclass(frozen=True, slots=True)
class Success:
    """What every request of an operation is answered with."""

    status: int
    media_type: str | None
    value: Any


def fastapi_of(folder: Path, contract: Any, answers: Mapping[str, Success]) -> FastAPI:
    """The operations that have an answer, by their ids, as FastAPI serves them.

    Args:
        folder: An empty folder that modules can be imported from.
        contract: The contract's data.
        answers: The answer of each operation.
    """
    contract = _with_plain_names(contract)
    app, types = FastAPI(), Types(contract, made_models(folder, contract))
    for path, item in contract["paths"].items():
        for method in METHODS:
            operation = item.get(method, {})
            answer = answers.get(operation.get("operationId", ""))
            if answer is None:
                continue
            try:
                _add(app, path, method, types, operation | {"shared": item}, answer)
            except (NoPlainForm, AssertionError):  # FastAPI asserts what parameters can be
                continue
    return app


def made_models(folder: Path, contract: Any) -> Any:
    """The module that datamodel-code-generator makes of a contract's schemas."""
    if not contract.get("components", {}).get("schemas"):
        return None
    folder.mkdir(parents=True)
    name = f"peer_{re.sub('[^a-z0-9]', '_', folder.name.lower())}"
    (folder / "contract.json").write_text(TypeAdapter(Any).dump_json(contract).decode(), "utf-8")
    given = ("--input", "contract.json", "--input-file-type", "openapi", "--output", f"{name}.py")
    kind = ("--output-model-type", "pydantic_v2.BaseModel", "--target-python-version", "3.11")
    cost(folder, "-m", "datamodel_code_generator", *given, *kind, "--use-annotated")
    sys.path.append(str(folder))
    return importlib.import_module(name)


def _with_plain_names(contract: Any) -> Any:
    """The contract with schemas whose names are those of classes: a dot would make modules."""
    schemas = contract.get("components", {}).get("schemas", {})
    names = {name: f"Schema{number}" for number, name in enumerate(schemas)}
    if schemas:
        renamed = {names[name]: schema for name, schema in schemas.items()}
        contract = {**contract, "components": {**contract["components"], "schemas": renamed}}

    def walk(node: Any) -> Any:
        if _is_a(list, node):
            return [walk(value) for value in node]
        if not _is_a(dict, node):
            return node
        found: Any = {key: walk(value) for key, value in node.items()}
        reference = found.get("$ref")
        if _is_a(str, reference) and reference.startswith(_SCHEMAS):
            found["$ref"] = _SCHEMAS + names[_unescaped(reference.removeprefix(_SCHEMAS))]
        return found

    return walk(contract)


def _is_a(kind: type[Any], value: Any) -> bool:
    """Whether plain data is of a kind; to type checkers it is of any, before and after."""
    return isinstance(value, kind)


def _unescaped(key: str) -> str:
    return key.replace("~1", "/").replace("~0", "~")


class Types:
    """The Python types of a contract's schemas."""

    def __init__(self, contract: Any, models: Any) -> None:
        self.contract = contract
        self.models = models

    def of(self, schema: Any) -> Any:
        """The type of a schema, with its bounds. Raises `NoPlainForm`."""
        if not _is_a(dict, schema):
            raise NoPlainForm(str(schema))
        if "$ref" in schema:
            return getattr(self.models, schema["$ref"].removeprefix(_SCHEMAS))

        if "enum" in schema or "const" in schema:
            return Literal[tuple(schema.get("enum") or [schema["const"]])]

        kind: Any = schema.get("type")
        if _is_a(list, kind):
            kinds = [self.of({**schema, "type": each}) for each in kind if each != "null"]
            return kinds[0] | None if len(kinds) == 1 else Any
        if kind == "array":
            type_: Any = list.__class_getitem__(self.of(schema.get("items", {})))
        elif kind in _PLAIN:
            type_ = _FORMATS.get(schema.get("format", ""), _PLAIN[kind])
        else:
            raise NoPlainForm(str(kind))
        bounds = {_BOUNDS[key]: schema[key] for key in _BOUNDS if key in schema}
        return Annotated[type_, Field(**bounds)] if bounds and type_ is not datetime else type_

    def resolved(self, node: Any) -> Any:
        """A parameter, body or response, where it stands."""
        while "$ref" in node:
            found = self.contract
            for key in node["$ref"].removeprefix("#/").split("/"):
                found = found[_unescaped(key)]
            node = found
        return node


def _add(
    app: FastAPI, path: str, method: str, types: Types, operation: Any, answer: Success
) -> None:
    parameters = list(_parameters(types, operation))
    for number, (parameter, _) in enumerate(parameters):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", f"{{p{number}}}")

    arguments = [
        replaced.replace(name=f"p{number}") for number, (_, replaced) in enumerate(parameters)
    ]
    if "requestBody" in operation:
        arguments.append(_body(types, types.resolved(operation["requestBody"])))
    reply, type_ = _reply(types, operation, answer)

    async def endpoint(**_arguments: Any) -> Any:
        return reply

    vars(endpoint)["__signature__"] = Signature(arguments)
    options: dict[str, Any] = {"response_model": type_, "response_model_exclude_unset": True}
    app.add_api_route(path, endpoint, methods=[method], status_code=answer.status, **options)


def _parameters(types: Types, operation: Any) -> Iterator[tuple[Any, Parameter]]:
    """Each parameter of an operation as the contract and as Python has it."""
    shared = operation["shared"].get("parameters", ())
    for node in map(types.resolved, (*shared, *operation.get("parameters", ()))):
        if "schema" not in node or node.get("style", "form") in ("deepObject", "matrix", "label"):
            raise NoPlainForm(node["name"])
        location, options = node["in"], dict[str, Any]()
        if location != "path":
            options["alias"] = node["name"]
        # FastAPI reads a list from repeated parameters only.
        if node["schema"].get("type") == "array" and not node.get("explode", location == "query"):
            raise NoPlainForm(node["name"])
        type_: Any = types.of(node["schema"])
        marked: Any = Annotated[type_, _MARKS[location](**options)]
        default = Parameter.empty if node.get("required") else None
        made = Parameter("p", Parameter.KEYWORD_ONLY, annotation=marked, default=default)
        yield node, made


def _body(types: Types, body: Any) -> Parameter:
    content = body["content"]
    if "application/json" not in content:
        raise NoPlainForm(", ".join(content))
    type_: Any = types.of(content["application/json"]["schema"])
    default = Parameter.empty if body.get("required") else None
    marked: Any = Annotated[type_, Body()]
    return Parameter("body", Parameter.KEYWORD_ONLY, annotation=marked, default=default)


def _reply(types: Types, operation: Any, answer: Success) -> tuple[Any, Any]:
    """What the endpoint returns, and the type that FastAPI writes it by."""
    if answer.media_type is None:
        return Response(status_code=answer.status), None
    if answer.media_type != "application/json":
        raise NoPlainForm(answer.media_type)

    responses = operation["responses"]
    reply = responses.get(str(answer.status)) or responses.get("default", {"content": {}})
    content = types.resolved(reply).get("content", {}).get("application/json", {})
    type_: Any = types.of(content.get("schema", {}))
    made: TypeAdapter[Any] = TypeAdapter(type_)
    return made.validate_python(answer.value), type_
