"""A binary answer that is read piece by piece: iterated over, or saved to a file."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Generator, Iterable, Mapping
from contextlib import aclosing, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

from anyio import to_thread
from typing_extensions import override

from bothends.runtime.exchange import Headers
from bothends.runtime.transfer.source import Sizes

if TYPE_CHECKING:
    from .opened import Opened
    from .upload import Progress

NO_BYTES = "with_streaming_response has methods whose answer is bytes; this one gives none"
DownloadT = TypeVar("DownloadT")


@dataclass(slots=True)
class Incoming:
    """An answer before its body is read. `breach` is called for a size that breaks the contract."""

    opened: Opened
    headers: Headers
    header_values: Mapping[str, Any]
    sizes: Sizes
    breach: Callable[[str], None]
    _is_reported: bool = False

    @property
    def length(self) -> int | None:
        """How many bytes there will be."""
        # Content-Length counts the coded bytes (RFC 9110 §8.6), and not the ones that are read.
        text = "" if "content-encoding" in self.headers else self.headers.get("content-length", "")
        return int(text) if text.isascii() and text.isdigit() else None

    def check(self, received: int, *, is_complete: bool) -> None:
        """Hold the size of the body so far to the contract."""
        fault = self.sizes.fault(received)
        if fault is not None and not self._is_reported and (is_complete or fault[1] == "maxLength"):
            self._is_reported = True
            self.breach(f"body: {fault[0]}")


class _Download:
    """What sync and async downloads have in common: all that is known before the body is read."""

    def __init__(self, incoming: Incoming) -> None:
        self._incoming = incoming
        self.status = incoming.opened.response.status_code
        self.headers = incoming.headers
        self.header_values = incoming.header_values
        self.length = incoming.length
        self._is_over = False

    def _check_unread(self) -> None:
        """Raise RuntimeError when there is nothing to read any more."""
        if self._is_over:
            raise RuntimeError(
                "the body of this answer is gone: it was read, or its `with` has ended. "
                "Read it once and keep it, or call again"
            )


class Download(_Download, Iterable[bytes]):
    """The body of a binary answer, to be read once, within its `with`.

    `status`, `headers` and `header_values` are as in `RawResponse`; `length` is the number of
    bytes, None when nobody knows it. NoAnswer is raised when the body breaks off, NoAnswerInTime
    when it takes longer than the call may, and RuntimeError when it is read again or later.
    """

    def __init__(self, incoming: Incoming) -> None:
        super().__init__(incoming)
        self._pieces = self._read_pieces()

    @override
    def __iter__(self) -> Generator[bytes]:
        self._check_unread()
        return self._pieces

    def _read_pieces(self) -> Generator[bytes]:
        try:
            yield from _pieces(self._incoming)
        finally:
            self._is_over = True

    def read(self) -> bytes:
        """The rest of the body, in memory."""
        return b"".join(self)

    def save(self, path: str | os.PathLike[str], *, on_progress: Progress | None = None) -> int:
        """Write the body to a file, and say how many bytes it has.

        The file is there when all of it is, not before.

        `on_progress` is called with the number of bytes so far, and of all of them if it is known.
        """
        saved = 0
        with _appearing(Path(path)) as file:
            for piece in self:
                saved += file.write(piece)
                if on_progress is not None:
                    on_progress(saved, self.length)

        return saved

    def close(self) -> None:
        """Leave the rest unread."""
        self._is_over = True
        self._pieces.close()
        self._incoming.opened.response.close()


class AsyncDownload(_Download, AsyncIterable[bytes]):
    """The same for async clients."""

    def __init__(self, incoming: Incoming) -> None:
        super().__init__(incoming)
        self._pieces = self._read_pieces()

    @override
    def __aiter__(self) -> AsyncGenerator[bytes]:
        self._check_unread()
        return self._pieces

    async def _read_pieces(self) -> AsyncGenerator[bytes]:
        try:
            async with aclosing(_async_pieces(self._incoming)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            self._is_over = True

    async def read(self) -> bytes:
        """The rest of the body, in memory."""
        return b"".join([piece async for piece in self])

    async def save(
        self, path: str | os.PathLike[str], *, on_progress: Progress | None = None
    ) -> int:
        """Write the body to a file, as `Download.save` does."""
        saved = 0
        with _appearing(Path(path)) as file:
            async for piece in self:
                saved += await to_thread.run_sync(file.write, piece)
                if on_progress is not None:
                    on_progress(saved, self.length)

        return saved

    async def aclose(self) -> None:
        """Leave the rest unread."""
        self._is_over = True
        await self._pieces.aclose()
        await self._incoming.opened.response.aclose()


def downloaded(result: object, kind: type[DownloadT]) -> DownloadT:
    """Return the result of a method that was called for a download.

    Raises:
        TypeError: The result is no download.
    """
    if not isinstance(result, kind):
        raise TypeError(NO_BYTES)
    return result


def _pieces(incoming: Incoming) -> Generator[bytes]:
    received = 0
    with incoming.opened.reporting(), closing(incoming.opened.pieces()) as pieces:
        for piece in pieces:
            received += len(piece)
            incoming.check(received, is_complete=False)
            yield piece
        incoming.check(received, is_complete=True)


async def _async_pieces(incoming: Incoming) -> AsyncGenerator[bytes]:
    received = 0
    with incoming.opened.reporting():
        async with aclosing(incoming.opened.pieces_async()) as pieces:
            async for piece in pieces:
                received += len(piece)
                incoming.check(received, is_complete=False)
                yield piece
        incoming.check(received, is_complete=True)


@contextmanager
def _appearing(path: Path) -> Generator[IO[bytes]]:
    """A file that gets its name when it is complete, and replaces the old one then."""
    # In the same folder: a rename to another file system is no single step.
    growing = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with growing.open("xb") as file:
            yield file
        growing.replace(path)
    except BaseException:
        growing.unlink(missing_ok=True)
        raise
