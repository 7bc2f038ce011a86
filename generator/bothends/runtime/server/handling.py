"""Calls a handler: its method for an operation, async or sync in a worker thread."""

from __future__ import annotations

import difflib
import inspect
import traceback
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar

from anyio import to_thread

from bothends.runtime.answer import Response, is_response
from bothends.runtime.errors import DocumentedError
from bothends.runtime.operation import Operation

from .asgi import Disconnected
from .body_stream import stream_in
from .files import close_files

_MOST_NAMED = 5


class NotAnswered(Exception):
    """A handler has no answer to give.

    Unlike that of other exceptions, its text is for the caller: the detail of its status.
    """

    status: ClassVar[int] = 501


class HandlerError(Exception):
    """A handler's method raised what the contract does not document; the cause is its exception."""


def handler_method(handler: object, operation: Operation[Any]) -> Callable[..., Any] | None:
    """Return the handler's own method for an operation, or None; a Protocol's does not count."""
    method = getattr(handler, operation.name, None)
    if not callable(method) or operation.name in getattr(handler, "__dict__", ()):
        return method if callable(method) else None

    # Not remembered: a class may get the method later, as a test that replaces it does.
    return None if _is_of_protocol(handler, operation.name) else method


def _is_of_protocol(handler: object, name: str) -> bool:
    """Whether a handler has an attribute only because the generated Protocol declares it."""
    bases: tuple[Any, ...] = type(handler).__mro__
    owner = next((base for base in bases if name in vars(base)), None)
    return getattr(owner, "_is_protocol", False) is True


def describe_missing(
    handler: object, operation: Operation[Any], operations: Iterable[Operation[Any]] = ()
) -> str:
    """Say that a handler has no method for an operation, and which one was probably meant.

    Of `operations`, those are named that it does not have either.
    """
    # Only public names: a private one is no method that a person meant to write for us. Nor is one
    # of the Protocol, or of an operation that has its own.
    interface = {each.name for each in operations} | {operation.name}
    own = [name for name in dir(handler) if not name.startswith("_") and name not in interface]
    own = [name for name in own if not _is_of_protocol(handler, name)]
    near = difflib.get_close_matches(operation.name, own, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""

    others = [
        each.name
        for each in operations
        if each.name != operation.name and handler_method(handler, each) is None
    ]
    remainder = len(others) - _MOST_NAMED
    more = f" and {remainder} more" if remainder > 0 else ""
    lead = " It" if hint else "; it"
    also = f"{lead} also lacks {', '.join(others[:_MOST_NAMED])}{more}" if others else ""
    return f"{operation.id} is not implemented: the handler has no {operation.name}{hint}{also}"


async def ask_handler(method: Callable[..., Any], arguments: dict[str, Any]) -> object:
    """Call the method with the arguments of a request and return its answer.

    A documented error that it raises is an answer like any other. A body that comes as a stream is
    read to its end before the answer counts, because only then is it known whether the contract
    allows the request.

    Raises:
        Refused: A streamed body breaks the contract.
        NotAnswered: The method has no answer, and says why.
        HandlerError: The method raised anything else.
    """
    stream = stream_in(arguments)
    try:
        answer = await _call(method, arguments)
    except DocumentedError as error:
        answer = Response(error.body, error.status or 500, error.typed_headers)
    except (Disconnected, NotAnswered):
        raise
    except Exception as error:
        # The method may fail only because its stream was refused: the refusal is the reason.
        if stream is not None and stream.refused is not None:
            raise stream.refused from None
        raise HandlerError from error

    is_error = is_response(answer) and (answer.status or 200) >= 400
    if stream is not None and not is_error:
        try:
            await stream.drain()
        except BaseException:
            close_files(answer)
            raise

    return answer


async def _call(method: Callable[..., Any], arguments: dict[str, Any]) -> object:
    # `iscoroutinefunction` looks through partials and decorators, which few methods are.
    code = getattr(method, "__code__", None)
    is_plain = isinstance(code, CodeType) and code.co_flags & inspect.CO_COROUTINE
    if is_plain or inspect.iscoroutinefunction(method):
        return await method(**arguments)

    # A plain function may block: a worker thread keeps the event loop free.
    answer = await to_thread.run_sync(partial(method, **arguments))
    return await answer if inspect.isawaitable(answer) else answer


def describe_failure(error: Exception) -> str:
    """Say in a line what a handler raised and where, or how its answer breaks the contract."""
    cause = error.__cause__
    if not isinstance(error, HandlerError) or cause is None:
        return f"the handler's answer breaks the contract: {error}"

    frames = traceback.extract_tb(cause.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"the handler failed: {type(cause).__name__}: {cause}{place}"
