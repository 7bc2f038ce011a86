"""The log of a running stand-in: one line per request, with its verdict."""

from __future__ import annotations

import logging
from typing import TextIO

from typing_extensions import override

from bothends.diagnostics import visible


class _Line(logging.Formatter):
    """The time and the message, escaped: paths come from callers and could steer the terminal."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        message = visible(record.getMessage())
        if record.levelno >= logging.WARNING:
            message = f"{record.levelname.lower()}: {message}"

        fault = ""
        if record.exc_info:
            fault = "\n" + visible(self.formatException(record.exc_info), keep="\n")
        return f"{self.formatTime(record, '%H:%M:%S')} {message}{fault}"


def log_to(stream: TextIO) -> None:
    """Write what the servers of this process have to say to a stream."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Line())

    for name, level in (("bothends", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False
