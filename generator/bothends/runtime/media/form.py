"""application/x-www-form-urlencoded: an object as name-value pairs (OpenAPI 3.1 §4.8.14.4, §4.8.15).

A property is written in its style where `encoding` names one, and as JSON where its `contentType`
says so; else scalars as text, arrays one pair for each item, and objects as JSON. The object is
judged as a whole.

Example: of `{name: string, tags: array of string, berth: object}` the value `{"name": "x", "tags":
["a", "b"], "berth": {"no": 5}}` is written `name=x&tags=a&tags=b&berth=%7B%22no%22%3A5%7D`. It is
also read from `name=x&tags[]=a&tags[]=b&berth[no]=5`, as browsers and most client libraries send
it: see `parameters/brackets.py`. No pair is dropped: a name that no property takes is a property
that the schema does not declare.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, ClassVar

from typing_extensions import override

from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import JsonTextError, read_json, write_json
from bothends.runtime.json.value import is_array, is_object, same
from bothends.runtime.media_type import ContentType, essence_of, is_json
from bothends.runtime.models.codec import Codec
from bothends.runtime.operation import MediaType
from bothends.runtime.parameters.brackets import bases, is_item, read_brackets, steps_below
from bothends.runtime.parameters.style import Pairs, Style, StyleError, percent_decode
from bothends.runtime.parameters.styled import NameMatch, Styled, Wire
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView

from .codec import MediaCodec, null_fields
from .error import MediaError
from .readings import choose_reading

MAX_PAIRS = 40_000
"""So many fields a form may have: more than any form has, and read in well under a second."""

_LONGEST_NAME = 80
_STYLING = ("style", "explode", "allowReserved")


class FormCodec(MediaCodec):
    """An object in pairs."""

    is_text: ClassVar[bool] = True
    may_be_blank: ClassVar[bool] = True

    def __init__(self, contract: Contract, codec: Codec, pointer: str, media: MediaType) -> None:
        super().__init__(contract, codec, pointer, media)
        self._form = Form(contract, pointer)

    @override
    def read(self, content: bytes, content_type: ContentType) -> Any:
        return self._form.read(content)

    @override
    def write(self, value: Any, content_type: str) -> tuple[str, bytes]:
        return content_type, self._form.write(value)


class Form:
    """The object that pairs mean by the Media Type Object at `pointer`, and its pairs."""

    def __init__(self, contract: Contract, pointer: str) -> None:
        self.contract, self.pointer = contract, pointer
        self.schema = f"{pointer}/schema"
        self._view = SchemaView(contract, (self.schema,))
        self._fields: dict[str, FormField] = {}
        for name in self._view.property_names():
            self._fields[name] = self._field(name)
        self._spreading = [name for name, field in self._fields.items() if field.spreads]
        self._has_alternatives = bool(self._view.alternatives())

    def read(self, content: bytes) -> Any:
        """The object, not yet judged. MediaError."""
        # Counted before anything is split: a hostile body of a megabyte has half a million pairs.
        if content.count(b"&") >= MAX_PAIRS:
            raise MediaError(f"must have at most {MAX_PAIRS} fields")

        try:
            pairs = [_pair(part) for part in content.decode("utf-8").split("&") if part]
        except UnicodeDecodeError:
            raise MediaError("not valid UTF-8") from None
        except StyleError as error:
            raise MediaError(str(error)) from None

        readings: dict[str, list[Any]] = {}
        for name, (field, own) in self._grouped(pairs).items():
            found = field.readings(Wire(query=own))
            if self._has_alternatives and len(own) == 1:
                # An alternative that does not describe the property takes it as text.
                text = str(field.style.unquote(own[0][1]))
                found += [text] if text not in found else []
            if found:
                readings[name] = found

        if not self._has_alternatives:
            return {name: found[0] for name, found in readings.items()}
        return choose_reading(readings, lambda value: self.contract.accepts(self.schema, value))

    def _grouped(self, pairs: Pairs) -> dict[str, tuple[FormField, Pairs]]:
        """Return the fields that have pairs, each with its own, in one pass."""
        grouped: dict[str, tuple[FormField, Pairs]] = {}
        owners: dict[str, list[tuple[str, FormField]]] = {}

        for pair in pairs:
            if pair[0] not in owners:
                owners[pair[0]] = self._owners(pair[0])
            for key, field in owners[pair[0]]:
                if key not in grouped:
                    grouped[key] = field, []
                grouped[key][1].append(pair)

        return grouped

    def _owners(self, name: str) -> list[tuple[str, FormField]]:
        """Return the fields that a name matches best; if it matches none, a field of its own."""
        # Only these can match: asking every field about every name took 8 s for 20,000 names.
        keys = dict.fromkeys([name, *bases(name), *self._spreading])
        matches = [(self._fields[key].match_name(name), key) for key in keys if key in self._fields]
        strongest = max((match for match, _ in matches), default=NameMatch.NONE)
        if strongest is not NameMatch.NONE:
            return [(key, self._fields[key]) for match, key in matches if match is strongest]

        # `berth=5` of a property that is only written `berth[no]=5` is refused, and never dropped.
        if name in self._fields:
            return [(name, self._fields[name])]

        # OpenAPI describes no brackets, so an undeclared `meta[k]` is an object by convention.
        base = next(bases(name), None)
        if base is not None and base not in self._fields:
            field = self._undeclared(base)
            if field.match_name(name) is not NameMatch.NONE:
                return [(base, field)]
        return [(name, self._undeclared(name))]

    def write(self, value: Any) -> bytes:
        """The pairs of an object that arrives unchanged. MediaError."""
        if not is_object(value):
            raise MediaError("must be an object")

        pairs: list[str] = []
        for key, item in value.items():
            field = self._fields.get(key) or self._undeclared(key)
            pairs += [f"{name}={text}" for name, text in field.write(item)]

        content = "&".join(pairs).encode("ascii")
        # An empty array has no pair (RFC 6570 §2.3), so it would arrive as an absent property.
        if not self._arrives(content, value):
            rule = "cannot be written as a form so that it arrives unchanged"
            raise MediaError(rule + null_fields(value), unsendable=True)

        return content

    def _arrives(self, content: bytes, value: Any) -> bool:
        try:
            return same(self.read(content), value)
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
        view = self._view.property(name)
        return FormField(view, style, _json_layout(view, encoding))

    def _undeclared(self, name: str) -> FormField:
        view = self._view.property(name)
        return FormField(view, Style.of(name, "query", None, None), _json_layout(view, {}))


class JsonLayout(Enum):
    """Which texts of a property are JSON."""

    NONE = "none"
    VALUE = "the value is one text"
    ITEMS = "each item of a list is a text"


class FormField:
    """One property in a form: it is read from pairs that are all its own."""

    def __init__(self, view: SchemaView, style: Style, layout: JsonLayout) -> None:
        self.style = style
        self._view = view
        self._styled = Styled(view, style)
        self._layout = layout

    @property
    def spreads(self) -> bool:
        """Whether it may be under names that are not its own, with or without brackets."""
        return self._styled.spreads and self._layout is JsonLayout.NONE

    def readings(self, wire: Wire) -> list[Any]:
        """The JSON values that the pairs may mean, what the property allows first. MediaError."""
        try:
            found = self._read(wire)
        except (StyleError, JsonTextError) as error:
            name = self.style.wire_name[:_LONGEST_NAME]
            raise MediaError(str(error), f"field {name}") from None
        if len(found) < 2:
            return found
        return sorted(found, key=lambda value: not self._view.accepts(value))

    def write(self, value: Any) -> Pairs:
        """The pairs of a JSON value. MediaError."""
        name, quote = self.style.wire_name, self.style.quote
        if self._layout is not JsonLayout.NONE:
            is_split = self._layout is JsonLayout.ITEMS and is_array(value)
            items = value if is_split else [value]
            return [(quote(name), quote(write_json(item).decode())) for item in items]

        try:
            pairs = self._styled.pairs(value)
        except StyleError as error:
            raise MediaError(str(error), f"field {name}", unsendable=True) from None

        if is_array(value) and len(value) == 1 and self._styled.reads_items:
            found = self.readings(Wire(query=[(name, pairs[0][1])]))
            # Brackets tell a list of one text from the text, where both are allowed.
            if not same(found[0], value) and pairs[0][0] == quote(name):
                return [(quote(f"{name}[]"), pairs[0][1])]
        return pairs

    def match_name(self, name: str) -> NameMatch:
        """Return how well a name of the form matches this property."""
        if self._layout is JsonLayout.NONE:
            return self._styled.match_name(name)
        if name == self.style.wire_name:
            return NameMatch.DECLARED

        # Libraries write objects, and lists of them, in brackets where the contract means JSON.
        steps = steps_below(name, self.style.wire_name)
        if steps is None:
            return NameMatch.NONE
        is_below = _is_nested(self._view) or (_is_list_of_objects(self._view) and is_item(steps[0]))
        return NameMatch.PATTERN if is_below else NameMatch.NONE

    def _read(self, wire: Wire) -> list[Any]:
        if self._layout is not JsonLayout.NONE:
            return self._json(wire)
        if self._styled.is_deep:
            own = [(name, self.style.unquote(raw)) for name, raw in wire.query]
            return [read_brackets(self._view, self.style.wire_name, own)]
        return [*self._styled.candidates(wire), *self._list_in_json(wire)]

    def _list_in_json(self, wire: Wire) -> list[Any]:
        """The list whose JSON is the only text of the field, as senders of scripts write it."""
        if not self._view.typed or "array" not in self._view.types or len(wire.query) != 1:
            return []

        name, raw = wire.query[0]
        text = self.style.unquote(raw)
        if name != self.style.wire_name or not text.startswith("["):
            return []
        try:
            return [read_json(text.encode("utf-8", "surrogatepass"))]
        except JsonTextError:
            return []

    def _json(self, wire: Wire) -> list[Any]:
        own = [(name, self.style.unquote(raw)) for name, raw in wire.query]
        if any(name != self.style.wire_name for name, _ in own):
            return [read_brackets(self._view, self.style.wire_name, own)]

        values = [read_json(text.encode("utf-8", "surrogatepass")) for _, text in own]
        if "array" not in self._view.types:
            if len(values) > 1:
                raise StyleError("must be given once")
            return values

        # A list is one text by OpenAPI 3.1 (as `content` is) and a text for each item by 3.2.
        # Senders do both, and the schema tells which one a single text is.
        if len(values) != 1:
            return [values] if values else []
        is_by_item = self._layout is JsonLayout.ITEMS and self._view.types == frozenset({"array"})
        return [values, values[0]] if is_by_item else [values[0], values]


def _json_layout(view: SchemaView, encoding: dict[str, Any]) -> JsonLayout:
    """Return which texts are JSON by the Encoding Object of a property.

    OpenAPI 3.1 §4.8.15: a style is stronger than `contentType`. Without both, objects are JSON, and
    a list has the media type of its items.
    """
    if any(word in encoding for word in _STYLING):
        return JsonLayout.NONE

    declared = str(encoding.get("contentType", "")).split(",")
    if all(is_json(essence_of(entry)) for entry in declared):
        # OpenAPI 3.2, Encoding By Name, encodes each item; `normalise` marks its contracts.
        return JsonLayout.ITEMS if encoding.get("x-encodes-items") is True else JsonLayout.VALUE

    if _is_nested(view):
        return JsonLayout.VALUE
    return JsonLayout.ITEMS if _is_list_of_objects(view) else JsonLayout.NONE


def _is_list_of_objects(view: SchemaView) -> bool:
    return view.types == frozenset({"array"}) and _is_nested(view.items())


def _is_nested(view: SchemaView) -> bool:
    """Whether values are objects, so that one text is JSON; null is, there."""
    # OpenAPI 3.1 §4.8.15.1: without `contentType` an object is `application/json`.
    return view.typed and "object" in view.types and view.types <= {"object", "null"}


def _pair(part: str) -> tuple[str, str]:
    # A field without an equals sign has the empty value (WHATWG URL, form parsing).
    name, _, raw = part.partition("=")
    return percent_decode(name, plus=True), raw
