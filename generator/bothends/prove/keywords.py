"""How often values were on either side of each schema keyword: a keyword with one side untried is not proved."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs as rs

from bothends.runtime.contract import Contract, load_contract
from bothends.runtime.formats import FORMATS
from bothends.runtime.json_text import JsonTextError, read_json, write_json
from bothends.runtime.json_value import is_array, is_object
from bothends.runtime.media_type import parse_content_type
from bothends.runtime.operation import Operation, documented
from bothends.runtime.pointer import join

from .evidence import Evidence, Sides
from .target import Package
from .wire import Answer

_ALONE = frozenset(
    [
        "type",
        "enum",
        "const",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
        "required",
    ]
)
_WIDE = 30  # of a long array the first items will do
_DEEP = 40


class KeywordCount:
    """Counts for the bodies of requests and replies of a package."""

    def __init__(self, package: Package, evidence: Evidence) -> None:
        self.package, self.counts = package.name, evidence.keywords
        self.contract: Contract = load_contract(package.api)

    def take(self, operation: Operation[Any], headers: dict[str, str], body: bytes, answer: Answer) -> None:
        """Count one exchange."""
        self._count_body(operation.pointer + "/requestBody", headers.get("content-type", ""), body)
        key = documented(answer.status, operation.replies)
        if key is not None:
            content_type = next(iter(answer.values("content-type")), "")
            self._count_body(operation.pointer + join("responses", key), content_type, answer.body)

    def _count_body(self, pointer: str, content_type: str, data: bytes) -> None:
        media = parse_content_type(content_type)
        schema = pointer + join("content", media.essence, "schema") if media else ""
        if not data or not schema or self.contract.find(schema) is None:
            return
        try:
            self._walk(schema, read_json(data), _DEEP)
        except JsonTextError:
            return

    def _walk(self, pointer: str, value: Any, depth: int) -> None:
        schema = self.contract.find(pointer)
        if not is_object(schema) or not depth:
            return
        if "$ref" in schema:
            self._walk(schema["$ref"].removeprefix("#"), value, depth - 1)
        for word in _ALONE & schema.keys():
            if word == "type" or _concerns(word, value):
                self._note(f"{pointer}/{word}", _judge(write_json({word: schema[word]}).decode(), value))
        for word in ("allOf", "anyOf", "oneOf"):
            for index in range(len(schema.get(word, ()))):
                branch = f"{pointer}/{word}/{index}"
                self._note(branch, self.contract.accepts(branch, value))
                if self.contract.accepts(branch, value):
                    self._walk(branch, value, depth - 1)
        self._walk_children(pointer, schema, value, depth)

    def _walk_children(self, pointer: str, schema: dict[str, Any], value: Any, depth: int) -> None:
        if is_object(value):
            properties = schema.get("properties", {})
            for name in properties.keys() & value.keys():
                self._walk(pointer + join("properties", name), value[name], depth - 1)
            others = [name for name in value if name not in properties]
            if schema.get("additionalProperties") is False:
                self._note(f"{pointer}/additionalProperties", not others)
            elif "additionalProperties" in schema:
                for name in others[:_WIDE]:
                    self._walk(f"{pointer}/additionalProperties", value[name], depth - 1)
        elif is_array(value) and "items" in schema:
            for item in value[:_WIDE]:
                self._walk(f"{pointer}/items", item, depth - 1)

    def _note(self, place: str, kept: bool) -> None:
        sides = self.counts.setdefault((self.package, place), Sides())
        sides.kept += kept
        sides.broken += not kept


_CONCERN = {
    **dict.fromkeys(("minLength", "maxLength", "pattern", "format"), "string"),
    **dict.fromkeys(("minItems", "maxItems", "uniqueItems"), "array"),
    **dict.fromkeys(("minProperties", "maxProperties", "required"), "object"),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "number"),
}
_KINDS: dict[str, tuple[type, ...]] = {"string": (str,), "array": (list,), "object": (dict,), "number": (int, float)}


def _concerns(word: str, value: Any) -> bool:
    kind = _CONCERN.get(word)
    return kind is None or (isinstance(value, _KINDS[kind]) and not isinstance(value, bool))


def _judge(schema: str, value: Any) -> bool:
    return _validator(schema).is_valid(value)


@cache
def _validator(schema: str) -> rs.Validator:
    return rs.Draft202012Validator(read_json(schema.encode()), formats=FORMATS, validate_formats=True, offline=True)
