"""What a server sends, as far as a proof reads it: a foreign one may never end."""

from __future__ import annotations

import io
import socket
import time
from typing import Final

from typing_extensions import Buffer, override

MOST_BYTES: Final = 32 * 1024 * 1024
MOST_SECONDS: Final = 30.0


class EndlessAnswer(OSError):
    """A server has sent more than is read, or has taken longer."""


class Received(io.RawIOBase):
    """The bytes that come over a connection, as `http.client` reads them.

    Each piece has the connection's own time limit; a byte now and then would keep all of them.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._left, self._until = MOST_BYTES, time.monotonic() + MOST_SECONDS

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        if self._left <= 0 or time.monotonic() > self._until:
            raise EndlessAnswer
        count = self._connection.recv_into(buffer)
        self._left -= count
        return count

    def makefile(self, mode: str) -> io.BufferedReader:
        """What `http.client` asks a connection for."""
        del mode
        return io.BufferedReader(self)
