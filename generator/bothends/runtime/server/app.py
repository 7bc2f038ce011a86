"""The server: an ASGI app that accepts what the contract allows, and answers what it documents.

One request from top to bottom, each step in a function of its own:

    __call__         an ASGI scope → `HttpRequest`
    _serve           the reply is logged and sent; an exception of ours becomes a 500
    _route           path and method → operation and arguments, else 404 or 405 (`routing.py`)
    read_arguments   credentials, media type, parameters, body → arguments (`request.py`)
    _answer          ask_handler → write_reply, and what goes wrong in either
    ask_handler      the handler's method, in a thread if it is a plain function (`handling.py`)
    write_reply      its answer → status, headers and body, held to the contract (`reply.py`)
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from difflib import get_close_matches
from typing import Any, TypedDict, Unpack

from bothends.runtime.answer import Authenticate
from bothends.runtime.json.budget import MAX_BODY
from bothends.runtime.operation import Api, Operation
from bothends.runtime.option_names import check_names, wrong_value
from bothends.runtime.signature import Signature

from .asgi import Disconnected, HttpReply, HttpRequest, Message, Receive, Scope, Send
from .body_stream import is_streamed
from .broken_reply import BrokenReply
from .handling import (
    HandlerError,
    NotAnswered,
    ask_handler,
    describe_failure,
    describe_missing,
    handler_method,
)
from .near_names import near_query_name
from .refusal import challenged, problem, refuse
from .refused import Cause, Refused
from .reply import write_reply
from .request import accepted, check_signature, read_arguments
from .routing import Route, Router, base_paths_of

_LONGEST_PATH = 200
_NAMED_PATHS = 10
_COMPARED = 100
# What may be wrong with a request for one operation because it is meant for another one at the same
# path.
_OF_ANOTHER = frozenset({Cause.CREDENTIALS, Cause.PARAMETER, Cause.BODY, Cause.MEDIA_TYPE})


class AppOptions(TypedDict, total=False):
    """Options of a server."""

    authenticate: Authenticate
    """Judges the credentials that a request presents.

    Without it any will do, and the log says so once.
    """
    signed_by: Signature
    """How requests are signed, such as `StandardWebhooks(SECRET)`: 401 for one that is not."""
    check_replies: bool
    """Whether the handler's answers are held to the contract, which is the default; a wrong one
    becomes a 500."""
    base_paths: Iterable[str]
    """Paths below which the API is served as well as at the root.

    By default those of the contract's servers.
    """
    max_body: int
    """How many bytes a request's body may have, before and after inflating. 16 MiB if not given."""
    debug: bool
    """Whether a 500 says what failed, which may be secret: for tests. The log always says it."""


