"""A stand-in without handwritten code: it answers each valid request from the contract.

The reply is the one that `Prefer` asks for; else the example named like the request's own; else the
first success. Its body is that example, else the first one, else a value made from the schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from functools import partial
from types import SimpleNamespace
from typing import Any, ClassVar, Unpack

from bothends.runtime.answer import Authenticate, Response
from bothends.runtime.expression import Asked
from bothends.runtime.json.pointer import join
from bothends.runtime.json.value import is_array, is_object, same
from bothends.runtime.media import MediaCodec, reply_media
from bothends.runtime.media.accept import Ranges, parse_accept, preferred
from bothends.runtime.media.binary import BinaryCodec
from bothends.runtime.media.codec import in_range
from bothends.runtime.media.stream import EventsCodec
from bothends.runtime.media.text import TextCodec
from bothends.runtime.operation import MISSING, Api, Operation, Reply, documented, status_of
from bothends.runtime.schema.contract import Contract, load_contract
from bothends.runtime.schema.sample import sample
from bothends.runtime.server import App, AppOptions
from bothends.runtime.server.asgi import ASGIApp, Receive, Scope, Send
from bothends.runtime.server.handling import NotAnswered

from .accepted import Accepted, check_accepted, judge_of
from .equals import obey_equals
from .last_page import end_pages
from .memory import Memory
from .origin import own_addresses
from .prefer import Preference, read_preference
from .state import State

_IN_RANGE = {
    "image/*": "image/png",
    "text/*": "text/plain",
    "audio/*": "audio/mpeg",
    "video/*": "video/mp4",
    "font/*": "font/woff2",
}
_SCOPE: ContextVar[Scope] = ContextVar("bothends_scope")


class NothingToAnswer(NotAnswered):
    """No value of a reply can be made from the contract; an example in it would help."""


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
        if remember:
            self.memory = Memory(self.operations, load_contract(api), state, self._reply)

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
        remembered = stand_in.memory.answer(requested)
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
    contract = load_contract(operation.api)
    status = status or _status(operation, key)
    headers = _headers(operation, key, contract, requested, keep_origin=keep_origin)
    codecs = reply_media(operation, key)
    if not codecs:
        return Response(None, status, headers)

    jsons = [codec for codec in codecs if "json" in codec.range and not codec.is_stream]
    codec = next(iter([*jsons, *codecs]))
    if value is MISSING:
        body = _body(contract, codec, None, requested, keep_origin=keep_origin)
    else:
        value = obey_equals(contract, codec.schema, value, requested)
        moved = value if keep_origin else own_addresses(requested, value)
        is_valid = codec.fault(codec.from_example(moved)) is None
        body = codec.from_example(moved if is_valid else value)
    return Response(body, status, headers, content_type=_content_type(codec, ()))


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
    contract = load_contract(operation.api)
    wish = wish or Preference()
    preferred_reply = _preferred(operation, contract, wish)
    key, status, example = (
        preferred_reply
        or _matching(operation, contract, requested)
        or (*first_success(operation), None)
    )
    headers = _headers(operation, key, contract, requested, keep_origin=keep_origin)
    if preferred_reply:
        headers["Preference-Applied"] = wish.applied

    codecs = reply_media(operation, key)
    if not codecs:
        return Response(None, status, headers)

    streams = [codec for codec in codecs if isinstance(codec, EventsCodec)]
    chosen = streams if _asks_for_stream(requested) else []
    codec = next(iter([*chosen, *preferred(codecs, accept), *codecs]))
    body = _body(contract, codec, example, requested, keep_origin=keep_origin)
    return Response(body, status, headers, content_type=_content_type(codec, accept))


def _asks_for_stream(requested: Asked) -> bool:
    """Whether the body has `stream: true`: SDKs that want events still accept JSON only."""
    body = requested.body()
    return is_object(body) and body.get("stream") is True


def _content_type(codec: MediaCodec, accept: Ranges) -> str | None:
    """The media type to send; of a range one that the caller names, else one that exists.

    None leaves the choice to the codec, which has one for `*/*`.
    """
    if "*" not in codec.range:
        return codec.media_type

    acceptable = [item for item, _ in accept if "*" not in item and in_range(item, codec.range)]
    return next(iter([*acceptable, *filter(None, [_IN_RANGE.get(codec.range)])]), None)


def first_success(operation: Operation[Any]) -> tuple[str, int]:
    """Return the default reply and its status: the first success, else the first of all."""
    # Some contracts document errors only: then the first reply of all is the answer.
    keys = [key for key in operation.replies if key.startswith("2")]
    keys += [key for key in ("default", "3XX") if key in operation.replies]
    keys += [key for key in operation.replies if key.startswith("3")]
    key = next(iter([*keys, *operation.replies]))
    return key, _status(operation, key)


def _body(
    contract: Contract,
    codec: MediaCodec,
    example: str | None,
    requested: Asked,
    *,
    keep_origin: bool,
) -> Any:
    """The body in one media type: an iterator of its items for a stream, else one value."""
    value = _valid_example(contract, codec, example)
    if value is MISSING:
        value = _made_for(contract, codec)

    if value is MISSING:
        raise NothingToAnswer(
            f"the contract has no example of {codec.media_type} at {codec.pointer},"
            " and no value can be made from its schema; an example there would be the answer"
        )

    values = value if codec.is_stream else [value]
    if contract.find(codec.schema) is not None:
        values = [obey_equals(contract, codec.schema, entry, requested) for entry in values]
        values = (
            values
            if example
            else [end_pages(contract, codec.schema, entry, requested) for entry in values]
        )

    if not keep_origin:
        moved = [own_addresses(requested, entry) for entry in values]
        values = (
            moved
            if all(codec.fault(codec.from_example(entry)) is None for entry in moved)
            else values
        )

    answers = [codec.from_example(entry) for entry in values]
    return iter(answers) if codec.is_stream else answers[0]


def _valid_example(contract: Contract, codec: MediaCodec, example: str | None) -> Any:
    """The first example that is valid, a list of items for a stream; MISSING if there is none."""
    for value in _examples(contract, codec.pointer, example):
        values = value if codec.is_stream and is_array(value) else [value]
        declared = [codec.from_example(entry) for entry in values]
        # An example of XML may be an object, which says what is in it, and not how it is written.
        is_taken = codec.is_stream or all(map(codec.takes, declared))
        if is_taken and all(codec.fault(entry) is None for entry in declared):
            return values if codec.is_stream else value
    return MISSING


def _made_for(contract: Contract, codec: MediaCodec) -> Any:
    """A value made from the schema, as full as it can be.

    Text or nothing where there is no schema.
    """
    if contract.find(codec.schema) is None:
        result: Any = "" if isinstance(codec, BinaryCodec | TextCodec) else {}
    else:
        result = sample(contract, codec.schema, full=True)
        result = sample(contract, codec.schema) if result is MISSING else result

    return [result] if codec.is_stream and result is not MISSING else result


def _preferred(
    operation: Operation[Any], contract: Contract, preference: Preference
) -> tuple[str, int, str | None] | None:
    """The reply that is asked for, if it is documented."""
    if preference.code is not None:
        key = documented(preference.code, operation.replies)
        has_it = key is not None and _has_example(operation, contract, key, preference.example)
        return (
            (key, preference.code, preference.example)
            if key and (has_it or preference.example is None)
            else None
        )

    if preference.example is not None:
        return _reply_with(operation, contract, preference.example)
    return None


def _matching(
    operation: Operation[Any], contract: Contract, requested: Asked
) -> tuple[str, int, str] | None:
    """The reply with the example named like the request example that the request is equal to."""
    for name in _equal_examples(operation, contract, requested):
        found = _reply_with(operation, contract, name)
        if found is not None:
            return found
    return None


def _equal_examples(
    operation: Operation[Any], contract: Contract, requested: Asked
) -> Iterator[str]:
    """Yield the example names for which each part of the request equals its example."""
    parts = [
        (value, examples) for value, examples in _parts(operation, contract, requested) if examples
    ]
    for name in dict.fromkeys(name for _, examples in parts for name in examples):
        if all(
            value is not MISSING and same(value, display[name])
            for value, display in parts
            if name in display
        ):
            yield name


def _parts(
    operation: Operation[Any], contract: Contract, requested: Asked
) -> Iterator[tuple[Any, dict[str, Any]]]:
    if operation.body is not None:
        for media in operation.body.media:
            pointer = operation.pointer + join("requestBody", "content", media.media_type)
            yield requested.body(), _named_examples(contract, pointer)

    provided = requested.parameters()
    declared = contract.find_array(operation.pointer + "/parameters")

    for parameter in operation.parameters:
        for index, item in enumerate(declared):
            if (item["name"], item["in"]) == (parameter.wire_name, parameter.location):
                pointer = f"{operation.pointer}/parameters/{index}"
                yield provided.get(parameter.name, MISSING), _named_examples(contract, pointer)


def _reply_with(
    operation: Operation[Any], contract: Contract, example: str
) -> tuple[str, int, str] | None:
    keys = sorted(operation.replies, key=lambda key: not key.startswith("2"))
    for key in keys:
        if _has_example(operation, contract, key, example):
            return key, _status(operation, key), example
    return None


def _has_example(
    operation: Operation[Any], contract: Contract, key: str, example: str | None
) -> bool:
    reply: Reply = operation.replies[key]
    pointer = operation.pointer + join("responses", key, "content")
    return any(
        example in _named_examples(contract, pointer + join(media.media_type))
        for media in reply.media
    )


def _named_examples(contract: Contract, pointer: str) -> dict[str, Any]:
    declared = contract.find_object(pointer + "/examples")
    return {name: item["value"] for name, item in declared.items() if "value" in item}


def _examples(contract: Contract, media: str, example: str | None) -> list[Any]:
    """The named one first, then the others in their order."""
    by_name = _named_examples(contract, media)
    node = contract.find_object(media)
    chosen = [by_name[example]] if example in by_name else []
    return [*chosen, *([node["example"]] if "example" in node else []), *by_name.values()]


def _headers(
    operation: Operation[Any], key: str, contract: Contract, requested: Asked, *, keep_origin: bool
) -> dict[str, object]:
    """Headers that equal something of the request, and those that must be there."""
    headers: dict[str, object] = {}
    for header in operation.replies[key].headers:
        pointer = operation.pointer + join("responses", key, "headers", header.wire_name)
        declared = contract.find_object(pointer)
        expression = declared.get("x-equals") or contract.find_object(pointer + "/schema").get(
            "x-equals"
        )

        value = requested.value(expression) if expression else MISSING
        if value is not MISSING and contract.accepts(pointer + "/schema", value):
            headers[header.wire_name] = value
        elif header.required:
            made = _sample_header(contract, pointer)
            moved = made if keep_origin else own_addresses(requested, made, is_header=True)
            headers[header.wire_name] = moved

    return headers


def _sample_header(contract: Contract, pointer: str) -> Any:
    display = [
        value
        for value in _examples(contract, pointer, None)
        if contract.accepts(pointer + "/schema", value)
    ]
    value = display[0] if display else sample(contract, pointer + "/schema")
    if value is MISSING:
        raise NothingToAnswer(f"no value can be made for the header at {pointer}")
    return value


def _status(operation: Operation[Any], key: str) -> int:
    """A status of this reply; NothingToAnswer when each is documented as another."""
    status = status_of(key, operation.replies)
    if status is None:
        raise NothingToAnswer(f"each status of {key} is documented apart from it")
    return status


def _url(scope: Scope) -> str:
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope.get("query_string", b"")
    host = next(
        (value for name, value in scope["headers"] if name.lower() == b"host"), b"localhost"
    )
    address = scope.get("scheme", "http").encode() + b"://" + host + path.partition(b"?")[0]
    url: bytes = address + (b"?" + query if query else b"")
    return url.decode("latin-1")
