"""Bytes that are read as they are sent: from a path, an open file, or an iterable of pieces."""

from __future__ import annotations

import io
import os
import stat
import zlib
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable, Sequence
from contextlib import ExitStack, aclosing, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from anyio import to_thread
from typing_extensions import override

from bothends.runtime.article import with_article

from .each import each

CHUNK = 65_536

BinarySource = bytes | os.PathLike[str] | IO[bytes] | Iterable[bytes] | AsyncIterable[bytes]
"""Where bytes may be taken from: bytes, a path, an open file, or an iterable of pieces.

What is no bytes is read as it is sent, and never whole; only an async client can send what is
iterated over asynchronously.
"""


class SourceError(ValueError):
    """Bytes cannot be read, or are not what they should be; the message says why."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many bytes there may be."""

    least: int = 0
    most: int | None = None

    def fault(self, length: int) -> tuple[str, str] | None:
        """The rule that a length breaks, and its keyword."""
        if self.most is not None and length > self.most:
            return f"at most {self.most} bytes, got {length}", "maxLength"
        if length < self.least:
            return f"at least {self.least} bytes, got {length}", "minLength"
        return None


class Source(ABC, Iterable[bytes]):
    """Bytes to be sent.

    `length` is None when nobody knows it; what is not `replayable` can be read once only.
    """

    length: int | None = None
    replayable: bool = False
    sizes: Sizes = Sizes()

    @abstractmethod
    def read(self) -> Generator[bytes]:
        """The bytes piece by piece, from the beginning. SourceError."""

    @override
    def __iter__(self) -> Generator[bytes]:
        sent = 0
        with closing(self.read()) as pieces:
            for piece in pieces:
                sent += len(piece)
                self._check(sent, is_complete=False)
                yield piece

        self._check(sent, is_complete=True)

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        pieces = iter(self)
        try:
            # In a thread that nobody waits for: a pipe may be silent for longer than the call's
            # time.
            while (
                piece := await to_thread.run_sync(next, pieces, None, abandon_on_cancel=True)
            ) is not None:
                yield piece
        finally:
            with suppress(ValueError):  # it still runs in its thread, and ends with it
                pieces.close()

    def close(self) -> None:
        """Close what was opened for it, if anything."""

    def read_all(self) -> bytes:
        """All of the bytes, in memory. SourceError."""
        return b"".join(self.read())

    def _check(self, sent: int, *, is_complete: bool) -> None:
        fault = self.sizes.fault(sent)
        if fault is not None and (is_complete or fault[1] == "maxLength"):
            raise SourceError(fault[0])


def source_of(value: Any) -> Source:
    """Return the source of a value that a user passed; SourceError if it is no source of bytes."""
    if isinstance(value, Source):
        return value
    if isinstance(value, bytes):
        return Bytes(value)
    if isinstance(value, os.PathLike):
        return _AtPath(Path(cast("os.PathLike[str]", value)))
    # A text file would be encoded again, with line ends of the platform: not its bytes.
    if isinstance(value, io.TextIOBase):
        raise SourceError("the file is open as text: open it in mode 'rb'")
    if hasattr(value, "read"):
        return _Open(cast("IO[bytes]", value))
    if isinstance(value, AsyncIterable):
        return _AsyncPieces(cast("AsyncIterable[bytes]", value))
    if hasattr(value, "__iter__") and not isinstance(value, str) and not hasattr(value, "keys"):
        return _Pieces(cast("Iterable[bytes]", value))

    raise SourceError(
        f"{with_article(type(value).__name__)} is no bytes, path, open file or iterable of bytes"
    )


class Bytes(Source):
    """Bytes that are in memory already."""

    replayable = True

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.length = len(content)

    @override
    def read(self) -> Generator[bytes]:
        for start in range(0, len(self._content), CHUNK):
            yield self._content[start : start + CHUNK]


