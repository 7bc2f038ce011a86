"""The parts of a multipart body: headers and bytes (RFC 7578), read strictly, and written.

Example: with the boundary `x` the bytes (each line ends in CR LF)

    --x
    Content-Disposition: form-data; name="tags"

    red
    --x--

are read as `[Part("tags", b"red")]`. A body that ends before `--x--` is refused: its end was lost.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser

from bothends.runtime.media.error import MediaError
from bothends.runtime.transfer.source import Bytes, Joined, Source

# The parser warns of a malformed body, and without a handler the warning goes to stderr. The
# refusal
# says the same to the caller.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())

_PARAMETER = re.compile(
    r";[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(\"(?:[^\"\\]|\\.)*\"|[^\s\";]+)[ \t]*"
)
_UNSENDABLE = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")
# HTML, multipart/form-data encoding: browsers escape these three and nothing else.
_ESCAPES = {"\r": "%0D", "\n": "%0A", '"': "%22"}
_MAX_HEADERS = 32
MAX_PARTS = 10_000
"""The most parts of a body: each costs some twenty microseconds."""


@dataclass(slots=True)
class Part:
    """One part: the name of its field, its bytes, the name of its file, and its other headers.

    Headers have lower-case names when they were read. A part that is read while it is sent has its
    bytes in `source`, and no `content`. One that is an item of a list has no name, and every header
    that it was read with.
    """

    name: str
    content: bytes
    filename: str | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    source: Source | None = None
    is_named: bool = True


def read_parts(content: bytes, boundary: str, *, are_named: bool = True) -> list[Part]:
    """Return the parts between the boundaries.

    Raises:
        MediaError: The body is not as RFC 2046 §5.1 says, or its parts are to have names, and one
            has none (RFC 7578).
    """
    # RFC 2046 §5.1 wants one part at least, and a form without fields has none.
    if content.strip(b"\r\n") == b"--" + boundary.encode("latin-1", "replace") + b"--":
        return []

    reader = _Reader(are_named=are_named)
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": reader.on_part_begin,
                "on_part_data": reader.on_part_data,
                "on_part_end": reader.on_part_end,
                "on_header_field": reader.on_header_field,
                "on_header_value": reader.on_header_value,
                "on_header_end": reader.on_header_end,
                "on_end": reader.on_end,
            },
            max_header_count=_MAX_HEADERS,
        )
        parser.write(_without_preamble(content, boundary))
    except (FormParserError, ValueError) as error:
        if isinstance(error, MediaError):
            raise
        raise MediaError("is not a well-formed multipart body") from None

    if not reader.is_complete:
        raise MediaError("ends before its last boundary")

    return reader.parts


def _without_preamble(content: bytes, boundary: str) -> bytes:
    """The body from its first boundary on: text before it is passed over (RFC 2046 §5.1.1)."""
    mark = b"--" + boundary.encode("latin-1", "replace")
    if content.lstrip(b"\r\n").startswith(mark):
        return content
    first = re.search(rb"\r\n(?=" + re.escape(mark) + rb"[ \t]*\r\n)", content)
    return content if first is None else content[first.end() :]


def write_parts(parts: Iterable[Part]) -> tuple[str, bytes]:
    """The boundary and the bytes.

    Raises:
        MediaError: For a name that no header can carry.
    """
    texts = [(_head(part), part.content) for part in parts]
    body = b"".join(
        b"\r\n--%s\r\n" + head.encode() + b"\r\n\r\n" + content for head, content in texts
    )
    # A digest of the content, and not a random text: the same request has the same bytes, so it can
    # be recorded and compared. No content can hold its own digest.
    boundary = hashlib.sha256(body).hexdigest()[:32]
    pieces: list[bytes] = []
    for head, content in texts:
        pieces += [f"--{boundary}\r\n{head}\r\n\r\n".encode(), content, b"\r\n"]

    pieces.append(f"--{boundary}--\r\n".encode())
    return boundary, b"".join(pieces)


def join_parts(parts: Iterable[Part]) -> tuple[str, Source]:
    """The boundary, and where the bytes are read from as they are sent."""
    # A source is read once, as it is sent, so no digest of its content can be the boundary.
    boundary = secrets.token_hex(16)
    sources: list[Source] = []

    for part in parts:
        sources.append(Bytes(f"--{boundary}\r\n{_head(part)}\r\n\r\n".encode()))
        sources += [part.source or Bytes(part.content), Bytes(b"\r\n")]
    return boundary, Joined([*sources, Bytes(f"--{boundary}--\r\n".encode())])


def _head(part: Part) -> str:
    disposition = f'form-data; name="{_quoted(part.name)}"' if part.is_named else ""
    if part.filename is not None:
        # RFC 2183 §2.2: outside of forms a part with the name of a file is an attachment.
        disposition = f'{disposition or "attachment"}; filename="{_quoted(part.filename)}"'

    lines = [f"Content-Disposition: {disposition}"] if disposition else []
    lines += [f"{name}: {text}" for name, text in part.headers.items()]
    return "\r\n".join(lines)


def _quoted(text: str) -> str:
    if _UNSENDABLE.search(text):
        raise MediaError("a name holds characters that no header can carry", unsendable=True)
    return "".join(_ESCAPES.get(character, character) for character in text)


class _Reader:
    """Puts together what the parser finds, piece by piece."""

    def __init__(self, *, are_named: bool) -> None:
        self.parts: list[Part] = []
        self._are_named = are_named
        self.is_complete = False
        self._headers: dict[str, str] = {}
        self._name, self._value, self._content = bytearray(), bytearray(), bytearray()

    def on_part_begin(self) -> None:
        if len(self.parts) >= MAX_PARTS:
            raise MediaError(f"must have at most {MAX_PARTS} parts")
        self._headers, self._content = {}, bytearray()

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        name = self._name.decode("latin-1").lower()
        try:
            # RFC 7578 §5.1: names of fields beyond ASCII are in UTF-8.
            value = self._value.decode("utf-8").strip(" \t")
        except UnicodeDecodeError:
            raise MediaError("a header of a part is not valid UTF-8") from None

        if name in self._headers:
            # Two readers may take different ones of the two: a way past a filter.
            raise MediaError("a part has the same header twice")

        self._headers[name] = value
        self._name, self._value = bytearray(), bytearray()

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]

    def on_part_end(self) -> None:
        headers = self._headers
        if self._are_named:
            name, filename = _disposition(headers.pop("content-disposition", ""))
        else:
            disposition = headers.get("content-disposition", "")
            name, filename = "", _filename(_disposition_parameters(disposition) or {})
        if headers.get("content-transfer-encoding", "binary").lower() not in (
            "7bit",
            "8bit",
            "binary",
        ):
            raise MediaError("a part is in a transfer encoding (RFC 7578 §4.7 has none)")
        content = bytes(self._content)
        self.parts.append(Part(name, content, filename, headers, is_named=self._are_named))

    def on_end(self) -> None:
        self.is_complete = True


def _disposition(text: str) -> tuple[str, str | None]:
    """The names of field and file."""
    parameters = _disposition_parameters(text)
    is_field = text.partition(";")[0].strip().lower() == "form-data"
    if parameters is None or not is_field or "name" not in parameters:
        raise MediaError("a part has no Content-Disposition with the name of a field")
    return parameters["name"], _filename(parameters)


def _filename(parameters: dict[str, str]) -> str | None:
    extended = _extended(parameters.get("filename*", ""))
    return parameters.get("filename") if extended is None else extended


def _disposition_parameters(text: str) -> dict[str, str] | None:
    """The parameters of a Content-Disposition; None where one is malformed or comes twice."""
    parameters = dict[str, str]()
    position = len(text.partition(";")[0])
    while position < len(text):
        found = _PARAMETER.match(text, position)
        if found is None or found[1].lower() in parameters:
            return None
        parameters[found[1].lower()] = _unquoted(found[2])
        position = found.end()
    return parameters


def _extended(text: str) -> str | None:
    """The text of `utf-8'en'%C3%9Cber.txt` (RFC 8187 §3.2), or None.

    RFC 7578 §4.2 forbids it in forms, and .NET sends it all the same, beside a `filename` in
    another encoding: without it the name would be lost.
    """
    charset, _, remainder = text.partition("'")
    _, quote, encoded = remainder.partition("'")
    if not quote or charset.lower() not in ("utf-8", "iso-8859-1"):
        return None
    try:
        return unquote(encoded, encoding=charset, errors="strict")
    except UnicodeDecodeError:
        return None


def _unquoted(text: str) -> str:
    if text.startswith('"'):
        # Only quotes are unescaped. Browsers send a backslash as it is (HTML, multipart/form-data
        # encoding), and Windows puts it into names of files.
        text = text[1:-1].replace('\\"', '"')
    for character, escape in _ESCAPES.items():
        text = text.replace(escape, character)
    return text
