"""The logger of each package, `bothends.<package>`, quiet until the user configures it."""

from __future__ import annotations

import logging
from contextvars import ContextVar

import httpx2
from typing_extensions import override

_SHOWN: ContextVar[str | None] = ContextVar("bothends_shown", default=None)


class _Redacted(logging.Filter):
    """Replaces URLs in the HTTP library's log lines by redacted ones: some carry keys."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        display = _SHOWN.get()
        if display is not None and isinstance(record.args, tuple):
            record.args = tuple(
                display if isinstance(part, httpx2.URL) else part for part in record.args
            )
        return True


class shown_as:  # noqa: N801  # it reads as a function, as those of contextlib do
    """Within it, a request of this thread or task has this URL in the logs."""

    __slots__ = ("_token", "_url")

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> None:
        self._token = _SHOWN.set(self._url)

    def __exit__(self, *_: object) -> None:
        _SHOWN.reset(self._token)


def logger_of(package: str) -> logging.Logger:
    """The logger of a package's clients."""
    return logging.getLogger(f"bothends.{package}")


# The logging HOWTO asks this of libraries: a user without a configuration sees nothing.
logging.getLogger("bothends").addHandler(logging.NullHandler())
logging.getLogger("httpx2").addFilter(_Redacted())
