"""One property of a multipart body: its parts, their media types, and the headers that `encoding` gives them."""

from __future__ import annotations

from typing import Any

from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import JsonTextError, read_json, write_json
from bothends.runtime.json.value import is_array
from bothends.runtime.media_type import ContentType, parse_content_type
from bothends.runtime.operation import MISSING
from bothends.runtime.parameters.parameter import ParameterCodec, ParameterError
from bothends.runtime.parameters.style import Style
from bothends.runtime.parameters.styled import Wire
from bothends.runtime.parameters.text_value import NestedError, likeliest, text_of
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView
from bothends.runtime.transfer.file import OCTETS, File
from bothends.runtime.transfer.source import Source

from .binary import sizes_of
from .codec import MediaError, in_range
from .json import is_json
from .parts import Part

_TEXT = ContentType("text/plain", {})


class PartCodec:
    """The parts of one property; `is_file` says that each is a `File`, `sizes` how long each of them may be: see `sizes_of`."""

    def __init__(
        self,
        contract: Contract,
        pointer: str,
        name: str,
        view: SchemaView,
        is_declared: bool,
        is_file: bool,
    ) -> None:
        self.name = name
        self._is_declared, self._is_file = is_declared, is_file
        self._is_list = view.typed and "array" in view.types
        self._view = view.items() if self._is_list else view
        encoding = contract.find_object(pointer + join("encoding", name))
        declared = str(encoding.get("contentType", ""))
        self._types = [entry.strip().lower() for entry in declared.split(",") if entry.strip()]
        self._is_json = self._means_json()
        self.sizes = sizes_of(self._view)
        location = pointer + join("encoding", name)
        self._headers = {
            header: (
                ParameterCodec(
                    contract,
                    location + join("headers", header),
                    Style.of(header, "header", None, None),
                ),
                node,
            )
            for header, node in contract.find_object(f"{location}/headers").items()
            if header.lower() != "content-type"
        }

    def read(self, parts: list[Part]) -> Any:
        """The value of the parts with this name. MediaError."""
        if self._is_list:
            return [self._read(part) for part in parts]
        if len(parts) > 1:
            raise MediaError("must be given once", self._place)
        return self._read(parts[0])

    def write(self, value: Any) -> list[Part]:
        """The parts of a value. MediaError."""
        return [
            self._write(item) for item in (value if self._is_list and is_array(value) else [value])
        ]

    def stated(self, value: Any) -> Any:
        """What an example stands for: of a file its content, as text."""
        if is_array(value) and self._is_list:
            return [self.stated(item) for item in value]
        if not self._is_file or not isinstance(value, str):
            return value
        return File(
            value.encode(), None, self._types[0].replace("*", "x-any") if self._types else OCTETS
        )

    @property
    def _place(self) -> str:
        return f"part {self.name}" if self._is_declared else "a part that is not declared"

    def _means_json(self) -> bool:
        if self._types:
            return all(is_json(entry.partition(";")[0]) for entry in self._types)
        view = self._view
        return view.typed and "object" in view.types and view.types <= {"object", "null"}

    def _read(self, part: Part) -> Any:
        declared = part.headers.get("content-type")
        type_ = (
            parse_content_type(declared)
            if declared is not None
            else ContentType(self._default(), {})
        )
        if type_ is None:
            raise MediaError("Content-Type is not a media type", self._place, is_type=True)

        self._check_type(type_)
        headers = self._read_headers(part)
        if self._is_file or (not self._is_declared and self._looks_like_file(part, type_)):
            return File(part.content, part.filename, declared or self._default(), headers)
        if not type_.is_utf8:
            raise MediaError("the charset must be UTF-8", self._place, is_type=True)

        try:
            if self._is_json or (not self._is_declared and is_json(type_.essence)):
                return read_json(part.content)
            return likeliest(self._view, part.content.decode("utf-8"))
        except JsonTextError as error:
            raise MediaError(str(error), self._place) from None
        except UnicodeDecodeError:
            raise MediaError("not valid UTF-8", self._place) from None

    def _write(self, value: Any) -> Part:
        if isinstance(value, File):
            return self._write_file(value)
        if self._is_file:
            raise MediaError("must be a File", self._place)

        is_text = isinstance(value, str) if not self._is_declared else not self._is_json
        kind = (
            self._types[0]
            if self._types and "*" not in self._types[0]
            else ""
            if is_text
            else "application/json"
        )
        headers = {"Content-Type": kind} if kind else {}

        try:
            content = text_of(value).encode() if is_text else write_json(value)
        except NestedError:
            raise MediaError("must be one text", self._place, unsendable=True) from None

        return Part(self.name, content, None, headers)

    def _write_file(self, file: File) -> Part:
        type_ = parse_content_type(file.media_type)
        if type_ is None:
            raise MediaError("the media type of the file is not one", self._place, is_type=True)

        self._check_type(type_)
        headers = {"Content-Type": file.media_type, **file.headers}
        source = file.source if isinstance(file.source, Source) else None
        part = Part(self.name, b"" if source else file.content, file.filename, headers, source)
        self._read_headers(
            Part(self.name, b"", None, {name.lower(): text for name, text in headers.items()})
        )

        return part

    def _default(self) -> str:
        """The media type of a part that names none."""
        if self._types and "*" not in self._types[0]:
            return self._types[0]
        return OCTETS if self._is_file else "application/json" if self._is_json else "text/plain"

    def _check_type(self, of: ContentType) -> None:
        if self._is_file and not self._types:
            return
        if not self._is_declared:
            return

        allowed = self._types or [self._default()]
        if self._is_json and not self._types and is_json(of.essence):
            return
        if not any(in_range(of.essence, entry.partition(";")[0].strip()) for entry in allowed):
            raise MediaError(
                f"Content-Type must be {' or '.join(allowed)}", self._place, is_type=True
            )

    def _looks_like_file(self, part: Part, of: ContentType) -> bool:
        return part.filename is not None or not (of.essence == _TEXT.essence or is_json(of.essence))

    def _read_headers(self, part: Part) -> dict[str, str]:
        """The headers that the contract names, held to it. MediaError."""
        found: dict[str, str] = {}
        for name, (codec, node) in self._headers.items():
            text = part.headers.get(name.lower())
            try:
                value = codec.read(Wire(headers={name.lower(): [text]} if text is not None else {}))
            except ParameterError as error:
                raise MediaError(f"header {name}: {error}", self._place) from None

            if value is MISSING and node.get("required") is True:
                raise MediaError(f"header {name} is required", self._place)

            if text is not None:
                found[name] = text

        return found
