"""The form of an operation on the page: a field of each parameter, and the body by its media type.

A JSON body is a text; `application/pdf` is a file; `multipart/form-data` has a field of each part.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final, Literal

from bothends.openapi.pointer import split
from bothends.runtime.json.value import is_array, is_object

_TEXTS: Final = re.compile(
    r"text/|.*[/+](json|xml|yaml|javascript|x-www-form-urlencoded|.*-?(json|yaml|jsonl|jsonlines))"
    r"($|;)",
    re.IGNORECASE,
)
_DEEPEST: Final = 4


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field: a parameter, or a part of a body. A list is written with commas between items."""

    name: str
    location: str
    required: bool
    is_list: bool
    is_file: bool
    sample: str


@dataclass(frozen=True, slots=True)
class BodyForm:
    """How the body of one media type is entered."""

    media_type: str
    kind: Literal["text", "file", "parts"]
    sample: str
    fields: tuple[FieldView, ...]


def field_view(parameter: dict[str, Any], sample: str) -> FieldView:
    """The field of a parameter in a path, a query or a header."""
    schema, location = parameter.get("schema"), str(parameter["in"])
    is_list = (
        location == "query"
        and _is_of_type(schema, "array")
        and parameter.get("style", "form") == "form"
        and parameter.get("explode", True) is True
    )
    text = _with_commas(sample) if _is_of_type(schema, "array") else sample
    required = parameter.get("required") is True
    return FieldView(str(parameter.get("name", "?")), location, required, is_list, False, text)


def body_form(
    media_type: str, media: dict[str, Any], sample: str, schemas: dict[str, Any]
) -> BodyForm:
    """The form of a body, whose schema may refer to those of the components."""
    if media_type.lower().startswith("multipart/form-data"):
        fields = tuple(_parts(media.get("schema"), sample, schemas))
        if fields:
            return BodyForm(media_type, "parts", "", fields)

    kind: Literal["text", "file"] = "text" if _TEXTS.match(media_type) else "file"
    return BodyForm(media_type, kind, sample, ())


def _parts(schema: Any, sample: str, schemas: dict[str, Any]) -> list[FieldView]:
    """A field of each part; a part that several parts of `allOf` describe has one."""
    found: dict[str, FieldView] = {}
    try:
        values = _object(json.loads(sample)) if sample else {}
    except ValueError:
        values = {}

    waiting, read = [schema], 0
    while waiting and read < 10 * _DEEPEST:
        inner = _resolved(waiting.pop(0), schemas)
        read += 1
        required = inner.get("required")
        for name, part in _object(inner.get("properties")).items():
            part_schema = _resolved(part, schemas)
            value = values.get(name, "")
            found[name] = FieldView(
                name=name,
                location="part",
                required=name in (required if is_array(required) else ()),
                is_list=_is_of_type(part_schema, "array"),
                is_file=_is_file(part_schema, schemas),
                sample=value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
            )
        several = inner.get("allOf")
        waiting += several if is_array(several) else []

    return list(found.values())


def _is_file(schema: Any, schemas: dict[str, Any]) -> bool:
    """Whether a part is bytes, by the words of 3.0 or those of 3.1."""
    inner = _object(schema)
    if _is_of_type(inner, "array"):
        inner = _resolved(inner.get("items"), schemas)
    is_encoded = inner.get("contentEncoding", "binary") != "binary"
    return inner.get("format") == "binary" or ("contentMediaType" in inner and not is_encoded)


def _is_of_type(schema: Any, name: str) -> bool:
    declared = _object(schema).get("type")
    return declared == name or (is_array(declared) and name in declared)


def _resolved(schema: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    for _ in range(_DEEPEST):
        reference = _object(schema).get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/components/schemas/"):
            break
        schema = schemas.get(split(reference.removeprefix("#"))[-1])
    return _object(schema)


def _object(value: Any) -> dict[str, Any]:
    return value if is_object(value) else {}


def _with_commas(sample: str) -> str:
    """`["a", "b"]` as a person writes it in a field: `a,b`."""
    try:
        value = json.loads(sample)
    except ValueError:
        return sample
    if not is_array(value) or any(isinstance(item, dict | list) for item in value):
        return sample
    return ",".join(item if isinstance(item, str) else json.dumps(item) for item in value)
