"""The header lines of a reply: those that the contract documents, and those of the handler."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bothends.runtime.exchange import header_text
from bothends.runtime.models.encoding import EncodeError, encode
from bothends.runtime.operation import MISSING, Operation, Reply
from bothends.runtime.parameters.parameter import (
    ParameterCodec,
    ParameterError,
    header_codec,
    header_format_fault,
)
from bothends.runtime.parameters.styled import Wire

from .broken_reply import BrokenReply, warn_of_format

# RFC 9112 §6.3: a second, different length makes the message an unrecoverable error.
_OURS = frozenset({"content-type", "content-length", "transfer-encoding", "connection"})


def header_lines(
    operation: Operation[Any], key: str, reply: Reply, headers: Mapping[str, object], *, check: bool
) -> list[tuple[str, str]]:
    """Return the header lines of a reply, name and text.

    Args:
        operation: The operation that was called.
        key: The status that documents the reply, as the contract writes it.
        reply: That reply.
        headers: What the handler gives, by name in any case; None stands for no header.
        check: Whether the contract judges them.

    Raises:
        BrokenReply: A header breaks the contract, is missing, or is the server's to write.
    """
    if not headers and not reply.headers:
        return []

    provided = {name.lower(): (name, value) for name, value in headers.items() if value is not None}
    if _OURS & provided.keys():
        raise BrokenReply(
            f"header {', '.join(sorted(_OURS & provided.keys()))} is written by the server"
        )

    lines = dict[str, tuple[str, str]]()
    for header in reply.headers:
        codec = header_codec(operation, key, header)
        name, value = provided.pop(header.wire_name.lower(), (header.wire_name, MISSING))
        if value is not MISSING:
            lines[name.lower()] = name, _documented_line(codec, name, value, check=check)
            fault = header_format_fault(operation, key, header, encode(value)) if check else None
            if fault is not None:
                warn_of_format(operation, key, fault)
        elif check and header.required:
            raise BrokenReply(f"header {header.wire_name} is required")

    others = {key: (name, _line(name, value)) for key, (name, value) in provided.items()}
    return list({**lines, **others}.values())


def _documented_line(codec: ParameterCodec, name: str, value: object, *, check: bool) -> str:
    """The text of a header that the contract documents.

    Of a value in its type, such that it arrives; or text, as it is.
    """
    try:
        encoded = encode(value)
        if not isinstance(value, str) or codec.contract.accepts(codec.pointer, encoded):
            [[line]] = codec.write(encoded).headers.values()
            return line
        codec.read(Wire(headers={codec.style.wire_name.lower(): [_line(name, value)]}))
    except (ParameterError, EncodeError) as error:
        if check:
            unsendable = isinstance(error, ParameterError) and error.unsendable
            raise BrokenReply(f"header {name}: {error}", unsendable=unsendable) from None

    return _line(name, value)


def _line(name: str, value: object) -> str:
    # RFC 9110 §5.5: whitespace around a value is not part of it, so it would not arrive.
    text = header_text(value)
    if (
        any(ord(char) < 32 or ord(char) == 127 for char in text if char != "\t")
        or text != text.strip()
    ):
        raise BrokenReply(f"header {name} holds what a header cannot carry", unsendable=True)
    return text
