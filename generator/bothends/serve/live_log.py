"""The last requests of a running stand-in, for its page."""

from __future__ import annotations

import logging
import time
from collections import deque
from typing import Any

from typing_extensions import override

from bothends.diagnostics import visible

_MOST = 200


class LiveLog(logging.Handler):
    """Keeps the last lines of the log, each with a number that only grows."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[dict[str, Any]] = deque(maxlen=_MOST)
        self._count = 0

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line, escaped: paths come from callers."""
        self._count += 1
        text = visible(record.getMessage())
        self._lines.append(
            {
                "number": self._count,
                "time": time.strftime("%H:%M:%S", time.localtime(record.created)),
                "text": text,
                "is_good": record.levelno < logging.WARNING and ": refused" not in text,
            }
        )

    def since(self, number: int) -> list[dict[str, Any]]:
        """The lines after the one of this number."""
        return [line for line in list(self._lines) if line["number"] > number]
