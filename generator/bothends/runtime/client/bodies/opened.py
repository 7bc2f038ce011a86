"""An answer whose body is still to come: read piece by piece, with the errors of a call."""

from __future__ import annotations

import zlib
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import anyio
import httpx2

from bothends.runtime.client.transport.deadline import Deadline, out_of_time
from bothends.runtime.errors import (
    AnswerTooLarge,
    BothendsError,
    NoAnswerInTime,
    UnexpectedAnswer,
)
from bothends.runtime.json.budget import BudgetError
from bothends.runtime.media import MediaError

from .received import GARBLED, Gunzip, check_size, no_answer


@dataclass(frozen=True, slots=True)
class Opened:
    """A response whose body nobody has read. `about` tells an error which call it belongs to.

    `deadline` is when all of the body must be there; an answer that may go on for ever has none.
    """

    response: httpx2.Response
    about: Callable[[BothendsError], BothendsError]
    deadline: Deadline | None = None
    most: int | None = None
    """How many bytes one item of a stream may have; None for no limit."""

    def pieces(self) -> Generator[bytes]:
        """The body without its content coding.

        Raises:
            NoAnswer: It breaks off or is late.
            UnexpectedAnswer: Its content coding is broken.
        """
        with self.reporting():
            try:
                gunzip = self._gunzip()
                pieces = self.response.iter_raw() if gunzip else self.response.iter_bytes()
                while (piece := self._next(pieces)) is not None:
                    yield from gunzip.feed(piece) if gunzip else (piece,)
                if gunzip:
                    gunzip.end()
            finally:
                self.response.close()

    async def pieces_async(self) -> AsyncGenerator[bytes]:
        """The same for async clients."""
        with self.reporting():
            try:
                gunzip = self._gunzip()
                pieces = self.response.aiter_raw() if gunzip else self.response.aiter_bytes()
                while (piece := await self._next_async(pieces)) is not None:
                    for part in gunzip.feed(piece) if gunzip else (piece,):
                        yield part

                if gunzip:
                    gunzip.end()
            finally:
                await self.response.aclose()

    @contextmanager
    def reporting(self) -> Generator[None]:
        """Within it, a fault of the body becomes an error of the call."""
        try:
            yield
        except (BudgetError, MediaError) as error:
            raise self.about(
                UnexpectedAnswer(self.response.status_code, f"body: {error}")
            ) from None
        except (httpx2.DecodingError, zlib.error):
            raise self.about(UnexpectedAnswer(self.response.status_code, GARBLED)) from None
        except httpx2.TransportError as error:
            raise self.about(no_answer(error)) from None
        except (AnswerTooLarge, NoAnswerInTime, UnexpectedAnswer) as error:
            raise self.about(error) from None

    def check_item(self, size: int) -> None:
        """AnswerTooLarge when an item that has not ended has so many bytes."""
        check_size(self.response, size, self.most)

    def _next(self, pieces: Iterator[bytes]) -> bytes | None:
        if self.deadline is None:
            return next(pieces, None)
        self.deadline.check()
        with self.deadline.applied():
            return next(pieces, None)

    async def _next_async(self, pieces: AsyncGenerator[bytes]) -> bytes | None:
        if self.deadline is None:
            return await anext(pieces, None)
        with anyio.move_on_after(self.deadline.remaining()):
            return await anext(pieces, None)
        raise out_of_time()

    def _gunzip(self) -> Gunzip | None:
        coding = self.response.headers.get("content-encoding", "").strip().lower()
        return Gunzip() if coding in ("gzip", "x-gzip") else None
