"""Multipart bodies byte by byte, as no client would write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bothends.prove.wire.message import Request
from bothends.runtime.media_type import parse_content_type


@dataclass(frozen=True, slots=True)
class RawPart:
    """One part: the lines of its head, and its bytes."""

    head: tuple[str, ...]
    content: bytes

    @property
    def name(self) -> str:
        """The name in its Content-Disposition, as far as it is plainly written."""
        line = next(
            (item for item in self.head if item.lower().startswith("content-disposition:")), ""
        )
        return line.partition('name="')[2].partition('"')[0]

    def with_line(self, name: str, *values: str) -> RawPart:
        """The part with a header of these values; without it when there are none."""
        remaining = tuple(
            line for line in self.head if line.partition(":")[0].lower() != name.lower()
        )
        return replace(self, head=(*remaining, *(f"{name}: {value}" for value in values)))

    def with_content(self, content: bytes) -> RawPart:
        """The part with other bytes."""
        return replace(self, content=content)


def named_part(name: str, content: bytes) -> RawPart:
    """A part with nothing but a name."""
    return RawPart((f'Content-Disposition: form-data; name="{name}"',), content)


def boundary_of(request: Request) -> str:
    """The boundary that a request names; empty when it names none."""
    media = parse_content_type(request.header("content-type") or "")
    return media.parameters.get("boundary", "") if media is not None else ""


def split_parts(request: Request) -> list[RawPart]:
    """The parts of a request that our own client has written."""
    mark = b"--" + boundary_of(request).encode("latin-1")
    found: list[RawPart] = []

    for piece in (b"\r\n" + request.body).split(b"\r\n" + mark)[1:-1]:
        head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        found.append(RawPart(tuple(head.decode("utf-8").split("\r\n")), content))
    return found


def join_parts(request: Request, parts: Sequence[RawPart], *, line: bytes = b"\r\n") -> Request:
    """The request with other parts."""
    mark = b"--" + boundary_of(request).encode("latin-1")
    texts: list[bytes] = []
    for part in parts:
        head = [item.encode() for item in part.head]
        texts.append(line.join([mark, *head, b"", part.content]))

    return request.with_body(line.join([*texts, mark + b"--", b""]))
