"""A request's body on its way: piece by piece, counted, in a sync or an async client."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing, closing
from typing import TYPE_CHECKING

import httpx2
from typing_extensions import override

from bothends.runtime.transfer.source import Bytes, Source

if TYPE_CHECKING:
    from bothends.runtime.client.transport.deadline import Deadline

Progress = Callable[[int, int | None], object]
"""Told how many bytes of a body have gone out, and how many there are; None when nobody knows."""


class Upload(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """The body of one attempt. `headers` say how long it is (RFC 9112 §6)."""

    def __init__(
        self, content: bytes | Source, deadline: Deadline, on_progress: Progress | None
    ) -> None:
        self._source = Bytes(content) if isinstance(content, bytes) else content
        self._deadline, self._on_progress = deadline, on_progress
        self._sent = 0
        length = self._source.length
        # RFC 9112 §6.3: without a length, only chunks can say where a request ends.
        self.headers = (
            {"transfer-encoding": "chunked"} if length is None else {"content-length": str(length)}
        )

    @override
    def __iter__(self) -> Generator[bytes]:
        with closing(iter(self._source)) as pieces:
            for piece in self._deadline.over(pieces):
                if piece:
                    yield piece
                    self._report_progress(len(piece))

    @override
    async def __aiter__(self) -> AsyncGenerator[bytes]:
        async with aclosing(aiter(self._source)) as pieces:
            async for piece in pieces:
                if piece:
                    yield piece
                    self._report_progress(len(piece))

    def _report_progress(self, sent: int) -> None:
        self._sent += sent
        if self._on_progress is not None:
            self._on_progress(self._sent, self._source.length)
