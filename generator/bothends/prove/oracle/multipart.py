"""Bodies as multipart/form-data, read by the document (OpenAPI 3.1 §4.8.14.5, §4.8.15; RFC 7578).

Only what is plainly framed is read; how a reader takes the rest is for the probes to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import chain, islice, product
from typing import Any

from bothends.prove.oracle.form import allows_one
from bothends.prove.oracle.items import MOST, Unsettled
from bothends.prove.oracle.parameter import judge_header
from bothends.prove.oracle.scalars import scalars_at
from bothends.prove.oracle.schemas import (
    are_of_objects,
    inner,
    item_schemas,
    property_names,
    property_schemas,
    schemas_at,
    types_at,
)
from bothends.prove.oracle.xml_text import read_xml_value
from bothends.prove.oracle.yaml_text import UnsettledYamlError, read_yaml_value
from bothends.runtime.json.pointer import join, split
from bothends.runtime.json.text import JsonTextError, read_json
from bothends.runtime.media.multipart.part_text import part_text
from bothends.runtime.media_type import ContentType, is_xml, parse_content_type
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView

_PLAIN = re.compile(r'form-data; name="([^"\\%\r\n]*)"(; filename="[^"\\%\r\n]*")?')
# OpenAPI 3.2 §4.15: nothing in a part is percent-encoded.
_DELIMITERS = {"spaceDelimited": b" ", "pipeDelimited": b"|"}
_SCALARS = {"string", "integer", "number", "boolean"}
_NESTED = {"object", "array"}
_LEFT_OUT = ("content-disposition", "content-type")


@dataclass(frozen=True, slots=True)
class PlainPart:
    """One part: its headers by lower-case names, and its bytes."""

    headers: dict[str, str]
    content: bytes
    is_file: bool = False


def judge_multipart(contract: Contract, media: str, boundary: str, body: bytes) -> bool | None:
    """Whether the contract allows these parts as the body at the media type object `media`.

    None where that is undecided.
    """
    try:
        parts = _split(boundary.encode("latin-1"), body)
        found: dict[str, list[Any]] = {}
        schemas = schemas_at(contract, f"{media}/schema")
        has_alternatives = any({"anyOf", "oneOf"} & schema.keys() for _, schema in schemas)
        for name, same_name in parts.items():
            described = DescribedPart(
                contract,
                media + join("encoding", name),
                property_schemas(contract, f"{media}/schema", name),
                is_declared=name in property_names(contract, f"{media}/schema"),
            )
            found[name] = described.values(same_name)
            if has_alternatives and len(same_name) == 1:
                found[name] += described.texts(same_name[0])
        return allows_one(contract, f"{media}/schema", found)
    except (UnicodeDecodeError, JsonTextError):
        return False
    except (UnicodeEncodeError, Unsettled):
        return None


def _split(boundary: bytes, body: bytes) -> dict[str, list[PlainPart]]:
    """The parts by name. Unsettled where they are not plainly framed."""
    found: dict[str, list[PlainPart]] = {}
    for part in plain_parts(boundary, body):
        disposition = _PLAIN.fullmatch(part.headers.get("content-disposition", ""))
        # Of parts in brackets the document has no table.
        if disposition is None or "[" in disposition[1]:
            raise Unsettled
        is_file = disposition[2] is not None
        found.setdefault(disposition[1], []).append(replace(part, is_file=is_file))
    return found


def plain_parts(boundary: bytes, body: bytes) -> list[PlainPart]:
    """The parts in their order. Unsettled where they are not plainly framed."""
    mark = b"--" + boundary
    pieces = (b"\r\n" + body).split(b"\r\n" + mark)
    if not boundary or len(pieces) < 2 or pieces[0] or pieces[-1] not in (b"--", b"--\r\n"):
        # RFC 2046 §5.1.1 allows text before the first boundary; what a reader does with it is not
        # ours to judge.
        raise Unsettled

    found: list[PlainPart] = []
    for piece in pieces[1:-1]:
        head, blank, content = piece.partition(b"\r\n\r\n")
        lines = head.decode("utf-8").split("\r\n")
        fields = [line.partition(":") for line in lines[1:]]
        headers = {name.lower(): text.strip(" \t") for name, _, text in fields}
        is_plain = not lines[0] and blank and len(headers) == len(lines) - 1
        if not is_plain or "content-transfer-encoding" in headers:
            raise Unsettled
        found.append(PlainPart(headers, content))

    return found


class DescribedPart:
    """What the document says of the parts with one name, or of the part at one position.

    `encoding` is the place of the Encoding Object, `places` those of the schemas.
    """

    def __init__(
        self,
        contract: Contract,
        encoding: str,
        places: list[str],
        *,
        is_declared: bool = True,
        is_item: bool = False,
    ) -> None:
        self.contract, self.encoding = contract, encoding
        self.name = "" if is_item else split(encoding)[-1]
        self.is_declared, self.is_item = is_declared, is_item
        types = types_at(contract, *places)
        self.is_list = "array" in types and not is_item
        self.may_be_one = self.is_list and bool(_SCALARS & types)
        self.places = self.whole = places
        if self.is_list:
            items = (inner(contract, pointer, "items") for pointer in places)
            self.places = list(chain.from_iterable(items))
        self.types = types_at(contract, *self.places)
        described = contract.find_object(encoding)
        declared = str(described.get("contentType", ""))
        listed = [item.partition(";")[0].strip().lower() for item in declared.split(",")]
        self.media_types = list(filter(None, listed))
        if self._are_nested():  # of several types the one that has a form for objects
            self.media_types.sort(key=lambda one: not one.endswith(("/json", "+json")))
        self.delimiter = b""
        if self.is_list and not self._is_bytes() and not are_of_objects(self.types):
            self.delimiter = _delimiter(described)
        if self.delimiter:  # OpenAPI 3.1 §4.8.15: `contentType` is ignored beside a style
            self.media_types = []

    def _are_nested(self) -> bool:
        """Whether the values are JSON by themselves: an item of a list is, if it is a list."""
        if not self.is_item:
            return are_of_objects(self.types)
        return bool(_NESTED & self.types) and self.types <= {*_NESTED, "null"}

    def item(self, part: PlainPart, index: int) -> list[Any]:
        """All readings of the part at a position. Unsettled, UnicodeDecodeError, JsonTextError."""
        return self._readings(part, index) if self._has_headers(part) else []

    def values(self, parts: list[PlainPart]) -> list[Any]:
        """All readings, none where a part is not as it must be.

        Unsettled, UnicodeDecodeError, JsonTextError.
        """
        if (not self.is_list or self.delimiter) and len(parts) > 1:
            return []
        sole = self.texts(parts[0]) if self.may_be_one and len(parts) == 1 else []
        if self.is_list and self.delimiter:
            pieces = parts[0].content.split(self.delimiter)
            parts = [PlainPart(parts[0].headers, piece, parts[0].is_file) for piece in pieces]
        found: list[list[Any]] = []
        for index, part in enumerate(parts):
            found.append(self._readings(part, index) if self._has_headers(part) else [])
        if not self.is_list:
            return found[0]

        lists = list(islice(map(list, product(*found)), MOST + 1))
        # One part with the JSON of the whole: a server may take it (OpenAPI 3.1 §4.8.15.1 has a
        # part for each item, and says nothing of null).
        is_json = len(parts) == 1 and not self._is_bytes() and self._may_be_json(parts[0])
        if is_json and not any(map(self._allows, [*sole, *lists])):
            raise Unsettled
        is_bytes_or_list = self.may_be_one and len(parts) == 1 and self._is_bytes()
        return [*found[0], *lists] if is_bytes_or_list else [*sole, *lists]

    def _may_be_json(self, part: PlainPart) -> bool:
        if part.content.lstrip().startswith(b"["):
            return True
        type_ = parse_content_type(part.headers.get("content-type", self._default()))
        if type_ is None or not type_.essence.endswith(("/json", "+json")):
            return False
        return self._allows(read_json(part.content))

    def _allows(self, value: Any) -> bool:
        return any(self.contract.accepts(pointer, value) for pointer in self.whole)

    def texts(self, part: PlainPart) -> list[Any]:
        """The readings as one text, of an alternative that describes the property otherwise."""
        type_ = parse_content_type(part.headers.get("content-type", self._default()))
        if type_ is None or type_.essence != "text/plain" or not type_.is_utf8:
            return []
        if self._is_bytes() or not self._has_headers(part):
            return []
        text = part.content.decode("utf-8")
        return [*scalars_at(self.contract, self.whole, text), text]

    def _readings(self, part: PlainPart, index: int) -> list[Any]:
        declared = part.headers.get("content-type")
        if declared is None:
            type_: ContentType | None = ContentType(self._default(), {})
        else:
            type_ = parse_content_type(declared)
        if type_ is None or not self._is_allowed(type_.essence):
            return []

        is_json = type_.essence.endswith(("/json", "+json"))
        odd = not self.is_declared and (
            part.is_file or not (is_json or type_.essence == "text/plain")
        )
        if self._is_bytes() or odd:
            return [part.content.decode("latin-1")]
        if not type_.is_utf8:
            return []
        if is_json:
            return [read_json(part.content)]
        if self._are_nested():
            return self._in_text(type_, part.content)

        places = item_schemas(self.contract, self.whole, index) if self.is_list else self.places
        return scalars_at(self.contract, places, part.content.decode("utf-8"))

    def _in_text(self, type_: ContentType, content: bytes) -> list[Any]:
        """The readings of an object in XML or YAML; none of text that is not. Unsettled."""
        view = SchemaView(self.contract, tuple(self.places))
        if part_text(self.contract, view, self.media_types, self.name) is None:
            return []

        try:
            if is_xml(type_.essence):
                place, charset = self.places[0], type_.charset
                return [read_xml_value(self.contract, place, self.name, content, charset)]
            return [read_yaml_value(content)]
        except UnsettledYamlError:
            raise Unsettled from None
        except ValueError:
            return []

    def _default(self) -> str:
        if self.media_types and "*" not in self.media_types[0]:
            return self.media_types[0]
        if self._is_bytes():
            return "application/octet-stream"
        return "application/json" if self._are_nested() else "text/plain"

    def _is_allowed(self, essence: str) -> bool:
        if not self.is_declared or (self._is_bytes() and not self.media_types):
            return True
        # An object among other values, or a scalar beside objects, has the type of its own.
        may_be_json = bool((_NESTED if self.is_item else {"object"}) & self.types)
        if not self.media_types and essence.endswith(("/json", "+json")) and may_be_json:
            return True
        if not self.media_types and essence == "text/plain" and _SCALARS & self.types:
            return True
        ranges = {essence, essence.partition("/")[0] + "/*", "*/*"}
        return bool(ranges & set(self.media_types or [self._default()]))

    def _is_bytes(self) -> bool:
        """Whether the part is bytes: a binary string, or a media type besides text and JSON."""
        if not self.is_declared or not self.types <= {"string"}:
            return False

        if self.media_types:
            # `contentEncoding` says bytes, and `text/plain` is only what OpenAPI derives for a
            # string (§4.8.15.1): what is sent may be a picture.
            return not all(map(_is_text_or_json, self.media_types))

        schemas: list[dict[str, Any]] = []
        for pointer in self.places:
            schemas += [schema for _, schema in schemas_at(self.contract, pointer)]

        words = set[str]().union(*schemas)
        if words & {"contentMediaType", "contentEncoding"}:
            return True
        if any(schema.get("format") == "binary" for schema in schemas):
            return True
        return not (self.types or words & {"enum", "const"})

    def _has_headers(self, part: PlainPart) -> bool:
        """Whether the headers that the document names for the part are as it wants them.

        Unsettled.
        """
        for name in self.contract.find_object(f"{self.encoding}/headers"):
            # Of an item, which has no name, Content-Disposition is a header as others.
            if name.lower() in (("content-type",) if self.is_item else _LEFT_OUT):
                continue

            lines = [part.headers[name.lower()]] if name.lower() in part.headers else []
            verdict = judge_header(
                self.contract, self.encoding + join("headers", name), name, lines
            )
            if verdict is None:
                raise Unsettled
            if not verdict:
                return False

        return True


def _delimiter(encoding: dict[str, Any]) -> bytes:
    """What stands between the items of a list in one part, if it is one."""
    # Swagger 2.0 writes a list as one part.
    if found := encoding.get("x-list-delimiter"):
        return str(found).encode()

    style: str = encoding.get("style", "form")
    if style == "form":
        return b"," if encoding.get("explode") is False else b""
    return b"" if encoding.get("explode") is True else _DELIMITERS.get(style, b"")


def _is_text_or_json(media_type: str) -> bool:
    return media_type.startswith("text/") or media_type.endswith(("/json", "+json"))
