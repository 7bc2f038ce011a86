"""Parameters between JSON values and the wire, by the parameter's own schema.

Example: a query parameter `limit` of `{type: [integer, string], maximum: 100}`.

    read   limit=7    → 7       an integer that the schema accepts
    read   limit=700  → "700"   the integer is refused, the text is not
    write  7          → limit=7
    write  "7"        → ParameterError: it would arrive as the integer 7

Text has no types, so the types that the schema may allow are tried in a fixed order, and the first
value that the schema accepts is taken. The writer reads back what it wrote: a value that would
arrive as another one is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from bothends.runtime.json.pointer import join
from bothends.runtime.json.text import JsonTextError, read_json, write_json
from bothends.runtime.json.value import is_array, same
from bothends.runtime.media.error import MediaError
from bothends.runtime.media_type import essence_of, is_json
from bothends.runtime.operation import MISSING, ApiKey, Operation, Parameter, ResponseHeader
from bothends.runtime.schema.contract import Contract, load_contract
from bothends.runtime.schema.schema_view import SchemaView

from .style import PlusText, Style, StyleError, percent_decode, read_pairs
from .styled import NameMatch, Styled, Wire, header_line

if TYPE_CHECKING:
    from bothends.runtime.media.form import Form

__all__ = [
    "ParameterCodec",
    "ParameterError",
    "Wire",
    "find_tangled",
    "header_codec",
    "header_format_fault",
    "parameter_codecs",
    "read_header",
]

_FORM = "application/x-www-form-urlencoded"
_NOT_IN_COOKIE_NAME = re.compile(r"[\x00-\x20\x7f;=]")
_NOT_IN_HEADER = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|^[ \t]|[ \t]$")


class ParameterError(ValueError):
    """A parameter breaks the contract.

    The message is the rule, `pointer` the part of the value that breaks it. `unsendable` says that
    the contract allows the value, and that the style has no form for it.
    """

    def __init__(self, rule: str, *, pointer: str = "", unsendable: bool = False) -> None:
        super().__init__(f"{pointer}: {rule}" if pointer else rule)
        self.rule, self.pointer, self.unsendable = rule, pointer, unsendable


class ParameterCodec:
    """One parameter or response header, both directions."""

    def __init__(
        self,
        contract: Contract,
        pointer: str,
        style: Style,
        media_type: str | None = None,
        rival: Callable[[str], NameMatch] = lambda _: NameMatch.NONE,
    ) -> None:
        self.style = style
        self.is_content = media_type is not None
        self._is_required = contract.find_object(pointer).get("required") is True
        if media_type:
            pointer += join("content", media_type)
        self.pointer = f"{pointer}/schema"
        self.contract, self._rival = contract, rival

        # Of the others only text is left by `normalise`, and only for a whole query string.
        essence = essence_of(media_type or "")
        self._form: Form | None = None
        if essence == _FORM:
            from bothends.runtime.media.form import Form

            self._form = Form(contract, pointer)
        self._is_text = self.is_content and not is_json(essence) and self._form is None
        self.view = SchemaView(contract, (self.pointer,))
        self._styled = Styled(self.view, style, rival)

    def read(self, wire: Wire) -> Any:
        """Return the JSON value of the parameter in a request, or MISSING.

        Raises:
            ParameterError: The contract allows none of the values that the texts may mean.
        """
        candidates = self.candidates(wire)
        if not candidates:
            return MISSING

        for candidate in candidates:
            if self.contract.accepts(self.pointer, candidate):
                return candidate

        fault = self.contract.fault(self.pointer, candidates[0])
        if fault is None:
            raise ParameterError("cannot be read")
        raise ParameterError(fault.rule, pointer=fault.pointer)

    def candidates(self, wire: Wire) -> list[Any]:
        """Return the JSON values that the texts may mean, likeliest first, not yet judged.

        Raises:
            ParameterError: The texts are not of the parameter's style or media type.
        """
        try:
            return list(self._content(wire) if self.is_content else self._styled.candidates(wire))
        except (StyleError, JsonTextError, MediaError) as error:
            raise ParameterError(str(error)) from None

    def write(self, value: Any) -> Wire:
        """Return the JSON value on the wire.

        Raises:
            ParameterError: The contract refuses the value, or the style has no form for it.
        """
        fault = self.contract.fault(self.pointer, value)
        if fault is not None:
            raise ParameterError(fault.rule, pointer=fault.pointer)
        return self.write_valid(value)

    def write_valid(self, value: Any) -> Wire:
        """Write a value that the contract is known to allow.

        A list of one, if the contract allows a text or a list of texts, is written as the text: the
        two look the same in a query, and mean the same.
        """
        wire = self.write_unchecked(value)
        if not self.carries(wire, value):
            raise self._unsendable(value)
        return wire

    def write_exactly(self, value: Any) -> Wire:
        """Write without that exception: the value that is read equals the one written."""
        wire = self.write(value)
        if not self.reads(wire, value):
            raise self._unsendable(value)
        return wire

    def carries(self, wire: Wire, value: Any) -> bool:
        """Whether this value is read from the wire, or for a list of one its only item."""
        is_single = is_array(value) and len(value) == 1
        return self.reads(wire, value) or (is_single and self.reads(wire, value[0]))

    def write_unchecked(self, value: Any) -> Wire:
        """Write any value, whether it arrives unchanged or not."""
        try:
            return self._write(value)
        except (StyleError, MediaError):
            raise self._unsendable(value) from None

    def _unsendable(self, value: Any) -> ParameterError:
        what = "null" if value is None else "this value"
        if value in ("", [], {}):
            nouns = {"str": "empty text", "list": "an empty list", "dict": "an empty object"}
            what = nouns[type(value).__name__]
        style = "" if self.is_content else f" in style {self.style.style}"
        where = f"a {self.style.location}{style}"
        rule = f"{what} cannot be written in {where} so that it arrives unchanged"
        if (
            isinstance(value, str)
            and self.style.location == "header"
            and _NOT_IN_HEADER.search(value)
        ):
            rule = "no header can carry a line break, a control character, or a space at an end"
        return ParameterError(rule, unsendable=True)

    def reads(self, wire: Wire, value: Any) -> bool:
        """Whether exactly this value, or MISSING, is read from the wire."""
        try:
            return same(self.read(wire), value)
        except ParameterError:
            return False

    def match_name(self, name: str) -> NameMatch:
        """Return how well a name among those of its location matches this parameter."""
        if self.is_content:
            return NameMatch.DECLARED if name == self.style.wire_name else NameMatch.NONE
        return self._styled.match_name(name)

    @property
    def spreads(self) -> bool:
        """Whether it may be under names that are not its own."""
        return not self.is_content and (self._styled.spreads or self.style.style == "deepObject")

    def _write(self, value: Any) -> Wire:
        name, location = self.style.wire_name, self.style.location
        if location == "path":
            return Wire(path={name: _path_text(self._text(value))})
        if location == "header":
            return Wire(headers={name.lower(): [_header_text(self._text(value))]})
        if location == "querystring":
            if self._form is not None:
                return Wire(query_string=self._form.write(value).decode())
            return Wire(query_string=self._text(value))

        if self.is_content:
            pairs = [(self.style.quote(name), self._text(value))]
        else:
            pairs = self._styled.pairs(value)
        found = [(percent_decode(key, plus=location == "query"), text) for key, text in pairs]
        if location == "query":
            return Wire(query=found)

        # `{"x=1; session": "7"}` would send a cookie of another name.
        if any(_NOT_IN_COOKIE_NAME.search(key) for key, _ in found):
            raise StyleError("holds a name that no cookie can have")
        return Wire(cookies=found)

    def _text(self, value: Any) -> str:
        if self._is_text:
            return self.style.quote(str(value))
        if self.is_content:
            return self.style.quote(write_json(value).decode())
        return self._styled.text(value)

    def _content(self, wire: Wire) -> Iterator[Any]:
        """The JSON value of a parameter with a media type, if it is there."""
        style = self.style
        text: object

        if self._form is not None:
            yield from self._fields(self._form, wire.query_string)
            return
        if style.location == "path":
            text = style.unquote(wire.path[style.wire_name])
        elif style.location == "header":
            text = header_line(wire, style, "text")
        elif style.location == "querystring":
            text = style.unquote(wire.query_string) if wire.query_string else None
        else:
            plain = Style(style.wire_name, style.location, "form", explode=True)
            pairs = wire.query if style.location == "query" else wire.cookies
            text = read_pairs(plain, pairs, "text", lambda _: False)

        if text is not None and self._is_text:
            yield text
        elif text is not None:
            yield read_json(str(text).encode("utf-8", "surrogatepass"))
        if isinstance(text, PlusText):
            with suppress(JsonTextError):
                yield read_json(text.literal.encode("utf-8", "surrogatepass"))

    def _fields(self, form: Form, query_string: str) -> Iterator[Any]:
        """The object of a query string that is a form; an empty one is absent if it may be."""
        # An API key in the query is no field of the form.
        own: list[str] = []
        for pair in filter(None, query_string.split("&")):
            name = percent_decode(pair.partition("=")[0], plus=True)
            if self._rival(name) is not NameMatch.DECLARED:
                own.append(pair)

        if own or self._is_required:
            yield form.read("&".join(own).encode("utf-8", "surrogatepass"))


def _path_text(text: str) -> str:
    if not text:
        raise StyleError("an empty text cannot be a part of a path")
    # HTTP libraries remove the segments `.` and `..` (RFC 3986 §5.2.4).
    return {".": "%2E", "..": "%2E%2E"}.get(text, text)


def _header_text(text: str) -> str:
    if _NOT_IN_HEADER.search(text):
        raise StyleError("holds characters that a header cannot carry")
    return text


@cache
def parameter_codecs(operation: Operation[Any]) -> tuple[tuple[Parameter, ParameterCodec], ...]:
    """Return the parameters of an operation with their codecs, in its order."""
    contract = load_contract(operation.api)
    nodes = contract.find_array(f"{operation.pointer}/parameters")
    indices: dict[tuple[str, str], int] = {}
    for index, node in enumerate(nodes):
        indices[node["in"], _key(node["in"], node["name"])] = index

    codecs: list[tuple[Parameter, ParameterCodec]] = []

    def rival(reader: Parameter, name: str) -> NameMatch:
        # The whole query string has the pairs of the query.
        location = reader.location.removesuffix("string")
        # An API key in the query is no property of an exploded object beside it.
        keys = [scheme for scheme in operation.api.security.values() if isinstance(scheme, ApiKey)]
        if any(key.location == location and key.wire_name == name for key in keys):
            return NameMatch.DECLARED
        others = [codec for another, codec in codecs if another is not reader]
        beside = [codec for codec in others if codec.style.location == location]
        return max((codec.match_name(name) for codec in beside), default=NameMatch.NONE)

    for parameter in operation.parameters:
        index = indices[parameter.location, _key(parameter.location, parameter.wire_name)]
        pointer = f"{operation.pointer}/parameters/{index}"
        style = Style.of(
            parameter.wire_name,
            parameter.location,
            parameter.style,
            parameter.explode,
            parameter.allow_reserved,
        )
        content = parameter.content or next(iter(nodes[index].get("content", ())), None)
        codec = ParameterCodec(contract, pointer, style, content, partial(rival, parameter))
        codecs.append((parameter, codec))

    return tuple(codecs)


def find_tangled(
    operation: Operation[Any], wire: Wire, values: Mapping[str, Any]
) -> Parameter | None:
    """Return the first parameter whose value arrives changed because of the others, or None.

    Each parameter was read back by itself. Only one that has several names on the wire, such as an
    exploded object, can read the pairs of another one.

    Args:
        operation: The operation that is called.
        wire: All its parameters.
        values: Their JSON values by Python name.
    """
    codecs = parameter_codecs(operation)
    if any(codec.spreads for _, codec in codecs):
        for parameter, codec in codecs:
            if not codec.carries(wire, values.get(parameter.name, MISSING)):
                return parameter

    return None


@cache
def header_codec(operation: Operation[Any], key: str, header: ResponseHeader) -> ParameterCodec:
    """The codec of a header of the reply that is documented under `key`."""
    contract = load_contract(operation.api).answers
    pointer = operation.pointer + join("responses", key)
    names = contract.find_object(f"{pointer}/headers")
    name = next(name for name in names if name.lower() == header.wire_name.lower())
    content = next(iter(names[name].get("content", ())), None)
    declared = names[name].get("style", "simple")
    style = Style.of(header.wire_name, "header", declared, header.explode)
    return ParameterCodec(contract, pointer + join("headers", name), style, content)


def read_header(
    operation: Operation[Any], key: str, header: ResponseHeader, lines: Sequence[str]
) -> Any:
    """Return the JSON value of a response header, or MISSING.

    Args:
        operation: The operation that was called.
        key: The key of the reply, such as `"200"` or `"4XX"`.
        header: The header to read.
        lines: Its lines in the response.

    Raises:
        ParameterError: The contract does not allow the value.
    """
    wire = Wire(headers={header.wire_name.lower(): list(lines)} if lines else {})
    return header_codec(operation, key, header).read(wire)


def header_format_fault(
    operation: Operation[Any], key: str, header: ResponseHeader, value: Any
) -> str | None:
    """Return what only a text format is against, in a response header that is accepted."""
    if value is MISSING or isinstance(value, bool | int | float):
        return None
    codec = header_codec(operation, key, header)
    fault = codec.contract.format_fault(codec.pointer, value)
    return f"header {header.wire_name}: {fault}" if fault is not None else None


def _key(location: str, name: str) -> str:
    return name.lower() if location == "header" else name
