"""One property or item of a multipart body: its parts, their media types and their headers.

Example: `chart` is a file and `encoding` says `contentType: image/png, image/jpeg`. A part

    Content-Disposition: form-data; name="chart"; filename="a.png"
    Content-Type: image/png

is read as `File(b"…", "a.png", "image/png")`. A part of `text/plain` is refused; one without a
Content-Type is taken as `image/png`, the first type of the contract.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice, product
from typing import Any, Final

from bothends.runtime.json.text import JsonTextError, read_json, write_json
from bothends.runtime.json.value import is_array, is_object, same
from bothends.runtime.media.binary import sizes_of
from bothends.runtime.media.codec import in_range
from bothends.runtime.media.error import MediaError
from bothends.runtime.media.readings import MOST_READINGS
from bothends.runtime.media_type import ContentType, essence_of, is_json, parse_content_type
from bothends.runtime.parameters.text_value import NestedError, scalars, text_of
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView
from bothends.runtime.transfer.file import OCTETS, File
from bothends.runtime.transfer.source import Source

from .part_headers import PartHeaders
from .part_text import part_text
from .parts import Part

_TEXT = ContentType("text/plain", {})
_SCALARS: Final = frozenset({"string", "integer", "number", "boolean"})
_DELIMITERS: Final = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
"""OpenAPI 3.2 §4.15: parts are not percent-encoded."""


class PartCodec:
    """The parts of one property, or the part of one item where the body is a list.

    `encoding` is the place of its Encoding Object. `is_file` says that each part is a `File`;
    `sizes` limits the length of each (see `sizes_of`). An item is one part, also where it is a list
    itself (`is_item`).
    """

    def __init__(
        self,
        contract: Contract,
        encoding: str,
        name: str,
        view: SchemaView,
        *,
        is_declared: bool = True,
        is_file: bool = False,
        is_item: bool = False,
    ) -> None:
        self.name = name
        self._is_declared, self._is_file, self._is_item = is_declared, is_file, is_item
        self._is_list = view.typed and "array" in view.types and not is_item
        # One file or several: `anyOf: [binary, array of binary]`.
        self._may_be_one = self._is_list and bool(_SCALARS & view.types)
        self._whole = view
        self._view = view.items() if self._is_list else view
        self._nested = frozenset({"object", "array"} if is_item else {"object"})
        self._is_json = _is_json_by_default(self._view, self._nested)
        described = contract.find_object(encoding)
        self._delimiter = b""
        if self._is_list and not is_file and not self._is_json:
            self._delimiter = _delimiter_of(described)
        # OpenAPI 3.1 §4.8.15: where a style is written, `contentType` is ignored.
        declared = "" if self._delimiter else str(described.get("contentType", ""))
        self._types = [entry.strip().lower() for entry in declared.split(",") if entry.strip()]
        self.text = part_text(contract, self._view, self._types, name) if self._is_json else None
        """How it is written in XML or YAML; None if it is in neither."""
        if self._is_json:
            # Of several types an object is written as the one that has a form for it.
            self._types.sort(key=lambda entry: not is_json(essence_of(entry)))
        if self._types:
            self._is_json = all(
                is_json(essence_of(entry)) for entry in self._types[: 1 if self._is_json else None]
            )
        self.sizes = sizes_of(self._view)
        self._headers = PartHeaders(contract, encoding)
        # In a form, the names of field and file stand in Content-Disposition.
        self.describes_disposition = is_item and self._headers.has("content-disposition")
        self.constant_headers = dict(self._headers.constants()) if is_item else {}

    def read(self, parts: list[Part]) -> Any:
        """The likeliest value of the parts with this name. MediaError."""
        return next(self.readings(parts))

    def readings(self, parts: list[Part], *, as_text: bool = False) -> Iterator[Any]:
        """Yield the values that the parts may mean, likeliest first.

        `as_text` adds the text itself, for an alternative that does not describe the property.

        Raises:
            MediaError: A part is not as the contract has it.
        """
        is_one = self._may_be_one and len(parts) == 1 and parts[0].name == self.name
        if is_one and not self._is_file:
            yield from self._one_or_list(parts[0], as_text=as_text)
        elif not self._is_list or is_one:
            if len(parts) > 1:
                raise MediaError("must be given once", self._location)
            yield from self._read(parts[0], self._view, as_text=as_text)
        elif (whole := self._list_in_json(parts)) is not None:
            yield whole
        else:
            yield from self._lists(parts, as_text=as_text)
            # Another alternative may have one text where this one has a list.
            if as_text and len(parts) == 1 and not self._is_file:
                yield from self._read(parts[0], self._whole, as_text=True)

    def _list_in_json(self, parts: list[Part]) -> list[Any] | None:
        """The list whose JSON is the only part, if that part is no item of a list.

        OpenAPI 3.1 §4.8.15.1 has a part for each item; several libraries send one for all.
        """
        is_one = len(parts) == 1 and parts[0].name == self.name and not self._is_file
        if not is_one or not parts[0].content.lstrip().startswith(b"["):
            return None
        declared = parse_content_type(parts[0].headers.get("content-type", "application/json"))
        if declared is None or not is_json(declared.essence):
            return None

        items: object = None
        with suppress(MediaError):  # JSON may be what no item is in
            items = next(self._lists(parts, as_text=False))
        if items is not None and self._whole.accepts(items):
            return None

        with suppress(JsonTextError):
            value = read_json(parts[0].content)
            return value if is_array(value) and self._whole.accepts(value) else None
        return None

    def _one_or_list(self, part: Part, *, as_text: bool) -> list[Any]:
        """The texts that a part may mean and the lists of one item; those first that fit."""
        read = self._read(part, self._whole, as_text=as_text)
        # A list has a part for each item, also where that is JSON.
        found = [value for value in read if not is_array(value)]
        found += islice(self._lists([part], as_text=as_text), MOST_READINGS)
        return sorted(found, key=lambda value: not self._whole.accepts(value))

    def _lists(self, parts: list[Part], *, as_text: bool) -> Iterator[list[Any]]:
        items: list[list[Any]] = []
        for index, part in enumerate(self._items(parts)):
            items.append(self._read(part, self._whole.item(index), as_text=as_text))
        yield from map(list, product(*items))

    def write(self, value: Any) -> list[Part]:
        """The parts of a value. MediaError."""
        if not self._is_list or not is_array(value):
            return [self._write(value)]

        # RFC 7578 §4.3: several files of one field are parts with the same name.
        parts = [self._write(item) for item in value]
        whole = self._joined(parts) if self._delimiter and parts else parts
        if not self._may_be_one or not (self._is_file or self._reads_otherwise(whole, value)):
            return whole
        # Brackets tell a list of one from the one. They are what its vendor documents.
        return [replace(part, name=f"{self.name}[]") for part in parts]

    def _reads_otherwise(self, parts: list[Part], value: Any) -> bool:
        """Whether the parts of a list would be read as one text."""
        sent: list[Part] = []
        for part in parts:
            headers = {name.lower(): text for name, text in part.headers.items()}
            sent.append(replace(part, headers=headers))
        return bool(sent) and not same(self.read(sent), value)

    def _items(self, parts: list[Part]) -> list[Part]:
        """The items of a list: a part each, or one part with delimiters between them."""
        if not self._delimiter or any(part.name != self.name for part in parts):
            return parts
        if len(parts) > 1:
            raise MediaError("must be given once", self._location)
        pieces = parts[0].content.split(self._delimiter)
        return [replace(parts[0], content=piece) for piece in pieces]

    def _joined(self, parts: list[Part]) -> list[Part]:
        """One part for all items. MediaError for an item that would fall apart."""
        if any(self._delimiter in part.content for part in parts):
            rule = "has the delimiter of its list in an item"
            raise MediaError(rule, self._location, unsendable=True)
        return [replace(parts[0], content=self._delimiter.join(part.content for part in parts))]

    def from_example(self, value: Any) -> Any:
        """Return the value of an example: the text of a file's example is its content.

        An example says nothing of the headers of a part: those that must be there are made up.
        """
        if is_array(value) and self._is_list:
            return [self.from_example(item) for item in value]
        if not self._is_file or not isinstance(value, str):
            return value

        kind = self._types[0].replace("*", "x-any") if self._types else OCTETS
        return File(value.encode(), None, kind, dict(self._headers.samples()))

    @property
    def _location(self) -> str:
        if self._is_item:
            return f"item {self.name}"
        return f"part {self.name}" if self._is_declared else "a part that is not declared"

    def _read(self, part: Part, view: SchemaView, *, as_text: bool) -> list[Any]:
        """The values that one part may mean, likeliest first. MediaError."""
        declared = part.headers.get("content-type")
        if declared is None:
            type_: ContentType | None = ContentType(self._default(), {})
        else:
            type_ = parse_content_type(declared)
        if type_ is None:
            raise MediaError("Content-Type is not a media type", self._location, is_type=True)

        self._check_type(type_)
        headers = self._headers.read(part.headers, self._location)
        is_plain = type_.essence == _TEXT.essence or is_json(type_.essence)
        looks_like_file = part.filename is not None or not is_plain
        if self._is_file or (not self._is_declared and looks_like_file):
            return [File(part.content, part.filename, declared or self._default(), headers)]
        # Text of another charset (RFC 7578 §4.5) would be judged as other text.
        if not type_.is_utf8:
            raise MediaError("the charset must be UTF-8", self._location, is_type=True)

        try:
            if is_json(type_.essence):
                return [read_json(part.content)]
            if self.text is not None:
                return [self.text.read(part.content, type_)]
            return _values(view, part.content.decode("utf-8"), as_text=as_text)
        except JsonTextError as error:
            raise MediaError(str(error), self._location) from None
        except MediaError as error:
            raise MediaError(error.rule, self._location, is_type=error.is_type) from None
        except UnicodeDecodeError:
            raise MediaError("not valid UTF-8", self._location) from None

    def _write(self, value: Any) -> Part:
        if isinstance(value, File):
            return self._write_file(value)
        if self._is_file:
            raise MediaError("must be a File", self._location)

        is_text = isinstance(value, str) if not self._is_declared else not self._is_json
        if self._is_declared and not self._types:
            is_nested = is_object(value) or (self._is_item and is_array(value))
            is_text = not is_nested and not (self._is_json and value is None)
        kind = "" if is_text else "application/json"
        # Without a name in its head, the type stands there, so that no head is empty.
        if self._is_declared and is_text and (self._is_item or self._default() != _TEXT.essence):
            kind = _TEXT.essence
        if self._types and "*" not in self._types[0]:
            kind = self._types[0]
        headers = {"Content-Type": kind} if kind else {}
        headers |= self.constant_headers

        try:
            if self.text is not None:
                content = self.text.write(value)
            else:
                content = text_of(value).encode() if is_text else write_json(value)
        except NestedError:
            raise MediaError("must be one text", self._location, unsendable=True) from None
        except MediaError as error:
            raise MediaError(error.rule, self._location, unsendable=error.unsendable) from None

        return Part(self.name, content, None, headers, is_named=not self._is_item)

    def _write_file(self, file: File) -> Part:
        type_ = parse_content_type(file.media_type)
        if type_ is None:
            raise MediaError("the media type of the file is not one", self._location, is_type=True)

        self._check_type(type_)
        headers = {"Content-Type": file.media_type, **file.headers}
        source = file.source if isinstance(file.source, Source) else None
        if file.filename is not None and self.describes_disposition:
            rule = "has its filename in the header Content-Disposition, as the contract names it"
            raise MediaError(rule, self._location, unsendable=True)

        part = Part(self.name, b"" if source else file.content, file.filename, headers, source)
        part.is_named = not self._is_item
        lines = {name.lower(): text for name, text in headers.items()}
        self._headers.read(lines, self._location)

        return part

    def _default(self) -> str:
        """Return the media type of a part that names none (OpenAPI 3.1 §4.8.15.1)."""
        if self._types and "*" not in self._types[0]:
            return self._types[0]
        if self._is_file:
            return OCTETS
        return "application/json" if self._is_json else "text/plain"

    def _check_type(self, type_: ContentType) -> None:
        # Any type will do: pictures of a chat API were refused for not being `text/plain`.
        if self._is_file and not self._types:
            return
        # OpenAPI says nothing of a part that no property names, so no type of it is wrong.
        if not self._is_declared:
            return

        allowed = self._types or [self._default()]
        if not self._types and self._may_be(type_.essence):
            return
        if not any(in_range(type_.essence, entry.partition(";")[0].strip()) for entry in allowed):
            raise MediaError(
                f"Content-Type must be {' or '.join(allowed)}", self._location, is_type=True
            )

    def _may_be(self, essence: str) -> bool:
        """Whether values of a type that is not the default one are of this media type."""
        types = self._view.types
        if is_json(essence):
            return self._view.typed and bool(self._nested & types)
        return essence == _TEXT.essence and (self._may_be_one or bool(_SCALARS & types))


def _delimiter_of(encoding: dict[str, Any]) -> bytes:
    """What is between the items of a list that is one part; nothing where each is a part."""
    # A list of Swagger 2.0: its formats are more than the styles.
    if "x-list-delimiter" in encoding:
        return str(encoding["x-list-delimiter"]).encode()

    style = encoding.get("style", "form")
    is_exploded = encoding.get("explode", style == "form")
    return b"" if is_exploded else _DELIMITERS.get(style, "").encode()


def _values(view: SchemaView, text: str, *, as_text: bool) -> list[Any]:
    """The scalars that a text may mean, those first that the schema accepts."""
    found = list(scalars(view, text, last_resort=True))
    if as_text and text not in found:
        found.append(text)
    return sorted(found, key=lambda value: not view.accepts(value)) if len(found) > 1 else found


def _is_json_by_default(view: SchemaView, nested: frozenset[str]) -> bool:
    """Whether a part without `contentType` is JSON: objects are (OpenAPI 3.1 §4.8.15.1)."""
    return view.typed and bool(nested & view.types) and view.types <= {*nested, "null"}
