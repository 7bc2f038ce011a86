"""The forms that a body has on the wire, and the type of what each of them carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON representation and its type, under application/json or a +json media type."""

    type: Any
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Yaml:
    """A JSON value as YAML, and its type (RFC 9512)."""

    type: Any
    media_type: str = "application/yaml"


@dataclass(frozen=True, slots=True)
class Xml:
    """A JSON value as XML, its type, and the name of the root element.

    How each property is written, the contract's `xml` objects say.
    """

    type: Any
    root: str
    media_type: str = "application/xml"


@dataclass(frozen=True, slots=True)
class Text:
    """Text in UTF-8: the type of the one value that it stands for."""

    type: Any = str
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Binary:
    """Bytes as they are."""

    media_type: str = "application/octet-stream"

    type: ClassVar[Any] = bytes


@dataclass(frozen=True, slots=True)
class Form:
    """An object as an HTML form sends it.

    How each property is written, the contract's `encoding` says.
    """

    type: Any
    media_type: str = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Multipart:
    """An object in parts, one for each property or item of it (RFC 7578).

    `files` are the properties that are a `File`.
    """

    type: Any
    files: tuple[str, ...] = ()
    media_type: str = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class MultipartList:
    """A list in parts, one for each item (OpenAPI 3.2 §4.14.3.2).

    `files` are the positions that are a `File`; `*` stands for those that no position describes.
    """

    type: Any
    files: tuple[str, ...] = ()
    media_type: str = "multipart/mixed"


@dataclass(frozen=True, slots=True)
class JsonLines:
    """A stream of JSON values, one to a line; the type is that of one of them."""

    type: Any
    media_type: str = "application/jsonl"


@dataclass(frozen=True, slots=True)
class Events:
    """A stream of server-sent events; the type is that of one of them."""

    type: Any
    media_type: str = "text/event-stream"


MediaType = (
    Json | Yaml | Xml | Text | Binary | Form | Multipart | MultipartList | JsonLines | Events
)
