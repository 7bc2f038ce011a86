"""A stand-in without handwritten code: it answers each valid request from the contract.

`chosen_reply` says which documented reply answers, `reply_value` what its body and headers hold,
and `memory` what was created, changed and deleted before.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from functools import partial
from types import SimpleNamespace
from typing import Any, ClassVar, Unpack

from bothends.runtime.answer import Authenticate, Response
from bothends.runtime.expression import Asked
from bothends.runtime.json.value import is_object
from bothends.runtime.media import reply_media
from bothends.runtime.media.accept import Ranges, parse_accept, preferred
from bothends.runtime.media.events import EventsCodec
from bothends.runtime.operation import MISSING, Api, Operation
from bothends.runtime.schema.contract import load_contract
from bothends.runtime.server import App, AppOptions
from bothends.runtime.server.asgi import ASGIApp, Receive, Scope, Send, sent_path

from .accepted import Accepted, check_accepted, judge_of
from .chosen_reply import first_success, matching_reply, preferred_reply, reply_status
from .keyed import KeyedAnswers
from .memory import Memory
from .prefer import Preference, read_preference
from .reply_value import content_type, contract_body, contract_headers, own_body
from .room import Room
from .state import State

_SCOPE: ContextVar[Scope] = ContextVar("bothends_scope")


class DefaultStandIn:
    """Answers from the contract of a generated package.

    It accepts the `credentials` of its seed; without any, all. With `keep_origin`, addresses in its
    answers stay those of the contract's servers; else they become its own.
    """

    seeds: ClassVar[tuple[str, ...]] = ("credentials", "keep_origin")
    credentials: Accepted | None
    keep_origin: bool

    def __init__(
        self,
        api: Api,
        operations: Iterable[Operation[Any]],
        credentials: Accepted | None = None,
        *,
        keep_origin: bool = False,
        remember: bool = False,
        state: State | None = None,
    ) -> None:
        """SeedError for credentials of no scheme of the contract."""
        self.api, self.operations, self.credentials = api, tuple(operations), credentials
        self.keep_origin = keep_origin
        check_accepted(api, credentials or {})
        self.memory: Memory | None = None
        room = Room()
        self.keyed = KeyedAnswers(state or State(), room)
        if remember:
            self.memory = Memory(self.operations, load_contract(api), state, room, self._reply)

        self.authenticate: Authenticate | None = None
        if credentials is not None:
            self.authenticate = judge_of(credentials)
        # It is a handler itself, for whoever makes the server.
        for entry in self.operations:
            if not hasattr(self, entry.name):
                setattr(self, entry.name, partial(_answer, entry, self))

    def _reply(self, requested: Asked, key: str, value: Any, status: int | None) -> Response[Any]:
        return reply_with(requested, key, value, status, keep_origin=self.keep_origin)

    def app(self, **options: Unpack[AppOptions]) -> ASGIApp:
        """The server. `authenticate` takes the place of the credentials."""
        if self.authenticate is not None:
            options = {"authenticate": self.authenticate, **options}

        methods = {entry.name: partial(_answer, entry, self) for entry in self.operations}
        handler = SimpleNamespace(**methods)
        app = App(self.api, self.operations, handler, **options)

        async def remembering(scope: Scope, receive: Receive, send: Send) -> None:
            _SCOPE.set(scope)
            await app(scope, receive, send)

        return remembering


def remembering_stand_in(api: Api, operations: Iterable[Operation[Any]]) -> type[DefaultStandIn]:
    """Return the class of stand-ins that remember what was created, changed and deleted.

    Its `memory.resources` are the collections and items that the contract's shape shows.
    """

    class StandIn(DefaultStandIn):
        def __init__(
            self,
            credentials: Accepted | None = None,
            *,
            keep_origin: bool = False,
            state: State | None = None,
        ) -> None:
            super().__init__(
                api, operations, credentials, keep_origin=keep_origin, remember=True, state=state
            )

    return StandIn


def default_stand_in(api: Api, operations: Iterable[Operation[Any]]) -> type[DefaultStandIn]:
    """The class of stand-ins for one package, to be made from a seed as others are."""

    class StandIn(DefaultStandIn):
        def __init__(
            self, credentials: Accepted | None = None, *, keep_origin: bool = False
        ) -> None:
            super().__init__(api, operations, credentials, keep_origin=keep_origin)

    return StandIn


def contract_reply(operation: Operation[Any], /, **arguments: Any) -> Response[Any]:
    """Return the reply that the contract has for a request, for a handler without own behaviour.

    It is the example named like the request's own, else the first example of the success, else a
    value made from the schema.

    Args:
        operation: The record of the operation, from the package's `operations.py`.
        **arguments: What the handler's method received, by name.

    Raises:
        NothingToAnswer: No value can be made from the contract.
    """
    return choose_answer(Asked(operation, arguments))


async def _answer(
    operation: Operation[Any], stand_in: DefaultStandIn, /, **arguments: Any
) -> Response[Any]:
    scope = _SCOPE.get(None)
    headers: list[tuple[str, str]] = []
    if scope is not None:
        pairs = scope["headers"]
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs]

    requested = Asked(operation, arguments, _url(scope) if scope else "", headers)
    preference = read_preference(value for name, value in headers if name.lower() == "prefer")
    accept = parse_accept(", ".join(value for name, value in headers if name.lower() == "accept"))
    if stand_in.memory is not None and preference == Preference():
        # An answer from memory has one media type, so `accept` has no choice to make.
        remembered = stand_in.keyed.once(requested, stand_in.memory.answer)
        if remembered is not None:
            return remembered

    return choose_answer(requested, preference, accept, keep_origin=stand_in.keep_origin)


def reply_with(
    requested: Asked,
    key: str,
    value: Any,
    status: int | None = None,
    *,
    keep_origin: bool = True,
) -> Response[Any]:
    """The documented reply of a key, with a JSON value as its body.

    Args:
        requested: The request that is answered.
        key: The key of the reply in `responses`: a status, a range or default.
        value: The body; MISSING for the one that the contract has.
        status: One that the key documents; by default its first.
        keep_origin: Whether URLs at the vendor stay; else they lead to the stand-in.
    """
    operation = requested.operation
    status = status or reply_status(operation, key)
    headers = contract_headers(requested, key, keep_origin=keep_origin)
    codecs = reply_media(operation, key)
    if not codecs:
        return Response(None, status, headers)

    jsons = [codec for codec in codecs if "json" in codec.range and not codec.is_stream]
    codec = next(iter([*jsons, *codecs]))
    if value is MISSING:
        body = contract_body(requested, codec, None, status, keep_origin=keep_origin)
    else:
        body = own_body(requested, codec, value, keep_origin=keep_origin)
    return Response(body, status, headers, content_type=content_type(codec, ()))


def choose_answer(
    requested: Asked,
    wish: Preference | None = None,
    accept: Ranges = (),
    *,
    keep_origin: bool = True,
) -> Response[Any]:
    """The reply that the contract has for a request.

    Raises:
        NothingToAnswer: No value of it can be made.
    """
    operation = requested.operation
    wish = wish or Preference()
    preferred_one = preferred_reply(operation, wish)
    key, status, example = preferred_one or matching_reply(requested) or first_success(operation)
    headers = contract_headers(requested, key, keep_origin=keep_origin)
    if preferred_one:
        headers["Preference-Applied"] = wish.applied

    codecs = [*preferred(reply_media(operation, key), accept), *reply_media(operation, key)]
    if not codecs:
        return Response(None, status, headers)

    if _asks_for_stream(requested):
        codecs.sort(key=lambda codec: not isinstance(codec, EventsCodec))
    codec = codecs[0]
    body = contract_body(requested, codec, example, status, keep_origin=keep_origin)
    return Response(body, status, headers, content_type=content_type(codec, accept))


def _asks_for_stream(requested: Asked) -> bool:
    """Whether the body has `stream: true`: SDKs that want events still accept JSON only."""
    body = requested.body()
    return is_object(body) and body.get("stream") is True


def _url(scope: Scope) -> str:
    hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
    host = next(iter(hosts), b"localhost")
    query = scope.get("query_string", b"")

    url: bytes = scope.get("scheme", "http").encode() + b"://" + host + sent_path(scope)
    if query:
        url += b"?" + query
    return url.decode("latin-1")
