"""The headers that a contract describes for a part (OpenAPI 3.1 §4.8.15.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bothends.runtime.exchange import header_text
from bothends.runtime.json.pointer import join
from bothends.runtime.media.error import MediaError
from bothends.runtime.operation import MISSING
from bothends.runtime.parameters.parameter import ParameterCodec, ParameterError, Wire
from bothends.runtime.parameters.style import Style
from bothends.runtime.schema.contract import Contract
from bothends.runtime.schema.schema_view import SchemaView


class PartHeaders:
    """The headers of the parts of one Encoding Object, which is at `encoding`."""

    def __init__(self, contract: Contract, encoding: str) -> None:
        self._contract, self._encoding = contract, encoding
        self._headers: dict[str, tuple[ParameterCodec, Any]] = {}
        for name, node in contract.find_object(f"{encoding}/headers").items():
            # Content-Type among `headers` is ignored.
            if name.lower() != "content-type":
                style = Style.of(name, "header", None, None)
                codec = ParameterCodec(contract, encoding + join("headers", name), style)
                self._headers[name] = (codec, node)

    def has(self, name: str) -> bool:
        """Whether the contract describes a header of this name in lower case."""
        return any(header.lower() == name for header in self._headers)

    def read(self, lines: dict[str, str], location: str) -> dict[str, str]:
        """The described headers among the lines of a part, whose names are in lower case.

        Raises:
            MediaError: A header breaks the contract, or is missing. It is told of `location`.
        """
        found: dict[str, str] = {}
        for name, (codec, node) in self._headers.items():
            text = lines.get(name.lower())
            try:
                value = codec.read(Wire(headers={name.lower(): [text]} if text is not None else {}))
            except ParameterError as error:
                raise MediaError(f"header {name}: {error}", location) from None

            if value is MISSING and node.get("required") is True:
                raise MediaError(f"header {name} is required", location)
            if text is not None:
                found[name] = text

        return found

    def constants(self) -> Iterator[tuple[str, str]]:
        """The headers that each part must have, and that have one text only."""
        for name, (_, node) in self._headers.items():
            schema = self._encoding + join("headers", name, "schema")
            schemas = SchemaView(self._contract, (schema,)).schemas()
            texts = [schema["const"] for schema in schemas if "const" in schema]
            if node.get("required") is True and texts and isinstance(texts[0], str):
                yield name, texts[0]

    def samples(self) -> Iterator[tuple[str, str]]:
        """A text for each header that a part must have: its example, or one that is made up."""
        # Only examples need it, and a client has none to read.
        from bothends.runtime.schema.sample.value import sample  # noqa: PLC0415

        for name, (codec, node) in self._headers.items():
            if node.get("required") is not True:
                continue
            value = node["example"] if "example" in node else sample(codec.contract, codec.pointer)
            if value is not MISSING:
                yield name, header_text(value)
