"""What the server's log says, which callers are not told."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager

from typing_extensions import override

from bothends.runtime import Api


class ServerLog(logging.Handler):
    """The server's latest complaint, and whether it is that the wire has no form for an answer."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.text = ""
        self.unsendable = False

    @override
    def emit(self, record: logging.LogRecord) -> None:
        cause = record.exc_info[1] if record.exc_info else None
        told = record.args if isinstance(record.args, tuple) else ()
        self.unsendable = any(getattr(error, "unsendable", False) for error in (cause, *told))
        self.text = record.getMessage() + (f" ({type(cause).__name__}: {cause})" if cause else "")


@contextmanager
def listening(api: Api) -> Generator[ServerLog]:
    """What the server logs is heard here, and nowhere else."""
    logger, other, log = logging.getLogger(f"bothends.{api.name}"), logging.getLogger("uvicorn.error"), ServerLog()
    before = logger.propagate, logger.disabled, other.disabled
    logger.addHandler(log)
    logger.propagate, logger.disabled, other.disabled = False, False, True
    try:
        yield log
    finally:
        logger.removeHandler(log)
        logger.propagate, logger.disabled, other.disabled = before
