"""What the server's log says, which callers are not told."""

from __future__ import annotations

import logging
import re
import sysconfig
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from typing import Any

from typing_extensions import override

from bothends.prove.evidence.complaint import Complaint
from bothends.runtime import Api, Operation
from bothends.runtime.operation import documented

_OTHER = "uvicorn.error"
CASE_HEADER = "X-Schemathesis-TestCaseId"
"""Carries the id of the fuzzer's case."""


_LONGEST = 300
_LIBRARIES = (
    Path(__file__).parents[1],
    *(Path(sysconfig.get_path(kind)) for kind in ("stdlib", "platstdlib", "purelib", "platlib")),
)


_case: ContextVar[str] = ContextVar("case", default="")


class ServerLog(logging.Handler):
    """The server's latest complaint, and whether it is that the wire has no form for an answer."""

    def __init__(self, generated: Path | None = None) -> None:
        super().__init__(logging.ERROR)
        self._foreign = _LIBRARIES if generated is None else (*_LIBRARIES, generated)
        self._by_case: dict[str, Complaint] = {}
        self.forget()

    @property
    def text(self) -> str:
        """The latest complaint as the log has it; empty when there was none."""
        return self.latest.text if self.latest is not None else ""

    def forget(self) -> None:
        """Begin anew: what is logged from now on is of what is sent from now on."""
        self.latest: Complaint | None = None
        self.unsendable = False

    def of_case(self, case: str) -> Complaint | None:
        """What was logged of a request that carried the id of a case of the fuzzer's."""
        return self._by_case.get(case)

    def watched(self, app: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap the app so that each log record is kept under the fuzzer's case it belongs to."""
        expected = CASE_HEADER.lower().encode()

        async def serve(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                _case.set(
                    next(
                        (value.decode() for name, value in scope["headers"] if name == expected), ""
                    )
                )
            await app(scope, receive, send)

        return serve

    @override
    def emit(self, record: logging.LogRecord) -> None:
        case = _case.get()
        existing = self._by_case.get(case) if case else self.latest
        # uvicorn logs the exception again, without our text of it.
        if record.name == _OTHER and existing is not None:
            return  # the server around ours tells again what broke off

        error = record.exc_info[1] if record.exc_info else None
        arguments = record.args if isinstance(record.args, tuple) else ()
        self.unsendable = any(getattr(item, "unsendable", False) for item in (error, *arguments))
        self.latest = self._complaint(record.getMessage().strip(), error)
        if case:
            self._by_case[case] = self.latest

    def _complaint(self, message: str, error: BaseException | None) -> Complaint:
        if error is None:
            return Complaint(message, _general(message))

        kind, location = type(error).__name__, self._line_of(error)
        pointer = f" at {location}" if location else ""
        # What an exception says may differ from request to request, such as the key that was not
        # found.
        return Complaint(
            f"{message} ({kind}: {_short(error)}{pointer})",
            f"{message} ({kind}{pointer or f': {_general(_short(error))}'})",
        )

    def _line_of(self, error: BaseException | None) -> str:
        """Where in the user's own files an error has arisen; empty when it was in none of them."""
        while error is not None:
            for frame in reversed(traceback.extract_tb(error.__traceback__)):
                file = Path(frame.filename)
                if file.is_file() and not any(
                    file.is_relative_to(folder) for folder in self._foreign
                ):
                    working_folder = Path.cwd()
                    near = (
                        file.relative_to(working_folder)
                        if file.is_relative_to(working_folder)
                        else file
                    )
                    return f"{near.as_posix()}:{frame.lineno}, in {frame.name}"
            inner: tuple[BaseException, ...] = getattr(
                error, "exceptions", ()
            )  # of a group, such as that of tasks
            error = inner[0] if inner else error.__cause__ or error.__context__

        return ""


def _short(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _general(message: str) -> str:
    """Remove the numbers by which equal complaints differ, such as an item's index."""
    return re.sub(r"got \d+", "got another", re.sub(r"/\d+", "/*", message))


def blamed(operation: Operation[Any], status: int, complaint: Complaint | None) -> Complaint | None:
    """Find the cause of a failed check when the server itself failed.

    The log names it; without a record, the status does.
    """
    if 0 < status < 500:
        return None

    is_told = documented(status, operation.replies) not in (None, "default")
    if complaint is not None or is_told or not status:
        return complaint
    if status == 501:
        return Complaint("", "the handler has no method for it: status 501")
    return Complaint("", f"the server fails with status {status}")


@contextmanager
def listening(api: Api) -> Generator[ServerLog]:
    """Capture what the server logs; nothing else prints it."""
    log = ServerLog(Path(str(import_module(api.package).__file__)).parent)
    loggers = [logging.getLogger(f"bothends.{api.name}"), logging.getLogger(_OTHER)]
    before = [(logger.propagate, logger.disabled) for logger in loggers]

    for logger in loggers:
        logger.addHandler(log)
        logger.propagate, logger.disabled = False, False

    try:
        yield log
    finally:
        for logger, (propagate, disabled) in zip(loggers, before, strict=True):
            logger.removeHandler(log)
            logger.propagate, logger.disabled = propagate, disabled
