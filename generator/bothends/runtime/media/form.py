"""application/x-www-form-urlencoded: an object as name-value pairs (OpenAPI 3.1 §4.8.14.4, §4.8.15).

A property is written in its style where `encoding` names one; else scalars as text, arrays one pair for each item, and
objects as JSON. The object is judged as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from typing_extensions import override

from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import JsonTextError, read_json, write_json
from bothends.runtime.json.value import is_array, is_object, same
from bothends.runtime.media_type import ContentType
from bothends.runtime.models.codec import Codec
from bothends.runtime.operation import MISSING, MediaType
from bothends.runtime.parameters.style import Pairs, Style, StyleError, percent_decode
from bothends.runtime.parameters.styled import Claim, Styled, Wire
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView

from .codec import MediaCodec, MediaError

_STYLING = ("style", "explode", "allowReserved")


class FormCodec(MediaCodec):
    """An object in pairs."""

    is_text: ClassVar[bool] = True
    may_be_blank: ClassVar[bool] = True

    def __init__(self, contract: Contract, codec: Codec, pointer: str, media: MediaType) -> None:
        super().__init__(contract, codec, pointer, media)
        self._view = SchemaView(contract, (self.schema,))
        self._fields: dict[str, FormField] = {}
        for name in self._view.property_names():
            self._fields[name] = self._field(name)

    @override
    def read(self, content: bytes, content_type: ContentType) -> Any:
        try:
            pairs = [_pair(part) for part in content.decode("utf-8").split("&") if part]
        except UnicodeDecodeError:
            raise MediaError("not valid UTF-8") from None
        except StyleError as error:
            raise MediaError(str(error)) from None

        wire = Wire(query=pairs)
        fields = {
            **self._fields,
            **{name: self._undeclared(name) for name, _ in pairs if self._is_unclaimed(name)},
        }
        read = {name: field.read(wire) for name, field in fields.items()}

        return {name: value for name, value in read.items() if value is not MISSING}

    @override
    def write(self, value: Any, content_type: str) -> tuple[str, bytes]:
        if not is_object(value):
            raise MediaError("must be an object")

        pairs = [
            f"{name}={text}"
            for key, item in value.items()
            for name, text in (self._fields.get(key) or self._undeclared(key)).write(item)
        ]
        content = "&".join(pairs).encode("ascii")
        if not self._arrives(content, value):
            raise MediaError(
                "cannot be written as a form so that it arrives unchanged", unsendable=True
            )

        return content_type, content

    def _arrives(self, content: bytes, value: Any) -> bool:
        try:
            return same(self.read(content, ContentType(self.range, {})), value)
        except MediaError:
            return False

    def _field(self, name: str) -> FormField:
        encoding = self.contract.find_object(self.pointer + join("encoding", name))
        style = Style.of(
            name,
            "query",
            encoding.get("style"),
            encoding.get("explode"),
            encoding.get("allowReserved", False),
        )
        is_styled = any(word in encoding for word in _STYLING)
        return FormField(
            self._view.property(name), style, partial(self._rival, name), is_styled=is_styled
        )

    def _undeclared(self, name: str) -> FormField:
        return FormField(
            self._view.property(name),
            Style.of(name, "query", None, None),
            lambda _: Claim.NONE,
            is_styled=False,
        )

    def _rival(self, of: str, name: str) -> Claim:
        return max(
            (field.claim(name) for key, field in self._fields.items() if key != of),
            default=Claim.NONE,
        )

    def _is_unclaimed(self, name: str) -> bool:
        return name not in self._fields and self._rival(name, name) is Claim.NONE


class FormField:
    """One property in a form."""

    def __init__(
        self, view: SchemaView, style: Style, rival: Callable[[str], Claim], *, is_styled: bool
    ) -> None:
        self.style = style
        self._view = view
        self._styled = Styled(view, style, rival)
        self._is_json = not is_styled and _is_nested(view)
        self._are_json = (
            not is_styled and view.types == frozenset({"array"}) and _is_nested(view.items())
        )

    def read(self, wire: Wire) -> Any:
        """The JSON value of the property, or MISSING. MediaError."""
        try:
            found = (
                self._json(wire)
                if self._is_json or self._are_json
                else list(self._styled.candidates(wire))
            )
        except (StyleError, JsonTextError) as error:
            raise MediaError(str(error), f"field {self.style.wire_name}") from None
        return next(
            (value for value in found if self._view.accepts(value)), found[0] if found else MISSING
        )

    def write(self, value: Any) -> Pairs:
        """The pairs of a JSON value. MediaError."""
        name, quote = self.style.wire_name, self.style.quote
        if self._is_json or (self._are_json and is_array(value)):
            items = value if self._are_json else [value]
            return [(quote(name), quote(write_json(item).decode())) for item in items]

        try:
            return self._styled.pairs(value)
        except StyleError as error:
            raise MediaError(str(error), f"field {name}", unsendable=True) from None

    def claim(self, name: str) -> Claim:
        """How this property claims a name of the form."""
        if self._is_json or self._are_json:
            return Claim.NAMED if name == self.style.wire_name else Claim.NONE
        return self._styled.claim(name)

    def _json(self, wire: Wire) -> list[Any]:
        found = [
            read_json(self.style.unquote(raw).encode("utf-8", "surrogatepass"))
            for name, raw in wire.query
            if name == self.style.wire_name
        ]
        if self._are_json:
            return [found] if found else []
        if len(found) > 1:
            raise StyleError("must be given once")

        return found


def _is_nested(view: SchemaView) -> bool:
    """Whether values are objects, so that one text is JSON; null is, there."""
    return view.typed and "object" in view.types and view.types <= {"object", "null"}


def _pair(part: str) -> tuple[str, str]:
    name, _, raw = part.partition("=")
    return percent_decode(name, plus=True), raw
