"""One parameter: where it stands, how it is written, what it looks like."""

from __future__ import annotations

from typing import Any, Final, Literal, cast

from bothends import ir
from bothends.interpret.content import FORM, form_type
from bothends.interpret.refused import Refused
from bothends.interpret.schema import Schemas
from bothends.normalise.text_parameters import unread_content
from bothends.openapi.json_value import as_object, is_object
from bothends.openapi.pointer import below
from bothends.runtime.media_type import essence_of, is_json

_DELIMITED: Final = ("spaceDelimited", "pipeDelimited", "tabDelimited")
# The styles of each location, its default first (OpenAPI 3.1 §4.8.12.2). Delimiters in paths and
# headers, and tabs, are those of Swagger 2.0 (§5.2.17, collectionFormat).
_STYLES: Final = {
    "path": ("simple", "label", "matrix", *_DELIMITED),
    "query": ("form", *_DELIMITED, "deepObject"),
    "header": ("simple", *_DELIMITED),
    "cookie": ("form", "cookie"),
    # A query string has `content` and no style (3.2 §4.12.1).
    "querystring": ("form",),
}


def build_parameter(schemas: Schemas, parameter: Any, pointer: str) -> ir.Parameter:
    """Build one resolved Parameter Object (OpenAPI 3.1 §4.8.12).

    Raises `Refused` when it is not a legal one.
    """
    location = parameter.get("in") if is_object(parameter) else None
    if location not in _STYLES or not isinstance(parameter.get("name"), str):
        raise Refused(
            "parameter",
            pointer,
            "a parameter needs `name`, and `in` of path, query, header or cookie",
        )

    style = parameter.get("style", _STYLES[location][0])
    if style not in _STYLES[location]:
        raise Refused(
            "parameter-style",
            below(pointer, "style"),
            f"style {style!r} does not exist for a {location} parameter",
        )

    schema, schema_at, media_type = _schema(parameter, pointer, location)
    # A parameter of the path must be required (OpenAPI 3.1 §4.8.12).
    required = parameter.get("required") is True or location == "path"
    type_ = schemas.type_of(schema, schema_at)
    if location == "querystring" and essence_of(media_type) == FORM:
        type_ = form_type(type_)
    described = as_object(schemas.target(schema))

    if unread := unread_content(schemas.document, pointer):
        reason = f"{unread} of parameter {parameter['name']} is carried as text, and is not checked"
        schemas.losses.append(ir.Loss("parameter-content", below(pointer, "content"), reason))

    return ir.Parameter(
        name=ir.UNNAMED,
        wire_name=parameter["name"],
        pointer=pointer,
        location=cast(Literal["path", "query", "querystring", "header", "cookie"], location),
        type=type_,
        required=required,
        # Without a media type null is undefined, and what is undefined is left out (RFC 6570 §2.3,
        # OpenAPI 3.1 §4.8.12.4).
        nullable=not required and bool(media_type) and schemas.allows_null(type_),
        has_default=not required and "default" in described,
        default=described.get("default"),
        style=style,
        # `form` explodes unless it says otherwise (OpenAPI 3.1 §4.8.12); so does 3.2's `cookie`.
        explode=parameter.get("explode", style in ("form", "cookie")) is True,
        allow_reserved=parameter.get("allowReserved") is True,
        media_type=media_type,
        description=str(parameter.get("description") or schemas.description_of(schema)),
        rules=schemas.rules_of(schema),
        deprecated=parameter.get("deprecated") is True,
        idempotency_key=parameter.get("x-idempotency-key") is True,
    )


def _schema(parameter: dict[str, Any], pointer: str, location: str) -> tuple[Any, str, str]:
    content = parameter.get("content")
    if not is_object(content) and location == "querystring":
        raise Refused("parameter", pointer, "a query string needs `content`, not `schema`")
    if not is_object(content):
        return parameter.get("schema", True), below(pointer, "schema"), ""

    media_types = list(content)
    is_read = location == "querystring" or all(is_json(essence_of(name)) for name in media_types)
    if len(media_types) != 1 or not is_read:
        raise Refused(
            "parameter-content",
            below(pointer, "content"),
            "only one JSON media type is supported for a parameter",
        )

    media_type = media_types[0]
    return (
        content[media_type].get("schema", True),
        below(pointer, "content", media_type, "schema"),
        media_type,
    )