class App:
    """An ASGI app that serves an API by a handler.

    A handler that is a context manager, async or not, is entered at startup and left at shutdown:
    see `lifespan`.
    """

    def __init__(
        self,
        api: Api,
        operations: Iterable[Operation[Any]],
        handler: object,
        **options: Unpack[AppOptions],
    ) -> None:
        _check_handler(handler)
        _check_options(options)
        self.api = api
        self.operations = tuple(operations)
        self.handler = handler
        self._authenticate = options.get("authenticate")
        self._tells_credentials = self._authenticate is None
        self._signature = options.get("signed_by")
        self._check_replies = options.get("check_replies", True)
        self._max_body = options.get("max_body", MAX_BODY.usual)
        self._debug = options.get("debug", False)
        # Without a life of its own it needs nobody to enter it.
        self._lives = not (hasattr(handler, "__aenter__") or hasattr(handler, "__enter__"))
        base_paths = options.get("base_paths")
        if isinstance(base_paths, str):
            raise TypeError("base_paths is a list of paths, such as ['/v1']")
        self._router = Router(
            self.operations,
            base_paths_of(api) if base_paths is None else base_paths,
        )
        self._logger = logging.getLogger(f"bothends.{api.name}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            if not self._lives:
                self._lives = True
                self._logger.warning(
                    "the handler was not entered: no server or app runs the lifespan of this app"
                )

            await self._serve(HttpRequest.from_scope(scope, receive), send)
        elif scope["type"] == "websocket":
            # ASGI: the server answers 403 to a close that comes before the handshake.
            await send({"type": "websocket.close", "code": 1000})

    @asynccontextmanager
    async def lifespan(self, _app: object = None) -> AsyncGenerator[None]:
        """The life of a handler that is a context manager: entered at startup, left at shutdown.

        A server runs it. An app that this one is mounted in has a life of its own and does not pass
        it on; it is given this one: `Starlette(routes=[Mount("/v1", app)], lifespan=app.lifespan)`,
        and the same for FastAPI.
        """
        handler: Any = self.handler
        async with AsyncExitStack() as stack:
            if hasattr(handler, "__aenter__"):
                await stack.enter_async_context(handler)
            elif hasattr(handler, "__enter__"):
                stack.enter_context(handler)
            self._lives = True
            yield

    async def _serve(self, request: HttpRequest, send: Send) -> None:
        try:
            reply = await self._route(request)
        except Disconnected:
            return
        except Exception:
            self._logger.exception(
                "%s %s: the server failed", request.method, request.matched or "(unknown)"
            )
            reply = problem(500)

        if self._logger.isEnabledFor(logging.INFO):
            # The path as the contract writes it, and no query: what callers put there may be secret.
            path = request.matched or f"{request.raw_path[:_LONGEST_PATH]} (unknown)"
            text = "%s %s: %s, answered %d"
            self._logger.info(text, request.method, path, request.verdict, reply.status)

        if isinstance(reply.body, bytes):
            # RFC 9110 §9.3.2: a reply to HEAD has the headers of GET, and no content.
            await reply.send(send, without_body=request.method == "HEAD")
        else:
            await self._serve_stream(request, reply, send)

    async def _serve_stream(self, request: HttpRequest, reply: HttpReply, send: Send) -> None:
        """Send a reply that comes piece by piece, until the caller goes away.

        The connection breaks if a piece is wrong.

        What gives the pieces is then cancelled once: what it awaits in order to end is awaited.
        """
        gone = asyncio.ensure_future(request.disconnected())

        async def send_if_there(message: Message) -> None:
            if gone.done():
                raise Disconnected
            await send(message)

        sending = asyncio.ensure_future(
            reply.send(send_if_there, without_body=request.method == "HEAD")
        )
        try:
            await asyncio.wait((gone, sending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            sending.cancel()
            await asyncio.wait((gone, sending))

        broken = None if sending.cancelled() else sending.exception()
        if broken is not None and not isinstance(broken, Disconnected):
            self._logger.error(
                "%s %s: the stream broke off", request.method, request.matched, exc_info=broken
            )
            # The status is sent: only a broken connection can still say that the body is not whole.
            raise broken

    async def _route(self, request: HttpRequest) -> HttpReply:
        """Find the operation that the request is meant for, and let it answer."""
        first: Route | None = None
        refusal: tuple[Operation[Any], Refused] | None = None

        for route, operation, path in self._candidates(request):
            if first is None:
                first, request.matched = route, route.path
            if operation is None:
                continue

            method = handler_method(self.handler, operation)
            try:
                if self._signature is not None:
                    await check_signature(self._signature, request, self._max_body)
                arguments = await read_arguments(
                    operation,
                    request,
                    path,
                    self._authenticate,
                    self._max_body,
                    is_streamed=is_streamed(method),
                )
            except Refused as refused:
                # A request may fit several operations: the first that takes it is the one that is
                # meant.
                refusal = refusal or (operation, refused)
                if refused.cause not in _OF_ANOTHER:
                    break
            else:
                request.matched = operation.path
                if request.raw_query and self._logger.isEnabledFor(logging.INFO):
                    note = near_query_name(operation, request.raw_query)
                    request.verdict = f"accepted ({note})" if note else request.verdict
                return await self._answer(operation, request, method, arguments)

        if refusal is not None:
            refusal = _with_near_name(*refusal, request)
            request.verdict = f"refused: {refusal[1]}"
            return refuse(*refusal)
        return self._unrouted(request, first)

    def _candidates(
        self, request: HttpRequest
    ) -> Iterator[tuple[Route, Operation[Any] | None, dict[str, str]]]:
        """The operations that a request may be meant for, best first.

        None at a path without its method.
        """
        for route, path in self._router.find(request.raw_path):
            operations = route.operations_for(request.method)
            if not operations:
                yield route, None, path
            for operation in operations:
                yield route, operation, path

    def _unrouted(self, request: HttpRequest, route: Route | None) -> HttpReply:
        """Return the reply to a path that the contract does not have, or to another method."""
        if route is None:
            # SDKs of three vendors called the path of a server, and a bare 404 did not say what is
            # wrong.
            request.verdict = "refused: the contract has no such path"
            return problem(404, f"the contract has no such path; {self._served(request)}")
        if request.method == "OPTIONS":
            return HttpReply(204, [("Allow", route.allow)])

        # RFC 9110 §15.5.6: a 405 must say in Allow which methods there are.
        rule = f"the contract has no {request.method} at {route.path}; it has {route.allow}"
        request.verdict = f"refused: {rule}"
        return problem(405, rule, [("Allow", route.allow)])

    def _served(self, request: HttpRequest) -> str:
        """Which paths are served, the likeliest first: for whoever has the wrong address."""
        segments = {segment for segment in request.raw_path.split("/") if segment}
        paths = self._router.paths
        # How alike texts are takes time: of many paths, those that share a segment are enough.
        alike = get_close_matches(request.raw_path, paths, n=1) if len(paths) <= _COMPARED else []
        near = sorted(
            paths, key=lambda path: (path not in alike, not segments & set(path.split("/")))
        )
        names, remainder = near[:_NAMED_PATHS], len(near) - _NAMED_PATHS
        bases = [path for path in self._router.base_paths if path]
        return (
            f"it has {', '.join(names)}"
            + (f" and {remainder} more" if remainder > 0 else "")
            + (f", also below {', '.join(bases)}" if bases else "")
        )

    async def _answer(
        self,
        operation: Operation[Any],
        request: HttpRequest,
        method: Callable[..., Any] | None,
        arguments: dict[str, Any],
    ) -> HttpReply:
        """Ask the handler and write its answer; what goes wrong in either is a reply too."""
        if self._tells_credentials and operation.security and () not in operation.security:
            self._tells_credentials = False
            self._logger.warning(
                "credentials are not tried: any of the right form will do, no `authenticate` was given"
            )

        if method is None:
            return problem(501, describe_missing(self.handler, operation, self.operations))

        try:
            answer = await ask_handler(method, arguments)
            reply = write_reply(
                operation, answer, check=self._check_replies, accept=accepted(request)
            )
        except Refused as refused:  # by a body that the handler read as a stream
            request.verdict = f"refused: {refused}"
            return refuse(operation, refused)
        except NotAnswered as reason:
            self._log_failure(operation, reason)
            return problem(reason.status, str(reason))
        except (HandlerError, BrokenReply) as error:
            self._log_failure(operation, error)
            return problem(500, describe_failure(error) if self._debug else "")

        return challenged(operation, reply)

    def _log_failure(
        self, operation: Operation[Any], error: HandlerError | BrokenReply | NotAnswered
    ) -> None:
        """Say why the caller gets a 500, which does not say it, or a 501, which does."""
        if isinstance(error, HandlerError):
            self._logger.error("%s: the handler failed", operation.id, exc_info=error.__cause__)
        elif isinstance(error, NotAnswered):
            self._logger.error("%s: %s", operation.id, error)
        else:
            text = "%s: the handler's answer breaks the contract: %s"
            self._logger.error(text, operation.id, error)

    async def _live(self, receive: Receive, send: Send) -> None:
        """The lifespan protocol of ASGI."""
        await receive()
        phase = "startup"
        try:
            async with self.lifespan():
                await send({"type": "lifespan.startup.complete"})
                phase = "shutdown"
                await receive()
        except Exception as error:
            self._logger.exception("the handler failed at %s", phase)
            await send({"type": f"lifespan.{phase}.failed", "message": type(error).__name__})
        else:
            await send({"type": "lifespan.shutdown.complete"})


def _with_near_name(
    operation: Operation[Any], refused: Refused, request: HttpRequest
) -> tuple[Operation[Any], Refused]:
    """A refusal that also says which name of the query is near the one that is missing."""
    is_missing = refused.rule == "is required" or refused.cause is Cause.CREDENTIALS
    note = near_query_name(operation, request.raw_query) if is_missing else ""
    if not note:
        return operation, refused
    return operation, Refused(
        refused.cause, refused.part, f"{refused.rule} ({note})", refused.keyword
    )


def _check_handler(handler: object) -> None:
    """Raise TypeError for what cannot be a handler; one without a method answers 501 there."""
    if isinstance(handler, type):
        name = handler.__name__
        raise TypeError(f"create_app(): the handler must be an instance: {name}(), not {name}")
    if handler is None or isinstance(handler, str | bytes | int | float):
        raise wrong_value("create_app()", "handler", handler, "an object with the methods")


def _check_options(options: AppOptions) -> None:
    """Raise TypeError for an option that is unknown or has a value of the wrong type.

    A misspelt `authenticate` would let everybody in.
    """
    where = "create_app()"
    check_names(where, options, AppOptions.__annotations__)

    authenticate = options.get("authenticate")
    if authenticate is not None and not callable(authenticate):
        raise wrong_value(where, "authenticate", authenticate, "a function")

    signature: object = options.get("signed_by")
    if signature is not None and not hasattr(signature, "fault"):
        raise wrong_value(where, "signed_by", signature, "a Signature")

    for name, usual in (("check_replies", True), ("debug", False)):
        switch: object = options.get(name, usual)
        if not isinstance(switch, bool):
            raise wrong_value(where, name, switch, "True or False")

    max_body: object = options.get("max_body", MAX_BODY.usual)
    if not isinstance(max_body, int) or isinstance(max_body, bool):
        raise wrong_value(where, "max_body", max_body, "a number of bytes")
