"""What every media type has in common: bytes to a value, judged by the contract, and back.

b'{"at": "2026-01-02"}'    the wire
  │ read                   strict JSON, a form, parts
{"at": "2026-01-02"}       the value that `fault` judges by the schema
  │ decode                 the model layer: names and types, no constraints
Tide(at=date(2026, 1, 2))  what a handler or a caller gets
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

from bothends.runtime.media_type import ContentType, essence_of, parse_content_type
from bothends.runtime.models.codec import Codec
from bothends.runtime.models.compiled_reader import compiled_reader
from bothends.runtime.models.encoding import EncodeError, encode
from bothends.runtime.operation import MediaType
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.explain import Fault
from bothends.runtime.transfer.source import Source

from .error import MediaError


class MediaCodec:
    """One media type of one body or reply. `pointer` is its place in contract.json.

    Between the bytes and the Python value is the value that the schema judges: JSON, and in a form
    files.
    """

    is_text: ClassVar[bool] = False
    """Whether the content is text in UTF-8, so that another charset is refused."""
    is_stream: ClassVar[bool] = False
    """Whether the content is a stream of items, each a value of the media's type."""
    may_be_blank: ClassVar[bool] = False
    """Whether no bytes at all are a value."""
    concrete: ClassVar[str] = ""
    """What is sent where the contract has a wildcard and nobody chose, if that fits the
    wildcard."""

    def __init__(self, contract: Contract, codec: Codec, pointer: str, media: MediaType) -> None:
        self.contract = contract
        self.pointer = pointer
        self.schema = f"{pointer}/schema"
        self.media = media
        self.media_type = media.media_type
        self.range = essence_of(media.media_type)
        self.parameters = _parameters(media.media_type)
        self.is_judged = contract.find(self.schema) is not None
        self._model_codec = codec

    def read(self, content: bytes, content_type: ContentType) -> Any:
        """The value behind the bytes, not yet judged.

        Raises:
            MediaError: They are not of the media type.
        """
        raise NotImplementedError

    def read_loosely(self, content: bytes, content_type: ContentType) -> Any:
        """The value behind bytes of an answer that `read` refuses, as most readers take it.

        Raises:
            MediaError: They are not of the media type for any reader.
        """
        return self.read(content, content_type)

    def write(self, value: Any, content_type: str) -> tuple[str, bytes | Source]:
        """The Content-Type and the bytes of a value, or where they are read from.

        Raises:
            MediaError: The value would not arrive unchanged.
        """
        raise NotImplementedError

    def fault(self, value: Any) -> Fault | None:
        """Why the contract refuses the value, or None."""
        return self.contract.fault(self.schema, value) if self.is_judged else None

    def fault_of_text(self, _content: bytes) -> Fault | None:
        """Why the contract refuses a large content whatever comes after its beginning, or None."""
        return None

    def fault_of_large(self, value: Any) -> Fault | None:
        """Return what `fault` says of the value of a large content."""
        return self.fault(value)

    def format_fault(self, value: Any) -> Fault | None:
        """Return what only a `format` is against, in an answer that is taken in spite of it."""
        return self.contract.format_fault(self.schema, value) if self.is_judged else None

    def judge(self, value: Any) -> tuple[Fault | None, Fault | None]:
        """Return what `fault` says and, where that is nothing, what `format_fault` does."""
        fault = self.fault(value)
        return fault, self.format_fault(value) if fault is None else None

    def decode(self, value: Any) -> Any:
        """The Python value of what was read."""
        return self._decode(value)

    @cached_property
    def _decode(self) -> Callable[[Any], Any]:
        return compiled_reader(self._model_codec, self.media.type)

    def encode(self, value: Any) -> Any:
        """Return the value of a Python value that the schema judges and `write` writes.

        Raises:
            EncodeError: A Python value that JSON has no form for.
        """
        return encode(value)

    def fits(self, value: Any) -> bool:
        """Whether the contract allows a Python value in this media type, and it has a form."""
        try:
            encoded = self.encode(value)
        except EncodeError:
            return False
        return self.fault(encoded) is None and self.has_form(encoded)

    def has_form(self, _value: Any) -> bool:
        """Whether a value that the contract allows can be written, where that is not so of all."""
        return True

    def from_example(self, value: Any) -> Any:
        """Return the value of an example in the contract."""
        return value

    def takes(self, value: Any) -> bool:
        """Whether a Python value is for this media type, if a message has several.

        Dicts and models are: they do not show which one is meant.
        """
        return not isinstance(value, bytes)

    def reads(self, essence: str) -> bool:
        """Whether content of a concrete media type, in the range of this one, can be read."""
        return "*" not in essence

    def is_in_charset(self, content_type: ContentType) -> bool:
        """Whether content is in the charset that the contract names."""
        parsed = parse_content_type(self.media_type)
        return parsed is not None and parsed.charset.lower() == content_type.charset.lower()

    @property
    def names_charset(self) -> bool:
        """Whether the contract names a charset of the media type."""
        parsed = parse_content_type(self.media_type)
        return parsed is not None and "charset" in parsed.parameters

    def choose(self, expected: str | None) -> str:
        """The concrete media type to send.

        A caller may add parameters to the documented media type, such as a boundary or a charset.

        Raises:
            MediaError: The contract has a range and nothing says which of it.
        """
        parsed = parse_content_type(expected) if expected else None
        if "*" not in self.range:
            # `application/json; charset=utf-8` is the documented application/json with a parameter.
            is_same = parsed is not None and parsed.essence == self.range
            return expected if expected and is_same and not self.parameters else self.media_type

        expected = expected or self.concrete
        if not expected or not in_range(essence_of(expected), self.range):
            raise MediaError(f"say which of {self.media_type} it is", is_type=True)
        return expected


def null_fields(value: dict[str, Any]) -> str:
    """Say which fields of a form are null, the usual reason why one does not arrive unchanged."""
    names = [name for name, item in value.items() if item is None]
    if not names:
        return ""
    return f": null is no text, so leave out {', '.join(names)}"


def in_range(essence: str, media_range: str) -> bool:
    """Whether a media type is in a range: itself, `type/*` or `*/*` (RFC 9110 §12.5.1).

    `application/*+json` is no range of that section; contracts mean by it all that is JSON by its
    suffix, and JSON itself.
    """
    if media_range in (essence, essence.partition("/")[0] + "/*", "*/*"):
        return True

    # Many contracts list `application/*+json` beside or in place of application/json.
    type_, _, suffix = media_range.partition("/*+")
    is_suffixed = essence.startswith(f"{type_}/") and essence.endswith((f"+{suffix}", f"/{suffix}"))
    return bool(suffix) and is_suffixed


def _parameters(media_type: str) -> dict[str, str]:
    """The parameters that make a media type another one: all but the charset."""
    parsed = parse_content_type(media_type)
    if parsed is None:
        return {}
    return {name: value for name, value in parsed.parameters.items() if name != "charset"}
