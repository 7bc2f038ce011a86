"""What is different in Swagger 2.0: it is written as OpenAPI 3.0; places stay those of the text.

    host: tides.example
    schemes: [https]
    produces: [application/json]
    paths:
      /tides:
        post:
          parameters: [{in: body, name: tide, schema: {$ref: '#/definitions/Tide'}}]
          responses: {'200': {description: Kept., schema: {$ref: '#/definitions/Tide'}}}

becomes

    servers: [{url: 'https://tides.example'}]
    paths:
      /tides:
        post:
          requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Tide'}}}}
          responses: {'200': {description: Kept., content: {application/json: {schema: …}}}}

Each module here is one part of 2.0, as a list of its differences. What 2.0 does not know is kept
where it is written, so the checks and repairs of 3.0 say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from bothends.diagnostics import Finding, Severity
from bothends.load import Document
from bothends.normalise.v2_0.components import COMPONENTS, component_keys
from bothends.normalise.v2_0.moves import Moves
from bothends.normalise.v2_0.operation import Operations
from bothends.normalise.v2_0.schema import Schemas
from bothends.normalise.v2_0.security import security_scheme
from bothends.normalise.v2_0.servers import servers_of
from bothends.openapi.explain import explain
from bothends.openapi.json_value import as_object, is_object
from bothends.openapi.pointer import below
from bothends.openapi.structure import swagger_errors

_ROOT: Final = (
    "swagger",
    "host",
    "basePath",
    "schemes",
    "consumes",
    "produces",
    "paths",
    "definitions",
    "parameters",
    "responses",
    "securityDefinitions",
)
"""The fields of the root that have another form in 3.0; all others are copied."""


class Upgraded(NamedTuple):
    """A contract in OpenAPI 3.0, and what in it was no legal Swagger 2.0."""

    document: Document
    findings: tuple[Finding, ...]


def convert(document: Document) -> Upgraded:
    """Write a contract of Swagger 2.0 as OpenAPI 3.0."""
    written = document.data
    moves = Moves()
    schemas = Schemas(moves)
    operations = Operations(document, moves, schemas)

    data: dict[str, Any] = {"openapi": "3.0.3"}
    data |= {field: value for field, value in written.items() if field not in _ROOT}
    if servers := servers_of(written, written.get("schemes")):
        moves.add("/servers", "/host" if "host" in written else "/basePath")
        data["servers"] = servers

    keys = component_keys(written, moves)
    paths = data["paths"] = dict(as_object(written.get("paths")))
    for path, item in paths.items():
        if not path.startswith("x-"):
            paths[path] = operations.path_item(item, below("/paths", path))

    data["components"] = _components(written, keys, schemas, operations)
    _keep_components(written, data["components"], moves)
    operations.add_responses(data["components"])
    schemas.refer()

    unread = {moves.moved(pointer): fault for pointer, fault in document.unread.items()}
    upgraded = document.in_newer_version(data, moves.origins, unread)
    findings = [*operations.findings(document), *schemas.findings(document)]
    reported_locations = {finding.location for finding in findings}
    findings += [
        finding for finding in _illegal(document) if finding.location not in reported_locations
    ]
    return Upgraded(upgraded, tuple(findings))


def _components(
    written: dict[str, Any],
    keys: Mapping[str, Mapping[str, str]],
    schemas: Schemas,
    operations: Operations,
) -> dict[str, Any]:
    """The sections of components, of those that are written at the root in 2.0."""
    components: dict[str, Any] = {}
    for section, components_pointer in COMPONENTS.items():
        found: dict[str, Any] = {}
        for name, item in as_object(written.get(section)).items():
            pointer = below("", section, name)
            target = below(components_pointer, keys[section][name])
            if section == "definitions":
                found[keys[section][name]] = schemas.convert(item, pointer, target)
            elif section == "parameters" and operations.is_plain(item):
                found[keys[section][name]] = operations.parameter(item, pointer, target)
            elif section == "securityDefinitions":
                found[name] = security_scheme(item) if is_object(item) else item
        if found:
            components[components_pointer.rpartition("/")[2]] = found

    return components


def _keep_components(written: dict[str, Any], components: dict[str, Any], moves: Moves) -> None:
    """Who moves to 3.0 by hand has some of them at their new place already."""
    for kind, entries in as_object(written.get("components")).items():
        found = components.setdefault(kind, {})
        for name, item in as_object(entries).items():
            if name not in found:
                found[name] = item
                moves.keep(below("/components", kind, name))


def _illegal(document: Document) -> list[Finding]:
    """What the schema of Swagger 2.0 does not allow: warnings, because it was read somehow."""
    problems = explain(swagger_errors(document.data))
    findings: list[Finding] = []
    for problem in problems:
        fault = problem.message.rstrip(".")
        message = f"{fault} in Swagger 2.0; it is read as in OpenAPI 3.0."
        location = document.location_of(problem.pointer, key=problem.key)
        findings.append(
            Finding("repaired-swagger", Severity.WARNING, message, location, problem.hint)
        )
    return findings
