"""Faults of structure with one plain reading: `80` where text is needed is "80".

These read the errors of the schema of OpenAPI, so they know no field by name but the few that may
be missing. What they cannot read they leave: in a schema the keyword is left out at last, elsewhere
the error remains.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any, Final

from jsonschema_rs import ValidationError, ValidationErrorKind

from bothends.normalise.repairs.edit import CORRECT, Edit
from bothends.normalise.repairs.types import TYPES
from bothends.openapi.contract import Contract
from bothends.openapi.explain import causes, describe, explain, shorten
from bothends.openapi.grammar import GRAMMAR, NEW_IN_3_2, NEWER_WEBHOOKS, SECTIONS
from bothends.openapi.json_value import is_array, is_object
from bothends.openapi.pointer import below, parent, split
from bothends.openapi.structure import structure_errors

_TRUE, _FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")

# Fields that nothing is generated from, and what they are where they are missing.
_MISSING: Final[dict[str, Any]] = {
    "description": "Undocumented.",
    "title": "",
    "version": "",
    "info": {"title": "", "version": ""},
    "required": True,
    "paths": {},
    "scopes": {},
    "url": "/",
}

_PLAIN_FIELDS: Final = (
    "description",
    "summary",
    "operationId",
    "required",
    "deprecated",
    "explode",
)

# What flows were called before OpenAPI 3; no likeness tells it.
_FORMERLY: Final = {"application": "clientCredentials", "accessCode": "authorizationCode"}

_COMPONENTS: Final = frozenset(section.rpartition("/")[2] for section in SECTIONS.values())
_FLOWS: Final = ("implicit", "password", "clientCredentials", "authorizationCode")

_ANNOTATIONS: Final = frozenset(
    {
        "contact",
        "deprecated",
        "description",
        "example",
        "examples",
        "externalDocs",
        "license",
        "links",
        "servers",
        "summary",
        "tags",
        "termsOfService",
        "xml",
    }
)

# What Swagger 2.0, or a level that was forgotten, has at another place, and where it belongs.
_MOVED: Final = {
    "basePath": "In OpenAPI 3 it is part of a URL: `servers: [{url: https://host.example/v1}]`.",
    "consumes": "In OpenAPI 3 the media types are the keys of `content` in a request body.",
    "definitions": "In OpenAPI 3 schemas are below `components: schemas:`.",
    "host": "In OpenAPI 3 it is part of a URL: `servers: [{url: https://host.example/v1}]`.",
    "produces": "In OpenAPI 3 the media types are the keys of `content` in a response.",
    "schemes": "In OpenAPI 3 it is part of a URL: `servers: [{url: https://host.example/v1}]`.",
    "securityDefinitions": "In OpenAPI 3 they are below `components: securitySchemes:`.",
}
_OF_SCHEMAS: Final = frozenset(
    {"type", "format", "items", "enum", "default", "pattern", "properties", "additionalProperties"}
    | {"allOf", "anyOf", "oneOf", "minimum", "maximum", "minLength", "maxLength", "nullable"}
)

_EMPTY_AT_ROOT: Final[dict[str, dict[str, Any]]] = {
    "info": {"title": "", "version": ""},
    "webhooks": {},
    NEWER_WEBHOOKS: {},
}
"""Fields of the root that cost nothing but themselves, and what they are without a meaning."""

_LISTED: Final = frozenset({"callbacks", "examples", "links", "servers", "tags"})

# Fields that are never taken for stray ones: where they are not allowed, something else is wrong.
_NEEDED: Final = frozenset({"$ref", "schema", "content", "name", "in", "responses", "required"})


def repair_faults(contract: Contract) -> Iterator[Edit]:
    """Find an edit for each fault of structure that has a plain reading."""
    for pointer, errors in structure_errors(contract):
        for error in causes(errors):
            yield from _edits(contract, error, below(pointer, *error.instance_path))


def _edits(contract: Contract, error: ValidationError, pointer: str) -> Iterator[Edit]:
    value = error.instance
    match error.kind:
        case ValidationErrorKind.Type(types):
            yield from _of_type(value, pointer, types)
        case ValidationErrorKind.Required(name) if name in _MISSING:
            missing = f'"{name}" is missing here; it is read as {shorten(_MISSING[name])}.'
            yield Edit("missing", below(pointer, name), missing, _MISSING[name], source=pointer)
        case ValidationErrorKind.Constant(expected) if isinstance(expected, bool):
            message = f"This must be {shorten(expected)}, and is read so."
            yield Edit("constant", pointer, message, expected)
        case ValidationErrorKind.Enum([bool() as expected]):
            message = f"This must be {shorten(expected)}, and is read so."
            yield Edit("constant", pointer, message, expected)
        case ValidationErrorKind.Constant(expected) if pointer.endswith("/style"):
            yield from _of_enum(value, pointer, [expected])
        case ValidationErrorKind.Enum(options):
            yield from _of_enum(value, pointer, options)
        case ValidationErrorKind.UniqueItems() if is_array(value):
            distinct = [item for index, item in enumerate(value) if item not in value[:index]]
            yield Edit("repeated", pointer, "What is repeated here is read once.", distinct)
        case ValidationErrorKind.MinItems() | ValidationErrorKind.MinProperties() if not value:
            if split(pointer)[-1:] != ["responses"]:
                yield Edit("empty", pointer, "This is empty, and read as absent.")
        case ValidationErrorKind.AdditionalProperties(
            unexpected
        ) | ValidationErrorKind.UnevaluatedProperties(unexpected):
            for name in unexpected:
                yield from _stray(contract, pointer, name)
        case _:
            return


def _of_type(value: Any, pointer: str, types: list[str]) -> Iterator[Edit]:
    read, name = _as_type(value, types)
    field = _field_of(pointer)
    if name:
        yield Edit(name, pointer, f"{field}{shorten(value)} is read as {shorten(read)}.", read)
    elif value is None and pointer == "/paths":
        yield Edit("null", pointer, "paths: null is read as {}.", {})
    elif value is None:
        # `$ref: #/components/…` is the frequent case.
        quote = "Quote the reference: without quotes, # begins a comment in YAML."
        hint = quote if pointer.endswith("/$ref") else ""
        yield Edit("null", pointer, f"{field}null is read as absent.", hint=hint)
    elif types == ["boolean"]:
        yield Edit("boolean", pointer, f"{shorten(value)} is no boolean, and read as absent.")


def _field_of(pointer: str) -> str:
    """`maxItems: `, as the contract has it before the value; nothing for a member of a list."""
    last = "".join(split(pointer)[-1:])
    return f"{last}: " if last and not last.isdecimal() else ""


def _as_type(value: Any, types: list[str]) -> tuple[Any, str]:
    """Give the value as it was meant and the name of the repair, or no name."""
    if "string" in types and isinstance(value, bool | int | float):
        return (str(value).lower() if isinstance(value, bool) else str(value)), "text"
    if "boolean" in types and isinstance(value, str) and value.lower() in _TRUE | _FALSE:
        return value.lower() in _TRUE, "boolean"
    if types == ["boolean"] and value in (0, 1):
        return value == 1, "boolean"
    if types == ["integer"] and isinstance(value, float) and value.is_integer():
        return int(value), "number"
    if {"number", "integer"} & set(types) and isinstance(value, str) and _NUMBER.fullmatch(value):
        number = float(value)
        return (int(number) if number.is_integer() else number), "number"
    if "object" in types and value == []:
        return {}, "object"  # PHP writes an empty map as an empty list
    if "array" in types and value and (isinstance(value, str) or is_object(value)):
        return [value], "list"
    if "array" in types and value == {}:
        return [], "list"
    return value, ""


def _of_enum(value: Any, pointer: str, options: list[Any]) -> Iterator[Edit]:
    last = split(pointer)[-1]
    intended = [
        option for option in options if isinstance(value, str) and _plain(option) == _plain(value)
    ]
    if len(intended) == 1:
        message = f"{shorten(value)} is read as {shorten(intended[0])}."
        yield Edit("spelling", pointer, message, intended[0])
    elif last == "style":
        styles = ", ".join(map(str, options))
        message = f"Style {shorten(value)} is not possible here; it is read as the usual one."
        yield Edit("style", pointer, message, hint=f"Possible: {styles}.")


def _plain(text: Any) -> str:
    return re.sub(r"[\W_]", "", str(text)).lower()


def _stray(contract: Contract, pointer: str, name: str) -> Iterator[Edit]:
    parts = split(pointer)
    kind = contract.kinds.get(pointer, "")
    is_newer = contract.is_v3_0 and name in ("webhooks", "pathItems")
    if is_newer:
        message = f"OpenAPI 3.0 has no {name}; read as in 3.1."
        yield Edit("newer-field", below(pointer, name), message, new_key=f"x-newer-{name}")
        return
    is_field = name in GRAMMAR.get(kind, {}) and (contract.is_v3_2 or name not in NEW_IN_3_2)
    is_needed = name in _NEEDED and (kind, name) != ("server", "name")
    if is_needed or is_field or parts[-1:] == ["responses"]:
        return
    if kind == "paths" or parts == ["components"]:
        return

    location = below(pointer, name)
    if intended := _misspelt(contract, pointer, name, kind):
        yield Edit("spelling", location, f'"{name}" is read as "{intended}".', new_key=intended)
    else:
        message = f'"{name}" is not allowed here; it is ignored.'
        hint = _MOVED.get(name, "")
        if not pointer and name in _COMPONENTS:
            hint = f"It belongs below `components: {name}:`."
        elif parts[-1:] == ["flows"]:
            near = difflib.get_close_matches(name, _FLOWS, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Flows are: {', '.join(_FLOWS)}."
        if name in _OF_SCHEMAS and kind in ("media type", "response", "request body"):
            hint = f"It belongs to a schema: `schema: {{{name}: …}}`."
        yield Edit("stray-field", location, message, hint=hint)


def _misspelt(contract: Contract, pointer: str, name: str, kind: str) -> str:
    """The field that a stray one was meant as, if it is not there already."""
    if name.lower().startswith("x-"):
        return name.lower()
    holder = contract.document.value_at(pointer)
    if split(pointer)[-1:] == ["flows"] and (now := _FORMERLY.get(name)) and now not in holder:
        return now
    # `GET` is `get`: close matches count capitals as other letters.
    fields = [*GRAMMAR.get(kind, {}), *_PLAIN_FIELDS]
    if alike := [field for field in fields if field.lower() == name.lower() and field != name]:
        return alike[0] if alike[0] not in holder else ""
    absent = [field for field in (*GRAMMAR.get(kind, {}), *_PLAIN_FIELDS) if field not in holder]
    return next(iter(difflib.get_close_matches(name, absent, n=1, cutoff=0.85)), "")


def drop_keywords(contract: Contract) -> Iterator[Edit]:
    """Leave out keywords that still have no meaning; what they would check is not checked."""
    seen = set[str]()
    for pointer, errors in structure_errors(contract):
        for error in causes(errors):
            location = below(pointer, *error.instance_path)
            edit = _dropped(contract, location, error)
            if edit is not None and edit.pointer not in seen:
                seen.add(edit.pointer)
                yield edit


def _dropped(contract: Contract, pointer: str, error: ValidationError) -> Edit | None:
    schema, keyword = pointer, ""
    while contract.kinds.get(schema) != "schema":
        if not schema:
            return None
        schema, keyword = parent(schema), split(schema)[-1]

    match error.kind:
        case ValidationErrorKind.AdditionalProperties([name, *_]) if not keyword:
            keyword = name
        case _:
            pass

    if not keyword:
        return None
    message = f'"{keyword}" has no meaning as it is written here; it is left out. {_reason(error)}'
    return Edit("keyword", below(schema, keyword), message, is_loss=True, hint=CORRECT)


def _reason(error: ValidationError) -> str:
    """What is wrong, as for a fault that no repair is known of."""
    return next((problem.message for problem in describe(error, "")), "")


def drop_annotations(contract: Contract) -> Iterator[Edit]:
    """Leave out meaningless fields that no operation depends on: servers, callbacks, words."""
    seen = set[str]()
    for pointer, errors in structure_errors(contract):
        for error in causes(errors):
            location = split(below(pointer, *error.instance_path))
            if len(location) == 1 and location[0] in _EMPTY_AT_ROOT:
                message = f'"{location[0]}" has no meaning as it is written here; it is ignored.'
                message = f"{message} {_reason(error)}"
                value = dict(_EMPTY_AT_ROOT[location[0]])
                yield Edit(
                    "annotation", below("", *location), message, value, is_loss=True, hint=CORRECT
                )
                continue
            places = [i for i, part in enumerate(location) if part in _ANNOTATIONS]
            # A tag in a callback costs the tag, and what is nothing else there the callback.
            places += [i for i, part in enumerate(location) if part == "callbacks"][-1:]
            dropped = next(iter(places), None)
            if dropped is not None and not _names_something(location[:dropped]):
                # One link, server, tag or example that says nothing takes no other with it.
                is_member = location[dropped] in _LISTED and len(location) > dropped + 1
                field = below("", *location[: dropped + 1 + is_member])
                if field in seen:
                    continue
                seen.add(field)
                name = location[dropped]
                name = f'What is here in "{name}"' if is_member else f'"{name}"'
                message = f"{name} has no meaning as it is written here; it is ignored."
                message = f"{message} {_reason(error)}"
                problem = next(iter(explain([error], pointer)), None)
                hint = (problem and problem.hint) or CORRECT
                yield Edit("annotation", field, message, is_loss=True, hint=hint)


def _names_something(parents: list[str]) -> bool:
    """Whether the next key is a name of the contract: `tags` may be a property."""
    return bool(parents) and parents[-1] in ("properties", "schemas", "$defs", "patternProperties")


def unreadable_schemas(contract: Contract) -> Iterator[Edit]:
    """Read a schema that is neither an object nor a boolean as one that allows any value."""
    for pointer, value in contract.misplaced_schemas():
        if str(value).lower() in ("true", "false"):
            read = str(value).lower() == "true"
            yield Edit("boolean", pointer, f"{shorten(value)} is read as {shorten(read)}.", read)
        elif isinstance(value, str) and value in TYPES:
            message = f"{shorten(value)} is read as the schema of this type."
            yield Edit("schema-type", pointer, message, {"type": value})
        elif not (is_object(value) or isinstance(value, bool)):
            message = f"{shorten(value)} is no schema; any value is allowed here."
            yield Edit("schema", pointer, message, {}, is_loss=True, hint=CORRECT)
