"""Replies for a handler to give, drawn from the contract: each status, each media type, headers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

from hypothesis import strategies as st

from bothends.prove.values.bodies import concrete_type
from bothends.prove.values.contents import Content, contents, header_values
from bothends.prove.values.origin import Origin, of_media, of_type
from bothends.prove.values.successes import successes
from bothends.runtime.media import reply_media
from bothends.runtime.operation import MISSING, Operation, Reply, ResponseHeader, documented
from bothends.runtime.parameters.parameter import header_codec
from bothends.runtime.schema.contract import load_contract

ReplyForm = Literal["value", "response", "raised"]
"""How a handler replies: a bare value, a `Response`, or a documented error, raised."""

_WITHOUT_BODY = frozenset({204, 205, 304})  # RFC 9110 §15.3.5, §15.3.6, §15.4.5


@dataclass(frozen=True, slots=True)
class DrawnReply:
    """A handler's reply: its key in the contract, status, body, and headers by wire name."""

    key: str
    status: int
    content: Content | None
    headers: dict[str, Any] = field(default_factory=dict[str, Any])
    form: ReplyForm = "response"
    header_origins: tuple[Origin, ...] = ()

    @property
    def origins(self) -> tuple[Origin, ...]:
        """What body and headers were made of."""
        return (*(self.content.origins if self.content is not None else ()), *self.header_origins)

    @property
    def body(self) -> Any:
        """The value of the body, None without one."""
        return self.content.value if self.content is not None else None


def replies(operation: Operation[Any]) -> st.SearchStrategy[DrawnReply]:
    """All that the contract documents, each status as often as the others."""
    return st.one_of([_replies(operation, key, reply) for key, reply in operation.replies.items()])


def is_error(operation: Operation[Any], reply: DrawnReply) -> bool:
    """Whether the caller gets a reply as a raised error.

    `default` stands for a success where no other is documented.
    """
    if reply.key not in operation.errors:
        return False
    return reply.status // 100 != 2 or any(key.startswith("2") for key in operation.replies)


def plain_reply(operation: Operation[Any]) -> DrawnReply:
    """Some reply for a handler to give where the arguments are what matters."""
    answer = successes(operation)[0]
    status = answer.status or 200
    key = documented(status, operation.replies)
    codecs = reply_media(operation, key) if key is not None else ()
    if key is None or not codecs:
        return DrawnReply(key or "", status, None, answer.headers)

    is_stream = codecs[0].is_stream
    content = Content(concrete_type(codecs[0]), [] if is_stream else answer.body, is_stream)
    return DrawnReply(key, status, content, answer.headers)


def _replies(operation: Operation[Any], key: str, reply: Reply) -> st.SearchStrategy[DrawnReply]:
    codecs = reply_media(operation, key)
    bodies: list[st.SearchStrategy[Content | None]] = [contents(codec) for codec in codecs] or [
        st.none()
    ]

    # The value that a blank body stands for is drawn rarely by itself, so it is a choice of its
    # own.
    if codecs and reply.empty is not MISSING:
        blank = Content(codecs[0].media_type, of_media(codecs[0]).convert(reply.empty))
        bodies.append(st.just(blank))

    @st.composite
    def drawn_reply(draw: st.DrawFn) -> DrawnReply:
        status = draw(st.sampled_from(_statuses(operation, key, has_body=bool(codecs))))
        origins = draw(_headers(operation, key, reply.headers))
        headers = {name: origin.value for name, origin in origins.items()}
        complete = DrawnReply(
            key, status, draw(st.one_of(bodies)), headers, header_origins=tuple(origins.values())
        )
        form: ReplyForm = draw(st.sampled_from(_forms(operation, complete)))
        return replace(complete, form=form)

    return drawn_reply() if _statuses(operation, key, has_body=bool(codecs)) else st.nothing()


def _statuses(operation: Operation[Any], key: str, *, has_body: bool) -> list[int]:
    """The statuses that this key documents, and no better one."""
    return [
        status
        # 1xx are HTTP's own (RFC 9110 §15.2), and no reply of a handler.
        for status in range(200, 600)
        if documented(status, operation.replies) == key
        and not (has_body and status in _WITHOUT_BODY)
    ]


def _forms(operation: Operation[Any], reply: DrawnReply) -> list[ReplyForm]:
    if is_error(operation, reply):
        return ["response", "raised"] if _says_itself(operation, reply) else ["response"]
    successes = [key for key in operation.replies if key.startswith("2")] or ["default"]
    is_only = successes == [reply.key] and reply.status == (
        int(reply.key) if reply.key.isdigit() else 200
    )
    return (
        ["response", "value"]
        if is_only and not reply.headers and _says_itself(operation, reply)
        else ["response"]
    )


def _says_itself(operation: Operation[Any], reply: DrawnReply) -> bool:
    """Whether the media type need not be named."""
    media = operation.replies[reply.key].media
    return len(media) <= 1 and not any("*" in item.media_type for item in media)


def _headers(
    operation: Operation[Any], key: str, headers: Iterable[ResponseHeader]
) -> st.SearchStrategy[dict[str, Origin]]:
    contract = load_contract(operation.api)
    required: dict[str, Any] = {}
    optional: dict[str, Any] = {}

    for index, header in enumerate(headers):
        codec = header_codec(operation, key, header)
        drawn = header_values(contract, codec.pointer).filter(
            lambda value: value is not None
        )  # that leaves it out
        conversion = of_type(
            operation.api, header.type, f"{{operation}}.replies[{key!r}].headers[{index}].type"
        )
        (required if header.required else optional)[header.wire_name] = drawn.map(
            partial(Origin.draw, f"header {header.wire_name}", conversion=conversion)
        )

    return st.fixed_dictionaries(required, optional=optional)