class Joined(Source):
    """Sources one after another."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        lengths = [source.length for source in sources]
        self.length = (
            None if None in lengths else sum(length for length in lengths if length is not None)
        )
        self.replayable = all(source.replayable for source in sources)

    @override
    def read(self) -> Generator[bytes]:
        for source in self._sources:
            yield from source

    @override
    async def __aiter__(self) -> AsyncGenerator[bytes]:
        for source in self._sources:
            async with aclosing(aiter(source)) as pieces:
                async for piece in pieces:
                    yield piece

    @override
    def close(self) -> None:
        with ExitStack() as closing_all:
            for source in self._sources:
                closing_all.callback(source.close)


class Gzipped(Source):
    """A source in the content coding gzip, each piece of which can be read when it has arrived."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.replayable = source.replayable

    @override
    def read(self) -> Generator[bytes]:
        deflater = zlib.compressobj(wbits=31)
        with closing(iter(self._source)) as pieces:
            for piece in pieces:
                # Flushed for each piece: a server that reads a stream of items waits for each.
                yield deflater.compress(piece) + deflater.flush(zlib.Z_SYNC_FLUSH)
        yield deflater.flush()

    @override
    async def __aiter__(self) -> AsyncGenerator[bytes]:
        deflater = zlib.compressobj(wbits=31)
        async with aclosing(aiter(self._source)) as pieces:
            async for piece in pieces:
                yield deflater.compress(piece) + deflater.flush(zlib.Z_SYNC_FLUSH)
        yield deflater.flush()


class _AtPath(Source):
    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            found = path.stat()
        except OSError as error:
            raise SourceError(_unreadable(error)) from error

        # A named pipe has a path and can be read once only; its size is 0.
        self.replayable = stat.S_ISREG(found.st_mode)
        self.length = found.st_size if self.replayable else None

    @override
    def read(self) -> Generator[bytes]:
        try:
            with self._path.open("rb") as file:
                while piece := file.read(CHUNK):
                    yield piece
        except OSError as error:
            raise SourceError(_unreadable(error)) from error


class _Open(Source):
    """The rest of an open file; one that can be rewound is, for each attempt."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._start = _position(file)
        self.replayable = self._start is not None
        if self._start is not None:
            self.length = max(0, file.seek(0, os.SEEK_END) - self._start)
            file.seek(self._start)

    @override
    def read(self) -> Generator[bytes]:
        if self._start is not None:
            self._file.seek(self._start)
        while piece := self._file.read(CHUNK):
            yield _bytes(piece)

    @override
    def close(self) -> None:
        self._file.close()


class _Pieces(Source):
    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        # A generator is empty the second time, so a retry would send nothing.
        self.replayable = isinstance(pieces, list | tuple)

    @override
    def read(self) -> Generator[bytes]:
        try:
            for piece in self._pieces:
                yield _bytes(piece)
        finally:
            close = getattr(self._pieces, "close", None)
            if close is not None:
                close()


class _AsyncPieces(Source):
    def __init__(self, pieces: AsyncIterable[bytes]) -> None:
        self._pieces = pieces

    @override
    def read(self) -> Generator[bytes]:
        raise SourceError(
            "what is iterated over asynchronously can be sent by an async client only"
        )

    @override
    async def __aiter__(self) -> AsyncGenerator[bytes]:
        sent = 0
        async with aclosing(each(self._pieces)) as pieces:
            async for piece in pieces:
                sent += len(_bytes(piece))
                self._check(sent, is_complete=False)
                yield piece

        self._check(sent, is_complete=True)


def _position(file: IO[bytes]) -> int | None:
    """Where an open file stands; None when it cannot be rewound."""
    try:
        return file.tell() if file.seekable() else None
    except (AttributeError, OSError):
        return None


def _bytes(piece: object) -> bytes:
    if not isinstance(piece, bytes):
        raise SourceError(f"{with_article(type(piece).__name__)} is no part of a binary body")
    return piece


def _unreadable(error: OSError) -> str:
    which = f" {error.filename}" if error.filename is not None else ""
    return f"the file{which} cannot be read: {error.strerror or type(error).__name__}"
